public import JSONSchema

/// What a schema's marks (`x-sharing`, `x-tag`) make of an event: which properties are sealed, in which order, how many
/// digests each object has, and which tags the event carries.
///
/// Compiled once per schema version, when it is registered. A schema is of an event's `data`. Its marks are followed
/// through `properties`, `$ref` and `allOf`; one anywhere else is refused, because what it marks may or may not be
/// there, and the number of digests of an object must be the same for all events. The one exception are persons: in an
/// array that is marked as a whole, `items` may be marked too, and then each element is a disclosure within that of the
/// array.
public final class SealingPlan: Sendable {
    /// The most fields of a schema; each person of an array counts.
    public static let maximumFields = 512
    /// The most elements of an array of persons.
    public static let maximumPersons = 256
    /// How deep what is marked may stand.
    static let maximumDepth = 32

    /// The URI of the schema.
    public let uri: String
    /// The mark of the whole event, or nil. Of class `public`, it says that everyone may see what is not marked; of any
    /// other that the event is sealed, and then it is the first of ``fields``.
    public let wholeEvent: SharingMark?
    /// The fields, in the schema's order; a field's index is the ordinal of its row. Persons of an array follow it, one
    /// field for each that there may be: `/crew/0`, `/crew/1` …, whose marks name their subjects by the whole way.
    public let fields: [Field]

    let slots: [SealingSlot]
    let hosts: [SealingHost]
    let tags: [TagRule]
    /// The URI with its length, as it is authenticated with each row.
    let uriField: [UInt8]

    var isSealedWhole: Bool { wholeEvent.map { $0.sharingClass > .public } ?? false }

    /// Compiles the plan of a registered schema.
    ///
    /// - Parameter personalKinds: Kinds of tags that name persons: a value that becomes one must be sealed under that
    ///   person's key, or it would outlive the person's erasure. Give those of the charter when a schema is registered; what
    ///   was registered before a kind was personal is to be read as it is.
    /// - Throws: ``ExchangeError``: `.schemaRefused` with the place in the schema, `.reservedName` for a property that
    ///   is named as the digests are, `.unknownSchema` if nothing is registered there, `.limitExceeded`.
    public init(
        _ uri: String, in registry: SchemaRegistry, personalKinds: Set<String> = []
    ) throws(ExchangeError) {
        var compiler = SealingPlanCompiler(registry: registry, personalKinds: personalKinds)
        try compiler.compile(uri)
        self.uri = uri
        wholeEvent = compiler.wholeEvent
        slots = compiler.slots
        hosts = compiler.hosts
        tags = compiler.tags
        fields = compiler.slots.map(\.field)
        uriField = EventPlace.field(Array(uri.utf8))
    }
}

/// A step from a value to one within it.
enum PathStep: Hashable, Sendable {
    /// The value of a member, by its key in UTF-8.
    case member([UInt8])
    /// The element at an index.
    case element(Int)
    /// All elements; in the rules of tags only.
    case all
}

/// An object or array whose digests have a fixed number.
struct SealingHost: Sendable {
    /// The way to it from the event.
    let path: [PathStep]
    let pointer: String
    let isArray: Bool
    /// The indices of the fields whose digests it has.
    var slots: [Int] = []
}

/// A field as the sealer needs it. A class, so that it is not copied member by member for each event.
final class SealingSlot: Sendable {
    /// The most bytes of a salt's text beyond the 22 characters that salts have which the ledger makes.
    private static let saltRoom = 32

    let field: Field
    /// The field in whose disclosure it stands, or nil.
    let parent: Int?
    /// The last step to it, from its host.
    let step: PathStep
    /// Its key as it is written, with quotes; empty for an element.
    let quotedName: [UInt8]
    /// The pointer with its length, as it is authenticated with the row.
    let pointerField: [UInt8]
    /// The way to the name of its subject from the data, or nil.
    let subjectPath: [PathStep]?
    /// The key of its owner.
    let ownerKey: KeyReference
    /// How many bytes its disclosure has beside the value, if the ledger made the salt: brackets, quotes and commas,
    /// salt, name.
    let overhead: Int
    /// How many bytes its row keeps for the disclosure.
    let capacity: Int

    init(
        field: Field, parent: Int?, step: PathStep, quotedName: [UInt8], pointerField: [UInt8],
        subjectPath: [PathStep]?, ownerKey: KeyReference
    ) {
        self.field = field
        self.parent = parent
        self.step = step
        self.quotedName = quotedName
        self.pointerField = pointerField
        self.subjectPath = subjectPath
        self.ownerKey = ownerKey
        overhead = quotedName.isEmpty ? 27 : 28 + quotedName.count
        capacity = overhead + Self.saltRoom + field.mark.bytes
    }
}

/// A property whose value becomes a tag of the event.
struct TagRule: Sendable {
    let kind: String
    /// The kind and the colon after it.
    let opening: [UInt8]
    /// The way to it from the data.
    let path: [PathStep]
    let pointer: String
    /// The field it stands in, whose value the tag must not tell; nil if it is in none, or in a public one.
    let slot: Int?
    /// Whether the way may lead to several.
    let isMany: Bool

    init(kind: String, path: [PathStep], pointer: String, slot: Int?) {
        (self.kind, self.path, self.pointer, self.slot) = (kind, path, pointer, slot)
        opening = Array((kind + ":").utf8)
        isMany = path.contains(.all)
    }
}
