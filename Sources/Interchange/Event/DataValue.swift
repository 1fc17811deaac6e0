import JSON

/// A value in the data of an event.
indirect enum DataValue: Hashable, Sendable {
    case text(String)

    /// A number as its digits; written as text if they are not a JSON number.
    case number(String)
    case flag(Bool)
    case list([DataValue])
    case record(DataRecord)

    func write(to writer: inout JSONWriter) {
        switch self {
        case .text(let text): writer.string(text)
        case .number(let digits):
            if !writer.number(digits) { writer.string(digits) }
        case .flag(let flag): writer.bool(flag)
        case .list(let values):
            writer.array { writer in
                for value in values { value.write(to: &writer) }
            }
        case .record(let record): record.write(to: &writer)
        }
    }
}
