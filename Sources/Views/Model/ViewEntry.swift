public import EventLog
internal import JSON
internal import LMDB

/// An entry as everyone who sees it sees it: where it stands, who appended it, its type and tags, and of its data what no
/// schema marks. It lies where it is stored, is good only inside the map step, and costs nothing that is not asked for.
public struct ViewEntry: ~Copyable, ~Escapable {
    /// What stands at a path.
    public enum Field: Sendable, Hashable {
        /// A value, by its place among the nodes of the data.
        case value(Int)
        /// The event has no such field.
        case missing
        /// A schema marks it, or what is in it or around it: readers may see it, views do not.
        case sealed
    }

    private let bytes: Span<UInt8>
    private let shape: EntryShape
    private let scratch: EntryScratch
    private let marks: SchemaTraits
    public let position: Position
    public let recorded: Timestamp

    @_lifetime(copy bytes)
    init(
        _ bytes: Span<UInt8>, _ shape: EntryShape, _ scratch: EntryScratch, _ marks: SchemaTraits, _ position: Position,
        _ recorded: Timestamp
    ) {
        self.bytes = bytes
        self.shape = shape
        self.scratch = scratch
        self.marks = marks
        self.position = position
        self.recorded = recorded
    }

    /// The code of the agency that appended it, as UTF-8.
    public var agency: Span<UInt8> {
        @_lifetime(copy self)
        get { bytes.extracting(shape.agency.range) }
    }

    /// The event's type, as UTF-8.
    public var type: Span<UInt8> {
        @_lifetime(copy self)
        get { bytes.extracting(shape.type.range) }
    }

    /// The day on which it was recorded, in UTC: `2026-03-01`.
    public var recordedDay: Span<UInt8> {
        @_lifetime(copy self)
        get { bytes.extracting(EntryShape.day) }
    }

    /// The month in which it was recorded, in UTC: `2026-03`.
    public var recordedMonth: Span<UInt8> {
        @_lifetime(copy self)
        get { bytes.extracting(EntryShape.month) }
    }

    /// How many tags it has.
    public var tagCount: Int { scratch.tagCount(bytes, shape) }

    /// A tag, `kind:value`, as UTF-8; they are in the order of their bytes.
    @_lifetime(copy self)
    public func tag(at index: Int) -> Span<UInt8> {
        bytes.extracting(scratch.tag(index, bytes, shape))
    }

    /// Whether the event is of a type.
    public func hasType(_ name: String) -> Bool { type.isEqual(to: name.utf8Span.span) }

    /// The paths of the fields that its schema marks, whether or not the event has them, in the schema's order.
    public var markedFields: [FieldPath] { marks.marked }

    /// Whether the event is sealed as a whole: then its data are, all of them.
    public var isSealed: Bool { marks.isSealedWhole }

    /// The text of an attribute of the event that stands beside its data, such as `id` or `time`; nil if it has none. It is
    /// copied.
    public func attribute(_ name: String) -> String? {
        scratch.attribute(name, in: bytes).flatMap { scratch.string(at: $0, in: bytes) }
    }

    // MARK: Data

    /// What stands at a path in the data.
    ///
    /// - Complexity: The first time O(*n*) in the entry's bytes, which are parsed then; else in the members on the way.
    public func field(_ path: FieldPath) -> Field {
        guard !marks.isSealedWhole, !marks.marked.contains(where: { $0.meets(path) }) else { return .sealed }
        return scratch.node(at: path, in: bytes).map(Field.value) ?? .missing
    }

    /// The JSON text of a value, if that is what stands there.
    @_lifetime(copy self)
    public func json(_ field: Field) -> Span<UInt8>? {
        guard case .value(let node) = field, let range = scratch.textRange(of: node) else { return nil }
        return bytes.extracting(range)
    }

    /// The text of a string, if that is what stands there. It is copied.
    public func string(_ path: FieldPath) -> String? {
        guard case .value(let node) = field(path) else { return nil }
        return scratch.string(at: node, in: bytes)
    }

    /// The value of an integer, if that is what stands there.
    public func integer(_ path: FieldPath) -> Int64? {
        guard case .value(let node) = field(path), let range = scratch.textRange(of: node) else { return nil }
        return Int64(String(decoding: bytes.extracting(range).copied, as: UTF8.self))
    }

    /// Appends the values of a set of fields as a fact's row has them.
    func append(_ set: FieldSet, to row: inout [UInt8]) { scratch.append(set, marks, in: bytes, to: &row) }
}
