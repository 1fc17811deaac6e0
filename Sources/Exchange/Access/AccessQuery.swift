public import EventLog

/// Which access records are asked for: those that meet all that is said. An empty list leaves its aspect open.
public struct AccessQuery: Sendable, Hashable {
    /// The most positions that tags may come to.
    public static let maximumPositions = 100_000
    /// The most records of an answer.
    public static let maximumLimit = 10_000
    /// The most elements of each list.
    static let maximumNames = 64

    /// Fields by their JSON Pointers: themselves, what is in them and what they are in.
    public var pointers: [String]
    /// Types of the events that have the fields.
    public var types: [String]
    /// Tags that the entries carry; all of them.
    public var tags: [Tag]
    /// Positions of the entries.
    public var positions: [ClosedRange<Position>]
    /// Codes of the agencies that read.
    public var readers: [String]
    /// The case they read for.
    public var caseName: String?
    /// When it was recorded: at this time or after it, and before that.
    public var since: Timestamp?
    public var until: Timestamp?
    /// The most records; the latest count.
    public var limit: Int

    public init(
        pointers: [String] = [], types: [String] = [], tags: [Tag] = [], positions: [ClosedRange<Position>] = [],
        readers: [String] = [], caseName: String? = nil, since: Timestamp? = nil, until: Timestamp? = nil,
        limit: Int = 1_000
    ) {
        self.pointers = pointers
        self.types = types
        self.tags = tags
        self.positions = positions
        self.readers = readers
        self.caseName = caseName
        self.since = since
        self.until = until
        self.limit = limit
    }

    /// Whether it asks for readings of fields, and not for all that a reader did.
    var isAboutFields: Bool { !pointers.isEmpty || !types.isEmpty || isAboutEntries }

    /// Whether it asks for readings of some entries.
    var isAboutEntries: Bool { !tags.isEmpty || !positions.isEmpty }

    /// - Throws: ``ExchangeError`` with code `.limitExceeded`.
    func checkLimits() throws(ExchangeError) {
        guard (1...Self.maximumLimit).contains(limit) else {
            throw ExchangeError(.limitExceeded, "An answer has 1 to \(Self.maximumLimit) access records.")
        }
        for count in [pointers.count, types.count, tags.count, readers.count] where count > Self.maximumNames {
            throw ExchangeError(.limitExceeded, "A question names at most \(Self.maximumNames) things of a kind.")
        }
        guard positions.count <= AccessRecord.maximumRanges else {
            throw ExchangeError(
                .limitExceeded, "A question names at most \(AccessRecord.maximumRanges) ranges of positions.")
        }
    }

    /// Whether a field is asked for, by its pointer.
    func speaks(of pointer: String) -> Bool {
        pointers.isEmpty
            || pointers.contains { FieldSelector.covers($0, pointer) || FieldSelector.covers(pointer, $0) }
    }

    /// What a record tells of what is asked for, or nil if nothing.
    ///
    /// - Parameter positions: The positions of what is asked for, or nil if any will do.
    func narrowed(_ record: AccessRecord, to positions: PositionRanges?) -> AccessRecord? {
        guard readers.isEmpty || record.reader.agency.map(readers.contains) ?? false,
            caseName == nil || record.caseName == caseName
        else { return nil }
        guard case .fields(let fields, let ranges) = record.extent else { return isAboutFields ? nil : record }
        let asked = fields.filter { field in
            (types.isEmpty || types.contains(field.type)) && speaks(of: field.pointer)
        }
        let read = positions.map { $0.intersection(ranges) } ?? ranges
        guard !asked.isEmpty, !read.isEmpty else { return nil }
        return record.with(.fields(asked, at: read))
    }
}
