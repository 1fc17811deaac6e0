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
    /// The agency that owns the fields; nil for readings of the access log, and where nobody does.
    public let owner: String?
    /// Whether it is not to be told to those whom the fields are about until it is released.
    public let isSecret: Bool
    public let extent: Extent
    /// When the first and the last of it was given out.
    public let from: Timestamp
    public let to: Timestamp

    /// - Parameters:
    ///   - extent: Sorted here; at most ``maximumFields`` fields and ``maximumRanges`` ranges stand in what is written.
    ///   - to: Not before `from`; without it, the same.
    public init(
        reader: Accessor, purpose: String?, caseName: String?, basis: Basis, owner: String? = nil,
        isSecret: Bool = false,
        extent: Extent, from: Timestamp, to: Timestamp? = nil
    ) {
        self.owner = owner
        self.isSecret = isSecret
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
    /// What is to be recorded of a decision about an entry that is to be given out: a record for each owner and each basis
    /// on which fields of class `conditional` and above are disclosed, more if there are over ``maximumFields`` fields.
    ///
    /// - Parameters:
    ///   - entry: The entry that was decided about.
    ///   - positions: Where it stands, or others on which the decision is the same.
    /// - Returns: None for a stub, where nothing classified is disclosed, and for access records.
    /// - Complexity: O(*n* log *n*) in the number of fields.
    public static func records(
        of decision: EntryDecision, _ entry: ReadableEntry, for reader: Reader,
        at positions: [ClosedRange<Position>], _ time: Timestamp
    ) -> [AccessRecord] {
        guard let disclosure = decision.disclosure, entry.type != eventType else { return [] }
        var groups: [Group] = []
        func add(_ basis: DisclosureBasis?, _ field: Field) {
            guard let basis, field.mark.sharingClass >= .conditional else { return }
            let accessed = AccessedField(type: entry.type, pointer: field.pointer)
            if let at = groups.firstIndex(where: { $0.basis == basis && $0.owner == field.mark.owner }) {
                groups[at].fields.append(accessed)
            } else {
                groups.append(Group(basis: basis, owner: field.mark.owner, fields: [accessed]))
            }
        }
        if let mark = entry.wholeEvent { add(disclosure.wholeEvent, Field(pointer: "", mark: mark)) }
        for (decision, field) in zip(disclosure.fields, entry.fields) { add(decision.basis, field) }
        return groups.flatMap { group in
            records(
                .disclosed(group.basis), group.fields, ownedBy: group.owner, for: reader, at: positions, time)
        }
    }

    /// Fields of one owner that are disclosed on one basis.
    private struct Group {
        let basis: DisclosureBasis
        let owner: String
        var fields: [AccessedField]
    }

    /// What is to be recorded when a reader asks for fields by name and is denied them.
    ///
    /// - Parameter owner: Who owns the fields, if anyone does.
    /// - Returns: None if there are no fields.
    public static func denials(
        _ fields: [AccessedField], ownedBy owner: String? = nil, for reader: Reader,
        at positions: [ClosedRange<Position>], _ time: Timestamp
    ) -> [AccessRecord] {
        records(.denied, fields, ownedBy: owner, for: reader, at: positions, time)
    }

    /// The one record of one reading of the access log, however many records it gives out.
    ///
    /// - Parameters:
    ///   - range: The positions in the access log that were asked for.
    ///   - basis: Why they are given out; nil if they are denied.
    public static func reading(
        _ range: ClosedRange<Position>, for reader: Reader, basis: DisclosureBasis?, at time: Timestamp
    ) -> AccessRecord {
        AccessRecord(
            reader: Accessor(reader), purpose: reader.purpose, caseName: reader.caseName,
            basis: basis.map { .disclosed($0) } ?? .denied, extent: .accessRecords(range), from: time)
    }

    private static func records(
        _ basis: Basis, _ fields: [AccessedField], ownedBy owner: String?, for reader: Reader,
        at positions: [ClosedRange<Position>], _ time: Timestamp
    ) -> [AccessRecord] {
        let fields = Set(fields).sorted()
        let ranges = PositionRanges(positions).ranges
        return stride(from: 0, to: fields.count, by: maximumFields).flatMap { first in
            stride(from: 0, to: ranges.count, by: maximumRanges).map { start in
                AccessRecord(
                    reader: Accessor(reader), purpose: reader.purpose, caseName: reader.caseName, basis: basis,
                    owner: owner,
                    extent: .fields(
                        Array(fields[first..<min(first + maximumFields, fields.count)]),
                        at: Array(ranges[start..<min(start + maximumRanges, ranges.count)])),
                    from: time)
            }
        }
    }
}
