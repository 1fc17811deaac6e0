import Audit
import Clearance
import EventLog
import Exchange

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

    static func show(_ sightings: [Sighting]) {
        let rows = sightings.flatMap { sighting -> [[String]] in
            let seen = sighting.isSeen.map { $0 ? "seen" : "stub" } ?? ""
            let what = sighting.type.map { "\(sighting.agency ?? "") \($0)" } ?? "(sealed)"
            guard !sighting.fields.isEmpty else { return [["\(sighting.position)", what, seen, "", "", ""]] }
            return sighting.fields.map { field in
                [
                    "\(sighting.position)", what, seen, field.pointer.isEmpty ? "(whole)" : field.pointer, by(field),
                    value(field),
                ]
            }
        }
        ViewTable(titles: ["POSITION", "WHAT", "ENTRY", "FIELD", "COULD SEE", "VALUE"], rows: rows)
            .print(orElse: "Nothing that you may be told of.")
    }

    private static func by(_ field: Sighting.Field) -> String {
        switch field.basis {
        case .opened(.owner): "yes, as owner"
        case .opened(.sender): "yes, as sender"
        case .opened(.sharingClass): "yes, by class \(field.sharingClass.rawValue)"
        case .opened(.rule(let id)): "yes, by rule \(id)"
        case .opened(.grant(let position)): "yes, by grant \(position)"
        case .prohibited(let id): "no, by prohibition \(id)"
        case .nothing: "no"
        }
    }

    private static func value(_ field: Sighting.Field) -> String {
        switch field.value {
        case .json(let json): text(json)
        case .withheld: "(not for you)"
        case .erased: "(erased)"
        case .lost: "(lost)"
        case .missing: "–"
        case nil: ""
        }
    }

    static func show(_ frame: ReplayFrame) {
        Output.standard.writeLine(
            Terminal.coloured("\(frame.position)", .bold) + "  \(frame.recorded)  \(frame.agency)  \(frame.type)")
        for change in frame.difference.changes where !change.path.hasPrefix("steps[") {
            let was = text(change.was)
            Output.standard.writeLine(
                "  " + Terminal.coloured(Terminal.plain(change.path), .name) + "  "
                    + Terminal.plain((was.isEmpty ? "" : was + " → ") + (change.is == nil ? "gone" : text(change.is))))
        }
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
