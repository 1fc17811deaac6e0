package import EventLog
package import JSON

/// Receipts as they are written, on the command line and over HTTP: `{"appended":41}`, `{"duplicate":41}` or `{"erased":41}`.
package enum ReceiptText {
    /// Writes the member of a receipt into an object that is open.
    package static func write(_ receipt: Receipt, to json: inout JSONWriter) {
        json.member(name(of: receipt), Int64(clamping: receipt.position))
    }

    package static func name(of receipt: Receipt) -> String {
        switch receipt {
        case .appended: "appended"
        case .duplicate: "duplicate"
        case .erased: "erased"
        }
    }

    /// Reads a receipt; nil if the value is none.
    package static func receipt(_ value: JSONValue) -> Receipt? {
        func position(_ name: String) -> Position? { value[name]?.integer.flatMap { Position(exactly: $0) } }
        if let at = position("appended") { return .appended(at) }
        if let at = position("duplicate") { return .duplicate(at) }
        return position("erased").map { .erased($0) }
    }
}
