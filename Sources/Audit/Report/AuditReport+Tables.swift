internal import EventLog
internal import Exchange
internal import JSON

/// The tables of events and decisions.
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

    static func write(_ time: Timestamp?, _ otherwise: String, to html: inout HTMLWriter) {
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
}
