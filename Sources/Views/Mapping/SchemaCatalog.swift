internal import EventLog
internal import Exchange
internal import LMDB
internal import Synchronization
internal import Transparency

/// What entries have in common by which is decided who sees them: schema, type and agency.
struct Origin: Sendable {
    /// Under which they stand in the view: of their texts, the first eight bytes of SHA-256.
    let number: UInt64
    let schema: String
    let type: String
    let agency: String
    let traits: SchemaTraits
}

/// The schemas as they stood when a batch began; for all tasks that map it.
final class SchemaCatalog: Sendable {
    let terms: FoldTerms
    private let known = Mutex<[String: SchemaTraits]>([:])

    init(_ terms: FoldTerms) {
        self.terms = terms
    }

    /// The origin of entries.
    ///
    /// - Throws: ``ViewError`` if a schema does not compile any more.
    func origin(schema: String, type: String, agency: String) throws(ViewError) -> Origin {
        Origin(
            number: Self.number(schema, type, agency), schema: schema, type: type, agency: agency,
            traits: try traits(schema, type, agency))
    }

    private func traits(_ schema: String, _ type: String, _ agency: String) throws(ViewError) -> SchemaTraits {
        if let found = known.withLock({ $0[schema] }) { return found }
        let terms = terms
        let marks = try ViewError.wrapping { () throws(ExchangeError) in
            schema.isEmpty ? nil : try terms.marks(of: schema)
        }
        guard let marks else { return .unknown(seenByAuthorities: FoldTerms.needsNoSchema(type, by: agency)) }
        let traits = SchemaTraits(marks, isOutdated: terms.isOutdated(schema))
        known.withLock { $0[schema] = traits }
        return traits
    }

    private static func number(_ schema: String, _ type: String, _ agency: String) -> UInt64 {
        let text = Array("\(schema)\0\(type)\0\(agency)".utf8)
        return MerkleHash.leaf(text.span).bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
    }
}

/// The origins that a task has met: a hash table, and the one that was met last.
struct OriginTable {
    private var names = ByteTable()
    private(set) var origins: [Origin] = []
    /// Of each, what every entry needs: apart from the texts, so that these are not counted for each.
    private(set) var numbers: [UInt64] = []
    private(set) var traits: [SchemaTraits] = []
    private var key: [UInt8] = []
    private var last: [UInt8] = []
    private var lastNumber = 0
    private var lastType: UInt32 = 0
    private var lastSchema: UInt32 = 0

    /// Whether an entry is of the origin that was met last.
    private func isLast(_ bytes: Span<UInt8>, _ shape: EntryShape) -> Bool {
        let count = Int(shape.type.length) + Int(shape.dataschema.length) + Int(shape.agency.length) + 2
        guard last.count == count, lastType == shape.type.length, lastSchema == shape.dataschema.length else {
            return false
        }
        let (text, schema) = (last.span, Int(lastType) + 1)
        let agency = schema + Int(lastSchema) + 1
        return text.extracting(0..<Int(lastType)).isEqual(to: bytes.extracting(shape.type.range))
            && text.extracting(schema..<agency - 1).isEqual(to: bytes.extracting(shape.dataschema.range))
            && text.extracting(agency..<count).isEqual(to: bytes.extracting(shape.agency.range))
    }

    /// The place of an entry's origin in the lists.
    mutating func number(
        _ bytes: Span<UInt8>, _ shape: EntryShape, _ catalog: SchemaCatalog
    ) throws(ViewError) -> Int {
        if isLast(bytes, shape) { return lastNumber }
        key.removeAll(keepingCapacity: true)
        key.append(copying: bytes.extracting(shape.type.range))
        key.append(0)
        key.append(copying: bytes.extracting(shape.dataschema.range))
        key.append(0)
        key.append(copying: bytes.extracting(shape.agency.range))
        swap(&key, &last)
        let name = last
        lastNumber = names.number(of: name.span)
        (lastType, lastSchema) = (shape.type.length, shape.dataschema.length)
        if lastNumber == origins.count {
            func text(_ part: EntryShape.Part) -> String {
                String(decoding: bytes.extracting(part.range).copied, as: UTF8.self)
            }
            let origin = try catalog.origin(
                schema: text(shape.dataschema), type: text(shape.type), agency: text(shape.agency))
            origins.append(origin)
            numbers.append(origin.number)
            traits.append(origin.traits)
        }
        return lastNumber
    }
}
