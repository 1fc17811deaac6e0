import Clearance
import JSON

/// Boards as a person reads them: a table of the rows.
enum BoardPrinter {
    private struct Column {
        let title: String
        let text: (JSONValue) -> String

        init(_ title: String, _ text: @escaping (JSONValue) -> String) { (self.title, self.text) = (title, text) }

        /// A member as it is, or whom to ask for it.
        init(_ title: String, _ name: String) { self.init(title) { BoardPrinter.text($0, name) } }
    }

    static func show(_ board: BoardKind, _ page: BoardPage) throws {
        Output.standard.writeLine(Terminal.coloured("\(board.title) \(board.rawValue)", .bold))
        let columns = columns(of: board)
        let cells = try page.rows.map { row in
            let root = try JSONDocument(parsing: row.json).root
            return columns.map { $0.text(root) }
        }
        ViewTable(titles: columns.map(\.title), rows: cells).print(orElse: "Nothing, as far as you may know.")
        if let next = page.next { Output.standard.writeLine("There is more: --after \(Terminal.plain(next))") }
    }

    private static func columns(of board: BoardKind) -> [Column] {
        let object = Column("OBJECT", "object")
        switch board {
        case .receipts:
            return [
                object, Column("STATUS", "status"), Column("UNTOLD", "untold"),
                Column("ASKED") { list($0["asked"]) { "\(text($0, "what")) \(text($0, "until"))" } },
                Column("AGENCIES") { row in
                    (row["agencies"]?.members ?? []).map { "\($0.0): \($0.1.string ?? "")" }.joined(separator: ", ")
                },
            ]
        case .inspections:
            return [
                object,
                Column("ORDERS") { list($0["orders"]) { "\(text($0, "agency")) \(text($0, "kind"))" } },
                Column("INSPECTIONS") { list($0["inspections"]) { text($0, "inspection") } },
                Column("PARTICIPANTS") { list($0["inspections"]) { list($0["participants"]) { $0.string ?? "" } } },
                Column("OPENINGS") { row in
                    (row["openings"]?.members ?? []).map { "\($0.0) ×\($0.1.integer ?? 0)" }.joined(separator: ", ")
                },
                Column("WITHOUT A DISPOSITION") { row in
                    let findings = (row["inspections"]?.elements ?? []).flatMap { $0["findings"]?.elements ?? [] }
                    return findings.filter { $0["outstanding"] != nil }
                        .map { "\(text($0, "finding")) by \(text($0, "outstanding"))" }.joined(separator: ", ")
                },
            ]
        case .inbox:
            return [
                object, Column("STATE", "state"), Column("KIND", "kind"), Column("BY", "agency"),
                Column("ASKED") { list($0["asked"]) { $0.string ?? "" } }, Column("CASE", "case"),
                Column("DEADLINE", "deadline"), Column("SUBJECT", "subject"),
                Column("DISCLOSES") { list($0["discloses"]?["objects"]) { $0.string ?? "" } },
            ]
        case .risk:
            return [
                object, Column("AGENCIES") { list($0["agencies"]) { $0.string ?? "" } },
                Column("FLAGS") {
                    list($0["flags"]) { "\(text($0, "agency")) \(text($0, "action")) \(text($0, "state"))" }
                },
                Column("RULES") { list($0["flags"]) { text($0, "rule") } },
                Column("INTELLIGENCE") { list($0["intelligence"]) { "\(text($0, "agency")) \(text($0, "grading"))" } },
                Column("ORDERS") { list($0["orders"]) { "\(text($0, "agency")) \(text($0, "kind"))" } },
            ]
        case .guarantees:
            return [
                object, Column("VALID UNTIL", "validUntil"), Column("LIMIT", "limit"), Column("SECURED", "secured"),
                Column("FREED", "freed"), Column("LEFT", "left"), Column("OVERDUE", "overdue"),
            ]
        case .credit:
            return [
                object, Column("ON", "on"),
                Column("RATINGS") {
                    list($0["ratings"]) { "\(text($0, "agency")) \(text($0, "scheme")) \(text($0, "rating"))" }
                },
                Column("DISAGREEING") { list($0["divergent"]) { $0.string ?? "" } },
                Column("VIOLATIONS") { list($0["violations"]) { "\(text($0, "agency")) \(text($0, "kind"))" } },
                Column("PUBLISHED", "published"),
            ]
        case .incidents:
            return [
                object, Column("STATE", "state"), Column("LEVEL", "level"), Column("KIND", "kind"),
                Column("ACKNOWLEDGED") {
                    list($0["acknowledged"]) { "\(text($0, "agency")) \(text($0, "seconds")) s" }
                },
                Column("NOT YET") { list($0["outstanding"]) { $0.string ?? "" } },
                Column("SECONDS TO ALL", "secondsToAll"),
            ]
        }
    }

    private static func list(_ values: JSONValue?, _ text: (JSONValue) -> String) -> String {
        (values?.elements ?? []).map { text($0).trimmed }.joined(separator: ", ")
    }

    /// A member: a text as such, a sum of money as people write it; or that it is withheld, and whom to ask.
    private static func text(_ value: JSONValue, _ name: String) -> String {
        if let reason = value["withheld"]?[name] {
            return HiddenText.withheld(reason["class"]?.string ?? "", owner: reason["owner"]?.string ?? "")
        }
        if let gone = value["gone"]?[name]?.string { return gone }
        guard let found = value[name] else { return "" }
        if let amount = found["amount"], let currency = found["currency"]?.string {
            return "\(String(decoding: amount.text, as: UTF8.self)) \(currency)"
        }
        return found.string ?? String(decoding: found.text, as: UTF8.self)
    }
}

extension String {
    fileprivate var trimmed: String { split(separator: " ").joined(separator: " ") }
}

/// How a table marks what its reader may not see.
enum HiddenText {
    static func withheld(_ sharingClass: String, owner: String) -> String { "▒ (\(sharingClass), ask \(owner))" }
}
