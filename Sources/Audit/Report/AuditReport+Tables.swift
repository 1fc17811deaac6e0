internal import EventLog
internal import Exchange
internal import JSON
internal import Transparency

/// The tables of the page.
extension AuditReport {
    func writeEvents(to html: inout HTMLWriter) {
        heading("Events", "事件", "events", to: &html)
        guard !events.isEmpty else { return html.raw("<p>No event is shown.</p>\n") }
        html.table(
            "In the order of the log", ["Position", "Happened", "Recorded", "Agency", "Event", "What it says"],
            class: "events")
        for event in events {
            html.row(
                [
                    { $0.raw("\(event.position)") },
                    { html in Self.write(event.occurred, "not said", to: &html) },
                    { html in
                        let isLate = event.recorded.microseconds - event.moment.microseconds >= 60_000_000
                        html.raw(isLate ? "<span class=\"late\">" : "<span>")
                        Self.write(event.recorded, "", to: &html)
                        html.raw("</span>")
                    },
                    { $0.text(event.agency) }, { writeName(of: event, to: &$0) },
                    { Self.writeContent(of: event, to: &$0) },
                ], id: "e\(event.position)")
        }
        html.endTable()
    }

    private static func write(_ time: Timestamp?, _ otherwise: String, to html: inout HTMLWriter) {
        guard let time else { return html.raw("<span class=\"faint\">\(otherwise)</span>") }
        let local = LocalTime(time)
        html.raw("<span class=\"time\">\(local.day)</span> <span class=\"time\">\(local.clock)</span>")
    }

    private func writeName(of event: AuditedEvent, to html: inout HTMLWriter) {
        if let title = titles[event.type] {
            html.text(title.english)
            html.raw(" <span class=\"zh\" lang=\"zh\">")
            html.text(title.chinese)
            html.raw("</span><br>")
        }
        html.element("span class=\"mono faint\"", event.type)
        for position in event.correctedBy {
            html.raw("<br><span class=\"bad\">corrected by <a href=\"#e\(position)\">\(position)</a></span>")
        }
        for position in event.corrects {
            html.raw("<br><span class=\"bad\">corrects <a href=\"#e\(position)\">\(position)</a></span>")
        }
    }

    private static func writeContent(of event: AuditedEvent, to html: inout HTMLWriter) {
        let content = EventContent(event.data)
        for (index, (path, value)) in content.lines.enumerated() {
            if index > 0 { html.raw("; ") }
            html.element("span class=\"k\"", path)
            html.raw(" <bdi>")
            html.text(value)
            html.raw("</bdi>")
        }
        if content.more > 0 { html.raw(" <span class=\"faint\">and \(content.more) more</span>") }
        for (reason, pointers) in withheld(of: event) {
            html.raw("<br><span class=\"faint\">withheld ")
            html.element("span class=\"mono\"", pointers.joined(separator: " "))
            html.text(" (\(reason.sharingClass.rawValue), \(reason.compartment), owner \(reason.owner))")
            html.raw("</span>")
        }
        for field in event.gone {
            html.raw("<br><span class=\"late\">")
            html.text("\(field.pointer) \(field.cause.rawValue)")
            html.raw("</span>")
        }
    }

    /// The fields that are withheld, by the reason; what is in one that is withheld is not named again.
    private static func withheld(of event: AuditedEvent) -> [(reason: WithholdingReason, pointers: [String])] {
        var groups: [(reason: WithholdingReason, pointers: [String])] = []
        let all = event.withheld.map(\.pointer)
        for field in event.withheld {
            guard !all.contains(where: { field.pointer.hasPrefix($0 + "/") }) else { continue }
            let name = field.pointer.isEmpty ? "(whole)" : field.pointer
            if let at = groups.firstIndex(where: { $0.reason == field.reason }) {
                groups[at].pointers.append(name)
            } else {
                groups.append((field.reason, [name]))
            }
        }
        return groups
    }

    func writeDecisions(to html: inout HTMLWriter) {
        heading("Decisions", "决定", "decisions", to: &html)
        let decided = events.filter { decisions[$0.position] != nil }
        guard !decided.isEmpty else { return html.raw("<p>None is shown.</p>\n") }
        html.raw(
            "<p class=\"faint\">The power is that of the charter by which the agency might append the event when it did; the item is what the event itself cites of the power list (权力清单). "
                + "Rules are those that the port's book binds such an event by. It rests on the events that it names.</p>\n"
        )
        html.table(
            "Each decision with its power, rules and inputs",
            ["Position", "Decision", "Power", "Item cited", "Rules", "Rests on"])
        for event in decided {
            guard let account = decisions[event.position] else { continue }
            html.row([
                { $0.raw("<a href=\"#e\(event.position)\">\(event.position)</a>") },
                { html in
                    html.text("\(event.agency) \(event.type)")
                    for name in ["result", "decision", "outcome", "conclusion", "condition", "channel"] {
                        guard let value = event.data?[name]?.string else { continue }
                        html.raw("<br>")
                        html.element("span class=\"k\"", name)
                        html.raw(" <bdi>")
                        html.text(value)
                        html.raw("</bdi>")
                    }
                },
                { html in
                    guard let power = account.power else { return html.raw("<span class=\"bad\">none</span>") }
                    html.text(power)
                },
                { $0.text(account.item ?? "–") },
                { html in
                    for (index, rule) in account.rules.enumerated() {
                        if index > 0 { html.raw("<br>") }
                        html.text("\(rule.name) \(rule.version)")
                    }
                },
                { html in
                    for (index, input) in account.inputs.enumerated() {
                        if index > 0 { html.raw("<br>") }
                        html.raw("<a href=\"#e\(input.position)\">\(input.position)</a> ")
                        html.element("span class=\"k\"", input.role)
                    }
                },
            ])
        }
        html.endTable()
        writeRules(to: &html)
    }

    private func writeRules(to html: inout HTMLWriter) {
        let rules = Set(decisions.values.flatMap(\.rules)).sorted { ($0.name, $0.version) < ($1.name, $1.version) }
        guard !rules.isEmpty else { return }
        html.table("What these rules require", ["Rule", "Version", "Requires"])
        for rule in rules {
            html.row([{ $0.text(rule.name) }, { $0.text("\(rule.version)") }, { $0.text(rule.requirement) }])
        }
        html.endTable()
    }

    func writeBreaches(to html: inout HTMLWriter) {
        heading("Breaches recorded", "违规记录", "breaches", to: &html)
        guard !breaches.isEmpty else {
            return html.raw("<p>None that this reader is told of. Breaches are sealed; auditors are told of all.</p>\n")
        }
        html.table(
            "Separation of selecting, inspecting and disposing; charges; other rules that record",
            ["Position", "Recorded", "Rule", "About", "Broken by", "Against"])
        for breach in breaches {
            html.row([
                { $0.raw("\(breach.position)") }, { Self.write(breach.recorded, "", to: &$0) },
                { $0.element("span class=\"bad\"", breach.rule) },
                { html in
                    html.raw("<bdi>")
                    html.text(breach.object)
                    html.raw("</bdi>")
                },
                { $0.text(breach.cause.map { "\($0)" } ?? "not in the log as it was") },
                { $0.text(breach.against.map { "\($0)" }.joined(separator: ", ")) },
            ])
        }
        html.endTable()
    }

    func writeCorrections(to html: inout HTMLWriter) {
        heading("Corrected", "更正", "corrections", to: &html)
        let corrections = events.filter { $0.type == "record.corrected" }
        guard !corrections.isEmpty else { return html.raw("<p>Nothing that is shown was corrected.</p>\n") }
        html.table(
            "Nothing is erased by a correction: both stand in the log",
            ["Position", "By", "Corrects", "Because", "Instead"])
        for event in corrections {
            html.row([
                { $0.raw("<a href=\"#e\(event.position)\">\(event.position)</a>") }, { $0.text(event.agency) },
                { html in
                    guard event.corrects.isEmpty else {
                        return html.raw(event.corrects.map { "<a href=\"#e\($0)\">\($0)</a>" }.joined(separator: ", "))
                    }
                    html.raw("<bdi>")
                    html.text(event.data?["event"]?.string ?? "")
                    html.raw("</bdi> <span class=\"faint\">(not shown)</span>")
                },
                { $0.text(event.data?["basis"]?.string ?? "–") },
                { $0.text((event.data?["correctives"]?.elements ?? []).compactMap(\.string).joined(separator: ", ")) },
            ])
        }
        html.endTable()
    }

    func writeAccesses(to html: inout HTMLWriter) {
        heading("Who saw classified fields, and why", "涉密字段查阅记录", "accesses", to: &html)
        switch accesses.telling {
        case .notTold:
            return html.raw("<p>This reader is not told. Auditors are, and owners of their own fields.</p>\n")
        case .nothingAnchored:
            return html.raw("<p>No access record had been anchored in the log by this position.</p>\n")
        case .told: break
        }
        html.raw(
            "<p class=\"faint\">Of the \(accesses.anchored) records that the log had anchored by this position; what this report itself disclosed is on record after them.</p>\n"
        )
        if accesses.isCut {
            html.raw(
                "<p class=\"bad\">There are more than \(records.count): the latest are shown. <code>sanhu who-saw</code> has the others.</p>\n"
            )
        }
        guard !records.isEmpty else { return html.raw("<p>Nobody, as far as this reader may know.</p>\n") }
        html.table("Access records", ["When", "Who", "Purpose", "Case", "Under", "Fields", "Positions"])
        for access in records {
            let words = AccessWords(access.record)
            html.row([
                { Self.write(access.record.to, "", to: &$0) },
                { $0.text(words.reader + (access.record.reader.role.map { " / \($0)" } ?? "")) },
                { html in
                    html.text(access.record.purpose ?? "–")
                    if access.record.isSecret { html.raw(" <span class=\"faint\">(secret)</span>") }
                },
                { html in
                    html.raw("<bdi>")
                    html.text(access.record.caseName ?? "–")
                    html.raw("</bdi>")
                },
                { html in
                    if words.basis == "denied" {
                        html.element("span class=\"bad\"", "denied")
                    } else {
                        html.text(words.basis)
                    }
                    if let owner = access.record.owner { html.text(", owner \(owner)") }
                },
                { $0.text(words.fields.joined(separator: ", ")) }, { $0.text(words.positions) },
            ])
        }
        html.endTable()
    }

    private var records: [Access] { accesses.records }

    /// The appendix: what anyone needs to check that the entries are in the log. There is nothing in it to follow.
    func writeProofs(to html: inout HTMLWriter) {
        heading("Appendix: proofs", "附录：证明", "proofs", to: &html)
        html.raw(
            "<p>The checkpoint is signed by the ledger's key. A leaf is SHA-256 of a byte 00 and the entry; with the hashes beside it, from its sibling up, it leads to the root (RFC 9162, 2.1.3.2). "
                + "The report in JSON has the entries themselves: <code>sanhu audit-verify REPORT.json --key KEY</code> checks all of it without the ledger.</p>\n<pre>"
        )
        for line in checkpoint.description.split(separator: "\n", omittingEmptySubsequences: false) {
            html.text(String(line))
            html.raw("\n")
        }
        html.raw("</pre>\n")
        guard !events.isEmpty else { return }
        html.table(
            "Inclusion of each entry shown in the tree of \(question.position)",
            ["Position", "Leaf", "Hashes to the root"], class: "proofs")
        for event in events {
            html.row([
                { $0.raw("\(event.position)") }, { $0.element("span class=\"mono\"", event.leaf.base64) },
                { $0.element("span class=\"mono\"", event.proof.map(\.base64).joined(separator: " ")) },
            ])
        }
        html.endTable()
    }
}
