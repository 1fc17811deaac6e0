public import EventLog

/// Who was given which classified fields, or was denied them at an explicit request, what for and why: what the access log
/// holds (`sanhu.access.recorded`).
///
/// A record is written before what it tells of leaves the ledger. Reading access records makes one record, never more: a
/// record tells either of entries of the log or of one reading of the access log (``Extent``), the first is made by
/// ``records(of:_:for:at:_:)``, which makes none for access records, the second by ``reading(_:for:at:)``, which makes one.
public struct AccessRecord: Sendable, Hashable {
    /// The type of its event.
    public static let eventType = "sanhu.access.recorded"
    /// The most fields in one record.
    public static let maximumFields = 32
    /// The most ranges of positions in one record.
    public static let maximumRanges = 512
    /// The most bytes of each of its texts, pointers apart.
    public static let maximumTextBytes = 200

    /// Why the fields were disclosed, or that they were not.
    public enum Basis: Sendable, Hashable {
        case disclosed(DisclosureBasis)
        /// The reader asked for them by name and was denied.
        case denied
    }

    /// A marked field of an event type; the empty pointer is the whole event.
    public struct AccessedField: Sendable, Hashable, Comparable {
        public let type: String
        public let pointer: String

        public init(type: String, pointer: String) {
            self.type = type
            self.pointer = pointer
        }

        public static func < (left: AccessedField, right: AccessedField) -> Bool {
            (left.type, left.pointer) < (right.type, right.pointer)
        }
    }

    /// What was read.
    public enum Extent: Sendable, Hashable {
        /// Fields of entries of the log, at the positions given. Sorted, without repetitions; the ranges do not touch.
        case fields([AccessedField], at: [ClosedRange<Position>])
        /// Access records, somewhere in this range of the access log.
        case accessRecords(ClosedRange<Position>)
    }

    /// Who read, as what; without the tags that name it.
    public struct Accessor: Sendable, Hashable {
        public let kind: ReaderKind
        public let agency: String?
        public let role: String?

        public init(_ kind: ReaderKind, agency: String? = nil, role: String? = nil) {
            self.kind = kind
            self.agency = agency
            self.role = role
        }

        public init(_ reader: Reader) {
            self.init(reader.kind, agency: reader.agency, role: reader.role)
        }
    }

    public let reader: Accessor
    public let purpose: String?
    public let caseName: String?
    public let basis: Basis
    public let extent: Extent
    /// When the first and the last of it was given out.
    public let from: Timestamp
    public let to: Timestamp

    /// - Parameters:
    ///   - extent: Sorted here; at most ``maximumFields`` fields and ``maximumRanges`` ranges stand in what is written.
    ///   - to: Not before `from`; without it, the same.
    public init(
        reader: Accessor, purpose: String?, caseName: String?, basis: Basis, extent: Extent, from: Timestamp,
        to: Timestamp? = nil
    ) {
        self.reader = reader
        self.purpose = purpose
        self.caseName = caseName
        self.basis = basis
        self.from = from
        self.to = max(from, to ?? from)
        switch extent {
        case .fields(let fields, let ranges):
            self.extent = .fields(Set(fields).sorted(), at: PositionRanges(ranges).ranges)
        case .accessRecords:
            self.extent = extent
        }
    }
}

extension AccessRecord {
    /// What is to be recorded of a decision about an entry that is to be given out: a record for each basis on which fields
    /// of class `conditional` and above are disclosed, more if there are over ``maximumFields`` fields.
    ///
    /// - Parameters:
    ///   - entry: The entry that was decided about.
    ///   - position: Its position.
    /// - Returns: None for a stub, where nothing classified is disclosed, and for access records.
    /// - Complexity: O(*n* log *n*) in the number of fields.
    public static func records(
        of decision: EntryDecision, _ entry: ReadableEntry, for reader: Reader, at position: Position, _ time: Timestamp
    ) -> [AccessRecord] {
        guard let disclosure = decision.disclosure, entry.type != eventType else { return [] }
        var fields: [(basis: DisclosureBasis, fields: [AccessedField])] = []
        func add(_ basis: DisclosureBasis?, _ field: Field) {
            guard let basis, field.mark.sharingClass >= .conditional else { return }
            let accessed = AccessedField(type: entry.type, pointer: field.pointer)
            if let at = fields.firstIndex(where: { $0.basis == basis }) {
                fields[at].fields.append(accessed)
            } else {
                fields.append((basis, [accessed]))
            }
        }
        if let mark = entry.wholeEvent { add(disclosure.wholeEvent, Field(pointer: "", mark: mark)) }
        for (decision, field) in zip(disclosure.fields, entry.fields) { add(decision.basis, field) }
        return fields.flatMap { basis, fields in
            records(.disclosed(basis), fields, for: reader, at: [position...position], time)
        }
    }

    /// What is to be recorded when a reader asks for fields by name and is denied them.
    ///
    /// - Returns: None if there are no fields.
    public static func denials(
        _ fields: [AccessedField], for reader: Reader, at positions: [ClosedRange<Position>], _ time: Timestamp
    ) -> [AccessRecord] {
        records(.denied, fields, for: reader, at: positions, time)
    }

    /// The one record of one reading of the access log, however many records it gives out.
    ///
    /// - Parameter range: The positions in the access log that were asked for.
    public static func reading(
        _ range: ClosedRange<Position>, for reader: Reader, basis: DisclosureBasis, at time: Timestamp
    ) -> AccessRecord {
        AccessRecord(
            reader: Accessor(reader), purpose: reader.purpose, caseName: reader.caseName, basis: .disclosed(basis),
            extent: .accessRecords(range), from: time)
    }

    private static func records(
        _ basis: Basis, _ fields: [AccessedField], for reader: Reader, at positions: [ClosedRange<Position>],
        _ time: Timestamp
    ) -> [AccessRecord] {
        let fields = Set(fields).sorted()
        let ranges = PositionRanges(positions).ranges
        return stride(from: 0, to: fields.count, by: maximumFields).flatMap { first in
            stride(from: 0, to: ranges.count, by: maximumRanges).map { start in
                AccessRecord(
                    reader: Accessor(reader), purpose: reader.purpose, caseName: reader.caseName, basis: basis,
                    extent: .fields(
                        Array(fields[first..<min(first + maximumFields, fields.count)]),
                        at: Array(ranges[start..<min(start + maximumRanges, ranges.count)])),
                    from: time)
            }
        }
    }
}
