internal import EventLog
internal import Exchange
internal import JSON
internal import Transparency

/// What stands beside the events: breaches, corrections, who looked, and the proofs.
extension AuditReport {
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
                { $0.raw("<a href=\"#e\(breach.position)\">\(breach.position)</a>") },
                { Self.write(breach.recorded, "", to: &$0) },
                { $0.element("span class=\"bad\"", breach.rule) },
                { html in
                    html.raw("<bdi>")
                    html.text(breach.object)
                    html.raw("</bdi>")
                },
                { html in
                    guard let cause = breach.cause else { return html.raw("not in the log as it was") }
                    link([cause], to: &html)
                },
                { link(breach.against, to: &$0) },
            ])
        }
        html.endTable()
    }

    /// Positions, those that are shown with a link to their events.
    private func link(_ positions: [Position], to html: inout HTMLWriter) {
        for (index, position) in positions.enumerated() {
            if index > 0 { html.raw(", ") }
            let isShown = events.contains { $0.position == position }
            html.raw(isShown ? "<a href=\"#e\(position)\">\(position)</a>" : "\(position)")
        }
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
                    guard event.corrects.isEmpty else { return link(event.corrects, to: &html) }
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
            "<p class=\"faint\">Of the \(accesses.anchored) records that the log had anchored by this position\(isPeriod ? ", those of this time, whatever the port" : ", those of the events shown"); what this report itself disclosed is on record after them.</p>\n"
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

    private var isPeriod: Bool { if case .period = question.subject { true } else { false } }

    /// The appendix: what anyone needs to check that the entries are in the log. There is nothing in it to follow.
    func writeProofs(to html: inout HTMLWriter) {
        heading("Appendix: proofs", "附录：证明", "proofs", to: &html)
        html.raw(
            "<p>The checkpoint is signed by the ledger's key. A leaf is SHA-256 of a byte 00 and the entry; with the hashes beside it, from its sibling up, it leads to the root (RFC 9162, 2.1.3.2). "
                + "The report in JSON has the entries themselves: <code>sanhu audit-verify REPORT.json --key KEY</code> checks these proofs without the ledger.</p>\n<pre>"
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
