internal import EventLog
internal import JSON
internal import LMDB

/// How facts and lookups stand in a view's database.
///
/// Key: 1 for a fact, 2 for a lookup (1 byte); the object, or key, zero byte and object; a zero byte; position (8, big-endian);
/// ordinal (2, big-endian). Value of a fact: origin (8), recorded (8), kind (1), number of values (1), then for each value its
/// kind (1), length (2) and bytes, or, for values that facts of an entry have in common, 4, how many, and the number of their block,
/// or, for values that are missing, 3 and how many more are after it (2);
/// of a lookup: origin (8). A block stands in a database of its own, under position (8, big-endian) and number (1). Integers little-endian where nothing else is said.
enum FactRow {
    enum Table: UInt8, CaseIterable {
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
        /// Several values, which stand in a block of their own: how many (1), the number of the block (1).
        case shared = 4
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

    /// The key of a block of values.
    static func writeKey(shared position: Position, _ number: UInt8, to key: inout [UInt8]) {
        key.removeAll(keepingCapacity: true)
        key.append(bigEndian: position)
        key.append(number)
    }

    /// Appends values that are missing, if there are any.
    @inline(__always)
    static func append(missing count: inout Int, to row: inout [UInt8]) {
        guard count > 0 else { return }
        row.append(ValueKind.missing.rawValue)
        row.append(littleEndian: UInt16(truncatingIfNeeded: count - 1))
        count = 0
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
    private(set) var values: [Value]

    /// Leaves of its values only those with some numbers.
    mutating func keep(_ numbers: Set<Int>) {
        for index in values.indices where !numbers.contains(index) { values[index] = .given(.missing) }
    }

    var hasReferences: Bool {
        values.contains { if case .reference = $0 { true } else { false } }
    }

    /// The pointers of its references.
    var references: [String] {
        values.compactMap { if case .reference(let pointer) = $0 { pointer } else { nil } }
    }

    /// - Parameter shared: The bytes of a block of values; nil if there is none.
    /// - Returns: nil if the row is none.
    init?(
        _ key: Span<UInt8>, _ row: Span<UInt8>, shared: (_ position: Position, _ number: UInt8) -> [UInt8]?
    ) {
        guard key.count > FactRow.tailBytes, row.count >= FactRow.headBytes else { return nil }
        (position, ordinal) = FactRow.place(key)
        origin = row.littleEndianWord(at: 0)
        recorded = Timestamp(microseconds: Int64(bitPattern: row.littleEndianWord(at: 8)))
        kind = row[16]
        var values: [Value] = []
        let count = Int(row[17])
        values.reserveCapacity(count)
        var at = FactRow.headBytes
        while values.count < count {
            guard at + 3 <= row.count else { return nil }
            if row[at] == FactRow.ValueKind.shared.rawValue {
                let (together, number) = (Int(row[at + 1]), row[at + 2])
                at += 3
                guard together > 0, let block = shared(position, number) else { return nil }
                let wanted = values.count + together
                var place = 0
                while values.count < wanted {
                    guard Self.append(block.span, &place, to: &values) else { return nil }
                }
                guard values.count == wanted else { return nil }
            } else {
                guard Self.append(row, &at, to: &values) else { return nil }
            }
        }
        guard values.count == count else { return nil }
        self.values = values
    }

    /// Reads a value, or several that are missing; false if there is none.
    private static func append(_ row: Span<UInt8>, _ at: inout Int, to values: inout [Value]) -> Bool {
        guard at + 3 <= row.count, row[at] == FactRow.ValueKind.missing.rawValue else {
            guard let value = value(row, &at) else { return false }
            values.append(value)
            return true
        }
        let count = 1 + Int(row.littleEndianQuarter(at: at + 1))
        guard count <= ViewLimits.valuesPerFact else { return false }
        values.append(contentsOf: repeatElement(.given(.missing), count: count))
        at += 3
        return true
    }

    /// Reads a value; nil if there is none.
    private static func value(_ row: Span<UInt8>, _ at: inout Int) -> Value? {
        guard at + 3 <= row.count, let kind = FactRow.ValueKind(rawValue: row[at]) else { return nil }
        let (start, length) = (at + 3, Int(row.littleEndianQuarter(at: at + 1)))
        guard start + length <= row.count else { return nil }
        at = start + length
        switch kind {
        case .json: return .given(.json(row.copied(from: start, to: at)))
        case .text: return .given(.json(quoted(row.copied(from: start, to: at))))
        case .reference: return .reference(String(decoding: row.copied(from: start, to: at), as: UTF8.self))
        case .missing, .shared: return nil
        }
    }

    private static func quoted(_ text: [UInt8]) -> [UInt8] {
        var json: [UInt8] = []
        JSONText.appendQuoted(text.span, to: &json)
        return json
    }
}
