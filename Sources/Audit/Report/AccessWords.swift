internal import EventLog
internal import Exchange

/// An access record in words.
struct AccessWords {
    let reader: String
    let basis: String
    /// Each as type and pointer.
    let fields: [String]
    let positions: String

    init(_ record: AccessRecord) {
        reader = record.reader.agency ?? record.reader.kind.rawValue
        basis =
            switch record.basis {
            case .denied: "denied"
            case .disclosed(.owner): "owner"
            case .disclosed(.sender): "sender"
            case .disclosed(.sharingClass): "class"
            case .disclosed(.rule(let id)): "rule \(id)"
            case .disclosed(.grant(let position)): "grant \(position)"
            }
        switch record.extent {
        case .accessRecords(let range):
            fields = ["access records"]
            positions = Self.text(range)
        case .fields(let named, let ranges):
            fields = named.map {
                "\(MiningVocabulary.name(ofType: $0.type)) \($0.pointer.isEmpty ? "(whole)" : $0.pointer)"
            }
            positions = ranges.map(Self.text).joined(separator: ", ")
        }
    }

    private static func text(_ range: ClosedRange<Position>) -> String {
        range.count == 1 ? "\(range.lowerBound)" : "\(range.lowerBound)–\(range.upperBound)"
    }
}
