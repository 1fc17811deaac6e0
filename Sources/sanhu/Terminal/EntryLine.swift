import EventLog
import Foundation
import JSON

/// One line about an entry, for a person.
struct EntryLine {
    /// The entry's position, when it happened, what, by whom, and what it is about.
    static func text(_ entry: Entry) -> String {
        guard let root = try? JSONDocument(parsing: entry.bytes).root else { return "\(entry.position)  (unreadable)" }
        let event = root["event"]
        let time = event?["time"]?.string ?? entry.recorded.description
        let type = event?["type"]?.string ?? "?"
        let name = type.hasPrefix("sanhu.") ? String(type.dropFirst("sanhu.".count)) : type
        let subject = event?["subject"]?.string
        let tags = (root["tags"]?.elements ?? []).compactMap(\.string).filter { $0 != subject }
        let position = String(entry.position)
        return [
            Terminal.coloured(String(repeating: " ", count: max(0, 8 - position.count)) + position, .faint),
            padded(moment(time), 25),
            Terminal.coloured(padded(name, 24), .name),
            padded(root["agency"]?.string ?? "?", 4),
            subject ?? "",
            Terminal.coloured(tags.joined(separator: " "), .faint),
        ].joined(separator: "  ")
    }

    /// A time without its fraction, with its zone.
    private static func moment(_ time: String) -> String {
        let zone = time.dropFirst(19).drop { $0 == "." || $0.isNumber }
        return String(time.prefix(19)).replacing("T", with: " ") + zone
    }

    private static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }
}
