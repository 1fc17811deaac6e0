import Audit
import Clearance
import EventLog

/// Replays as a person reads them.
enum ReplayPrinter {
    /// By which events what was true and what was known then differ, and where.
    static func showDeviations(_ answer: ReplayAnswer) {
        section("Otherwise than it was known then, because of")
        let rows = (answer.account?.deviations ?? []).map { deviation in
            ["\(deviation.position)", deviation.cause.rawValue, deviation.by.map { "by \($0)" } ?? ""]
        }
        ViewTable(titles: ["POSITION", "CAUSE", "TAKEN BACK"], rows: rows).print(orElse: "Nothing.")
        if let otherwise = answer.otherwise, !otherwise.changes.isEmpty {
            section("Known then, and true")
            show(otherwise, titles: ["WHERE", "WHAT", "KNOWN THEN", "TRUE"])
        }
    }

    static func show(_ difference: ReplayDifference) {
        section("What came between")
        let rows = difference.events.map { event in
            [
                (event.hasCome ? "+" : "−") + "\(event.position)", event.recorded, event.agency, event.type,
            ]
        }
        ViewTable(titles: ["POSITION", "RECORDED", "BY", "WHAT"], rows: rows)
            .print(orElse: "No event about it, as far as you may know.")
        section("What is otherwise")
        show(difference.difference, titles: ["WHERE", "WHAT", "WAS", "IS"])
    }

    private static func show(_ difference: Difference, titles: [String]) {
        let rows = difference.changes.map { change in
            [change.path, change.kind.rawValue, text(change.was), text(change.is)]
        }
        ViewTable(titles: titles, rows: rows).print(orElse: "Nothing.")
    }

    private static func text(_ json: [UInt8]?) -> String {
        guard let json else { return "" }
        let text = String(decoding: json, as: UTF8.self)
        return text.count > 60 ? text.prefix(59) + "…" : text
    }

    private static func section(_ title: String) {
        Output.standard.writeLine("")
        Output.standard.writeLine(Terminal.coloured(title, .name))
    }
}
