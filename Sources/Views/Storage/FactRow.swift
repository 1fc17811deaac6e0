internal import EventLog
internal import JSON
internal import LMDB

/// How facts and lookups stand in a view's database.
///
/// Key: 1 for a fact, 2 for a lookup (1 byte); the object, or key, zero byte and object; a zero byte; position (8, big-endian);
/// ordinal (2, big-endian). Value of a fact: origin (8), recorded (8), kind (1), number of values (1), then for each value its
/// kind (1), length (2) and bytes; of a lookup: origin (8). Integers little-endian where nothing else is said.
enum FactRow {
    enum Table: UInt8 {
        case fact = 1
        case lookup = 2
    }

    enum ValueKind: UInt8 {
        /// A value as JSON text.
        case json = 0
        /// A text as UTF-8.
        case text = 1
        /// A JSON Pointer into the data of the event.
        case reference = 2
        case missing = 3
    }

    /// How many bytes stand before the values.
    static let headBytes = 18
    /// How many bytes of a key stand after the name.
    static let tailBytes = 11

    static func writeKey(
        _ table: Table, _ name: Span<UInt8>, _ position: Position, _ ordinal: UInt16, to key: inout [UInt8]
    ) {
        key.removeAll(keepingCapacity: true)
        key.append(table.rawValue)
        key.append(copying: name)
        key.append(0)
        key.append(bigEndian: position)
        key.append(bigEndian: ordinal)
    }

    /// Appends a value to a row.
    @inline(__always)
    static func append(_ kind: ValueKind, _ bytes: Span<UInt8>, to row: inout [UInt8]) {
        row.append(kind.rawValue)
        row.append(littleEndian: UInt16(truncatingIfNeeded: bytes.count))
        row.append(copying: bytes)
    }

    /// What all keys of a name begin with.
    static func prefix(_ table: Table, _ name: Span<UInt8>) -> [UInt8] {
        var key = [table.rawValue]
        key.append(copying: name)
        key.append(0)
        return key
    }

    /// Position and ordinal at the end of a key.
    static func place(_ key: Span<UInt8>) -> (position: Position, ordinal: Int) {
        let start = key.count - 10
        return (
            key.littleEndianWord(at: start).byteSwapped, Int(key.littleEndianQuarter(at: start + 8).byteSwapped)
        )
    }
}

/// A fact as it is stored: its values as such or as references.
struct StoredFact {
    enum Value {
        case given(FactValue)
        case reference(String)
    }

    let position: Position
    let ordinal: Int
    let recorded: Timestamp
    let origin: UInt64
    let kind: UInt8
    let values: [Value]

    var hasReferences: Bool {
        values.contains { if case .reference = $0 { true } else { false } }
    }

    /// The pointers of its references.
    var references: [String] {
        values.compactMap { if case .reference(let pointer) = $0 { pointer } else { nil } }
    }

    /// - Returns: nil if the row is none.
    init?(_ key: Span<UInt8>, _ row: Span<UInt8>) {
        guard key.count > FactRow.tailBytes, row.count >= FactRow.headBytes else { return nil }
        (position, ordinal) = FactRow.place(key)
        origin = row.littleEndianWord(at: 0)
        recorded = Timestamp(microseconds: Int64(bitPattern: row.littleEndianWord(at: 8)))
        kind = row[16]
        var values: [Value] = []
        var at = FactRow.headBytes
        for _ in 0..<Int(row[17]) {
            guard at + 3 <= row.count, let valueKind = FactRow.ValueKind(rawValue: row[at]) else { return nil }
            let length = Int(row.littleEndianQuarter(at: at + 1))
            guard at + 3 + length <= row.count else { return nil }
            let bytes = row.copied(from: at + 3, to: at + 3 + length)
            switch valueKind {
            case .json: values.append(.given(.json(bytes)))
            case .text: values.append(.given(.json(Self.quoted(bytes))))
            case .missing: values.append(.given(.missing))
            case .reference: values.append(.reference(String(decoding: bytes, as: UTF8.self)))
            }
            at += 3 + length
        }
        self.values = values
    }

    private static func quoted(_ text: [UInt8]) -> [UInt8] {
        var json: [UInt8] = []
        JSONText.appendQuoted(text.span, to: &json)
        return json
    }
}
