internal import EventLog
internal import Exchange
internal import JSON
internal import Transparency

extension AuditReport {
    /// The report as one page that needs neither network nor scripts: the same for the same report, byte for byte.
    package var html: [UInt8] {
        var html = HTMLWriter()
        html.raw("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
        html.raw("<meta http-equiv=\"Content-Security-Policy\" content=\"\(AuditStyle.policy)\">\n")
        html.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
        html.raw("<meta name=\"referrer\" content=\"no-referrer\">\n")
        html.element("title", "Audit report: \(subject)")
        html.raw("\n<style>\(AuditStyle.css)</style>\n</head>\n<body>\n<main>\n")
        writeHeading(to: &html)
        writeCounts(to: &html)
        writeTimeline(to: &html)
        writeEvents(to: &html)
        writeDecisions(to: &html)
        writeBreaches(to: &html)
        writeCorrections(to: &html)
        writeAccesses(to: &html)
        writeProofs(to: &html)
        html.raw("</main>\n</body>\n</html>\n")
        return html.bytes
    }

    /// What the report is about.
    private var subject: String {
        switch question.subject {
        case .object(let tag): return tag.text
        case .period(let from, let to, let port):
            let place = port.map { ", port \($0)" } ?? ""
            return "\(LocalTime(from).text) to \(LocalTime(to).text)\(place)"
        }
    }

    func heading(_ english: String, _ chinese: String, _ id: String, to html: inout HTMLWriter) {
        html.raw("<h2 id=\"\(id)\">\(english) <span class=\"zh\" lang=\"zh\">\(chinese)</span></h2>\n")
    }

    private func writeHeading(to html: inout HTMLWriter) {
        html.raw("<h1>Audit report <span class=\"zh\" lang=\"zh\">稽查报告</span><br><bdi>")
        html.text(subject)
        html.raw("</bdi></h1>\n<dl class=\"head\">\n")
        func line(_ title: String, _ chinese: String, _ value: String) {
            html.raw("<dt>\(title) <span class=\"zh\" lang=\"zh\">\(chinese)</span></dt><dd><bdi>")
            html.text(value)
            html.raw("</bdi></dd>\n")
        }
        line("Ledger", "账本", origin)
        line(
            "As of position", "截至位置",
            "\(question.position)" + (time.map { ", recorded until \(LocalTime($0).text)" } ?? ""))
        line("Root of the log", "日志根", root.base64)
        let role = reader.role.map { " as \($0)" } ?? ""
        line("Read by", "读取者", "\(name(of: reader.agency ?? reader.kind.rawValue))\(role), \(kind.rawValue)")
        if let purpose = reader.purpose { line("Purpose", "用途", purpose) }
        if let caseName = reader.caseName { line("Case", "案件", caseName) }
        if let charter { line("Charter", "章程", "as amended at position \(charter)") }
        line(
            "Events", "事件",
            rest == nil
                ? "\(events.count), all shown"
                : "\(total), of which \(events.count) are shown: the first, and what corrects or breaks a rule")
        if let stubs, stubs > 0 {
            line("Not told", "不予知悉", "\(stubs) entries, of which this reader is told only that they are there")
        }
        let withheld = events.reduce(0) { $0 + $1.withheld.count }
        if withheld > 0 { line("Withheld fields", "不予披露字段", "\(withheld), named beside their events") }
        html.raw("</dl>\n<p class=\"faint\">Times are those of the port (+08:00). ")
        if let rest {
            html.raw("What stands from position \(rest) on is counted below and not shown: ask for a part of it")
            switch question.subject {
            case .object: html.raw(" (<code>sanhu read --tag</code> with <code>--from \(rest)</code>)")
            case .period: html.raw(", by a shorter time")
            }
            html.raw(". ")
        }
        if isBesideCut {
            html.raw("<span class=\"bad\">There are more corrections or breaches than are shown.</span> ")
        }
        html.raw("The appendix proves each entry shown.</p>\n")
    }

    /// An agency by its code and what the charter calls it.
    func name(of agency: String) -> String { agencies[agency].map { "\(agency) \($0)" } ?? agency }

    private func writeCounts(to html: inout HTMLWriter) {
        heading("Who did what", "各部门事件", "counts", to: &html)
        guard !counts.isEmpty else { return html.raw("<p>Nothing that this reader sees.</p>\n") }
        html.table("Events by agency and type", ["Agency", "Events", "Types"])
        for agency in Set(counts.map(\.agency)).sorted() {
            let own = counts.filter { $0.agency == agency }
            html.row([
                { $0.text(name(of: agency)) }, { $0.text("\(own.reduce(0) { $0 + $1.events })") },
                { html in
                    for (index, count) in own.enumerated() {
                        if index > 0 { html.raw(", ") }
                        html.text(count.events == 1 ? count.type : "\(count.type) × \(count.events)")
                    }
                },
            ])
        }
        html.endTable()
    }

    private func writeTimeline(to html: inout HTMLWriter) {
        heading("Timeline by agency", "时间线", "timeline", to: &html)
        if rest != nil { writeDays(to: &html) }
        guard !events.isEmpty else { return html.raw("<p>No event is shown.</p>\n") }
        html.raw(
            "<p class=\"faint\">A column for each event in the order in which they happened, whatever time lies between; a dashed line stands for six hours or more. "
                + "◆ decision, ● other event, ■ correction with an arrow to what it corrects, ▲ breach. ─┤ ends where an event was recorded that was told a minute or more after it happened.</p>\n"
        )
        AuditTimeline(self).write(to: &html)
    }

    /// How much each agency had recorded per day, where not all is shown one by one.
    private func writeDays(to html: inout HTMLWriter) {
        let names = Set(days.values.flatMap(\.keys)).sorted()
        html.table("Events recorded per day", ["Day"] + names.map(Self.escaped), class: "number")
        for (day, own) in days.sorted(by: { $0.key < $1.key }) {
            html.row([{ $0.text(day) }] + names.map { name in { $0.text(own[name].map { "\($0)" } ?? "") } })
        }
        html.endTable()
    }

    private static func escaped(_ text: String) -> String {
        var html = HTMLWriter()
        html.text(text)
        return String(decoding: html.bytes, as: UTF8.self)
    }
}
