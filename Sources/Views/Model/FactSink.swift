internal import EventLog
internal import LMDB

/// Where a map step puts what it makes of an entry. What is too much or too long makes the entry parked, whatever the map
/// step does then.
public struct FactSink: ~Copyable {
    var facts = RowLists()
    var lookups = RowLists()
    var tallies = TallySums()
    /// What went wrong with the entry at hand.
    private(set) var fault: MappingFault?
    private var position: Position = 0
    private var mayTally = false
    /// What the rows of the entry at hand begin with: the head of a row of ``RowLists``; origin and time of the entry; kind
    /// and number of values.
    private var head: [UInt8] = []
    private var ordinal = 0
    private var key: [UInt8] = []
    /// The values that facts have in common, and the set of fields of which the last block is.
    private(set) var shared = SharedValues()
    private var lastSet: FieldSet?

    init() {}

    mutating func begin(_ position: Position, _ recorded: Timestamp, origin: UInt64, mayTally: Bool) {
        (self.position, self.mayTally) = (position, mayTally)
        head.removeAll(keepingCapacity: true)
        head.append(bigEndian: position)
        head.append(littleEndian: UInt32(0))
        head.append(littleEndian: origin)
        head.append(littleEndian: recorded.microseconds)
        head.append(littleEndian: UInt16(0))
        ordinal = 0
        fault = nil
        lastSet = nil
    }

    /// Keeps what the entry at hand gave.
    @inline(__always)
    mutating func keep() {
        facts.keep()
        lookups.keep()
        tallies.keep()
        shared.keep()
    }

    /// Drops it.
    mutating func drop() {
        facts.drop()
        lookups.drop()
        tallies.drop()
        shared.drop()
    }

    /// Hands over all that was kept, and begins anew.
    mutating func take(
        of range: Range<Position>, _ origins: [Origin], _ parked: [MappedRange.Parked]
    ) -> MappedRange {
        MappedRange(
            range: range, facts: facts.pack(), lookups: lookups.pack(), shared: shared.take(), tallies: tallies.take(),
            origins: origins, parked: parked)
    }

    // MARK: Facts

    /// Says something about an object. What is added next belongs to it.
    ///
    /// - Parameters:
    ///   - object: `kind:value`, as a tag is written; at most ``ViewLimits/objectBytes`` bytes, no control characters.
    ///   - kind: To tell the kinds of facts of a view apart.
    public mutating func fact(about object: Span<UInt8>, kind: UInt8 = 0) {
        guard isName(object, "object", ViewLimits.objectBytes), takesRow() else { return }
        let head = numbered(kind)
        facts.begin(object, head.span)
        self.head = head
    }

    /// As the other, with the name as text.
    public mutating func fact(about object: String, kind: UInt8 = 0) { fact(about: object.utf8Span.span, kind: kind) }

    /// Adds a field of the entry to the fact: its value, or where it would stand if no reader of views may know.
    public mutating func add(_ entry: borrowing ViewEntry, _ path: FieldPath) {
        switch entry.field(path) {
        case .sealed: add(.reference, path.pointer.utf8Span.span)
        case .missing: add(.missing, Span())
        case let field:
            guard let json = entry.json(field) else { return }
            add(.json, json)
        }
    }

    /// Adds attributes and fields of the entry to the fact, as they are added one by one.
    public mutating func add(_ entry: borrowing ViewEntry, _ set: FieldSet) {
        if lastSet !== set {
            guard shared.newCount < SharedValues.mostPerEntry else {
                return refuse("It adds sets of fields more than \(SharedValues.mostPerEntry) times by turns.")
            }
            shared.begin(position) { entry.append(set, to: &$0) }
            lastSet = set
        }
        guard takesValues(set.count, bytes: shared.lastLength) else { return }
        facts.add(FactRow.ValueKind.shared.rawValue)
        facts.add(UInt8(truncatingIfNeeded: set.count))
        facts.add(UInt8(truncatingIfNeeded: shared.newCount - 1))
    }

    /// Adds a text to the fact, as UTF-8.
    public mutating func add(text: Span<UInt8>) { add(.text, text) }

    /// Adds a text to the fact.
    public mutating func add(text: String) { add(.text, text.utf8Span.span) }

    /// Adds an integer to the fact.
    public mutating func add(_ integer: Int64) { add(.json, String(integer).utf8Span.span) }

    private mutating func add(_ kind: FactRow.ValueKind, _ bytes: Span<UInt8>) {
        guard takesValues(1, bytes: 3 + bytes.count) else { return }
        facts.add(kind.rawValue)
        facts.add(littleEndian: UInt16(truncatingIfNeeded: bytes.count))
        facts.add(bytes)
    }

    /// Whether the fact that was begun last takes some values, which are counted then.
    private mutating func takesValues(_ count: Int, bytes: Int) -> Bool {
        guard fault == nil else { return false }
        guard facts.newCount > 0 else {
            refuse("A value was added before there was a fact.")
            return false
        }
        guard facts.lastLength + bytes <= FactRow.headBytes + ViewLimits.factBytes else {
            refuse("The values of a fact have more than \(ViewLimits.factBytes) bytes.")
            return false
        }
        guard facts.countValues(count, at: FactRow.headBytes - 1, atMost: ViewLimits.valuesPerFact) else {
            refuse("A fact has more than \(ViewLimits.valuesPerFact) values.")
            return false
        }
        return true
    }

    // MARK: Lookups

    /// The head of a row, and the origin.
    private static let lookupBytes = RowLists.headBytes + 8

    /// Lets an object be found by a key, by whoever sees the entry.
    ///
    /// - Parameter key: At most ``ViewLimits/lookupBytes`` bytes, no control characters.
    public mutating func lookup(_ key: Span<UInt8>, finds object: Span<UInt8>) {
        guard isName(key, "lookup", ViewLimits.lookupBytes), isName(object, "object", ViewLimits.objectBytes),
            takesRow()
        else { return }
        var name: [UInt8] = []
        swap(&name, &self.key)
        name.removeAll(keepingCapacity: true)
        name.append(copying: key)
        name.append(0)
        name.append(copying: object)
        let head = numbered(0)
        lookups.begin(name.span, head.span.extracting(0..<Self.lookupBytes))
        self.head = head
        swap(&name, &self.key)
    }

    // MARK: Tallies

    /// Adds a number to a key, if every authority sees the entry; else nothing happens.
    ///
    /// - Parameter parts: The key, in parts that stand one after another with a space between.
    public mutating func tally(_ amount: Int64 = 1, _ first: Span<UInt8>, _ second: Span<UInt8> = Span()) {
        guard mayTally else { return }
        var name: [UInt8] = []
        swap(&name, &key)
        name.removeAll(keepingCapacity: true)
        name.append(copying: first)
        if !second.isEmpty {
            name.append(UInt8(ascii: " "))
            name.append(copying: second)
        }
        defer { swap(&name, &key) }
        guard !name.isEmpty, name.count <= ViewLimits.tallyBytes else {
            return refuse("The key of a tally has \(name.count) bytes; it must have 1 to \(ViewLimits.tallyBytes).")
        }
        guard takesRow() else { return }
        if !tallies.add(amount, to: name.span) { refuse("The key of a tally holds a control character.") }
    }

    // MARK: Limits

    /// What the next row begins with, which has its number within the entry. It is to be given back, so that there is no copy.
    @inline(__always)
    private mutating func numbered(_ kind: UInt8) -> [UInt8] {
        var head: [UInt8] = []
        swap(&head, &self.head)
        head[RowLists.placeBytes - 2] = UInt8(truncatingIfNeeded: ordinal >> 8)
        head[RowLists.placeBytes - 1] = UInt8(truncatingIfNeeded: ordinal)
        head[RowLists.headBytes + FactRow.headBytes - 2] = kind
        ordinal += 1
        return head
    }

    private mutating func refuse(_ reason: String) {
        if fault == nil { fault = MappingFault(reason) }
    }

    private mutating func takesRow() -> Bool {
        guard fault == nil else { return false }
        guard facts.newCount + lookups.newCount + tallies.newCount < ViewLimits.rowsPerEntry else {
            refuse("It gives more than \(ViewLimits.rowsPerEntry) facts, lookups and tallies.")
            return false
        }
        return true
    }

    private mutating func isName(_ bytes: Span<UInt8>, _ what: String, _ limit: Int) -> Bool {
        guard !bytes.isEmpty, bytes.count <= limit else {
            refuse("The name of a \(what) has \(bytes.count) bytes; it must have 1 to \(limit).")
            return false
        }
        for at in bytes.indices where bytes[at] < 0x20 {
            refuse("The name of a \(what) holds a control character.")
            return false
        }
        return true
    }
}
