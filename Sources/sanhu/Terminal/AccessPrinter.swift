import EventLog
import Exchange
import ExchangeProtocol
import JSON

/// Prints access records.
struct AccessPrinter {
    let format: WhoSaw.Format

    func print(_ accesses: [Access]) {
        switch format {
        case .json:
            for access in accesses {
                var json = JSONWriter()
                access.write(to: &json)
                json.endLine()
                Output.standard.write(json.bytes)
            }
        case .table: Self.writeTable(accesses)
        }
    }

    private static let titles = ["WHEN", "WHO", "PURPOSE", "CASE", "UNDER", "FIELDS", "POSITIONS"]

    private static func writeTable(_ accesses: [Access]) {
        guard !accesses.isEmpty else {
            Output.standard.writeLine("nobody, as far as you may know")
            return
        }
        let rows = [titles] + accesses.map(row)
        let widths = titles.indices.map { column in rows.map { Terminal.width($0[column]) }.max() ?? 0 }
        for (number, row) in rows.enumerated() {
            let cells = row.indices.map { column in
                let isLast = column == titles.count - 1
                return row[column]
                    + (isLast ? "" : String(repeating: " ", count: widths[column] - Terminal.width(row[column])))
            }
            let line = cells.joined(separator: "  ")
            Output.standard.writeLine(number == 0 ? Terminal.coloured(line, .faint) : line)
        }
    }

    private static func row(_ access: Access) -> [String] {
        let record = access.record
        let who = record.reader.agency ?? record.reader.kind.rawValue
        let secrecy = record.isSecret ? (access.isReleased ? " (released)" : " (secret)") : ""
        return [
            record.to.description, who + (record.reader.role.map { "/" + $0 } ?? ""), (record.purpose ?? "–") + secrecy,
            record.caseName ?? "–", basis(record.basis), fields(record.extent), positions(record.extent),
        ].map(Terminal.plain)
    }

    private static func basis(_ basis: AccessRecord.Basis) -> String {
        switch basis {
        case .denied: "denied"
        case .disclosed(.owner): "owner"
        case .disclosed(.sender): "sender"
        case .disclosed(.sharingClass): "class"
        case .disclosed(.rule(let id)): "rule \(id)"
        case .disclosed(.grant(let position)): "grant \(position)"
        }
    }

    private static func fields(_ extent: AccessRecord.Extent) -> String {
        guard case .fields(let fields, _) = extent, let first = fields.first else { return "access records" }
        let pointers = fields.map { $0.pointer.isEmpty ? "(whole)" : $0.pointer }.joined(separator: " ")
        return "\(first.type) \(pointers)"
    }

    private static func positions(_ extent: AccessRecord.Extent) -> String {
        switch extent {
        case .accessRecords(let range): text(range)
        case .fields(_, let ranges): ranges.map(text).joined(separator: ",")
        }
    }

    private static func text(_ range: ClosedRange<Position>) -> String {
        range.count == 1 ? "\(range.lowerBound)" : "\(range.lowerBound)-\(range.upperBound)"
    }
}
