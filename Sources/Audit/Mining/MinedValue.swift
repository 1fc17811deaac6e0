package import EventLog
internal import JSON

/// A value of an attribute, as process mining knows them.
package enum MinedValue: Sendable, Hashable {
    case text(String)
    case integer(Int64)
    /// A number as the event writes it.
    case decimal(String)
    case flag(Bool)
    case time(Timestamp)

    /// The types of attributes.
    package enum Kind: String, Sendable, Hashable {
        case text = "string"
        case integer
        case decimal = "float"
        case flag = "boolean"
        case time
    }

    /// The longest text that is taken, in bytes: codes are short, and what is longer is prose.
    static let longestText = 128

    /// - Returns: nil if the value is not of the kind: then it is left out.
    init?(_ value: JSONValue, _ kind: Kind) {
        switch kind {
        case .text:
            guard let text = value.string, !text.isEmpty, text.utf8.count <= Self.longestText else { return nil }
            self = .text(text)
        case .integer:
            guard let number = value.integer else { return nil }
            self = .integer(number)
        case .decimal:
            guard value.kind == .number || value.kind == .integer, value.text.count <= 40 else { return nil }
            self = .decimal(String(decoding: value.text, as: UTF8.self))
        case .flag:
            guard let flag = value.bool else { return nil }
            self = .flag(flag)
        case .time:
            guard let text = value.string, let time = Timestamp(text) else { return nil }
            self = .time(time)
        }
    }

    /// As JSON.
    func write(to writer: inout JSONWriter) {
        switch self {
        case .text(let text): writer.string(text)
        case .integer(let number): writer.integer(number)
        case .decimal(let digits): writer.raw(digits.utf8)
        case .flag(let flag): writer.bool(flag)
        case .time(let time): writer.string(time.description)
        }
    }

    /// As text.
    var text: String {
        switch self {
        case .text(let text): text
        case .integer(let number): "\(number)"
        case .decimal(let digits): digits
        case .flag(let flag): flag ? "true" : "false"
        case .time(let time): time.description
        }
    }
}
