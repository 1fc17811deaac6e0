public import EventLog
internal import JSON
public import Transparency

/// The first line of an answer to a verifiable read: what it is an answer to, and what its proofs lead to.
public struct ReadHeading: Sendable, Hashable {
    /// The version of the form.
    static let version: Int64 = 1

    /// The log's name.
    public let origin: String
    /// What was asked for, tags that name persons blinded.
    public let query: Query
    /// The first position of the range, and the one after its last; not before the first.
    public let from: Position
    public let to: Position
    public let isBackwards: Bool
    /// Given with proofs: what each of them leads to.
    public let checkpoint: SignedNote?
    /// That the log of a size which the reader knows is the beginning of that of the checkpoint. Without a checkpoint of
    /// its own.
    public let consistency: ConsistencyProof?

    init(
        origin: String, query: Query, from: Position, to: Position, isBackwards: Bool, checkpoint: SignedNote? = nil,
        consistency: ConsistencyProof? = nil
    ) {
        self.origin = origin
        self.query = query.matchesAll ? .all : Query(query.items.map(Self.withoutRepetitions))
        self.from = from
        self.to = max(from, to)
        self.isBackwards = isBackwards
        self.checkpoint = checkpoint
        self.consistency = consistency
    }

    private static func withoutRepetitions(_ item: Query.Item) -> Query.Item {
        var types: [String] = []
        for type in item.types where !types.contains(type) { types.append(type) }
        return Query.Item(types: types, tags: Set(item.tags).sorted())
    }

    /// The line, without its newline.
    public var line: [UInt8] {
        var writer = JSONWriter(reservingCapacity: 512)
        writer.object { writer in
            writer.member("verifiable", Self.version)
            writer.member("origin", origin)
            writer.member("from", Int64(from))
            writer.member("to", Int64(to))
            if isBackwards {
                writer.key("backwards")
                writer.bool(true)
            }
            if !query.items.isEmpty { write(query, to: &writer) }
            if let checkpoint { writer.member("checkpoint", checkpoint.description) }
            if let consistency {
                writer.key("consistency")
                writer.object { writer in
                    writer.member("from", Int64(consistency.oldSize))
                    VerifiableEntry.write(consistency.hashes, "hashes", to: &writer)
                }
            }
        }
        return writer.bytes
    }

    private func write(_ query: Query, to writer: inout JSONWriter) {
        func list(_ texts: [String], _ key: String, _ writer: inout JSONWriter) {
            guard !texts.isEmpty else { return }
            writer.key(key)
            writer.array { writer in for text in texts { writer.string(text) } }
        }
        writer.key("query")
        writer.array { writer in
            for item in query.items {
                writer.object { writer in
                    list(item.types, "types", &writer)
                    list(item.tags.map(\.text), "tags", &writer)
                }
            }
        }
    }

    /// Reads the line.
    init(_ root: JSONValue) throws(ExchangeError) {
        let reader = try EventDataReader(
            root, keys: ["verifiable", "origin", "from", "to", "backwards", "query", "checkpoint", "consistency"])
        let version = try reader.required("verifiable", root["verifiable"])
        guard version.integer == Self.version else {
            throw reader.fault(
                "The answer has another version than \(Self.version), the one known here.", at: "verifiable")
        }
        let from = try reader.required("from", reader.position("from"))
        let to = try reader.required("to", reader.position("to"))
        guard from <= to else { throw reader.fault("The end of the range is before its beginning.", at: "to") }
        let checkpoint = try Self.checkpoint(reader)
        self.init(
            origin: try reader.required("origin", reader.text("origin", atMost: SignedNote.maximumBytes)),
            query: try Self.query(reader), from: from, to: to, isBackwards: try reader.bool("backwards") ?? false,
            checkpoint: checkpoint, consistency: try Self.consistency(reader))
        guard consistency == nil || checkpoint != nil else {
            throw reader.fault("A proof of consistency needs a checkpoint.", at: "consistency")
        }
    }

    private static func checkpoint(_ reader: EventDataReader) throws(ExchangeError) -> SignedNote? {
        guard let value = reader.object["checkpoint"] else { return nil }
        guard let text = value.string, let note = try? SignedNote(text) else {
            throw reader.fault("This is not a signed note.", at: "checkpoint")
        }
        return note
    }

    private static func consistency(_ reader: EventDataReader) throws(ExchangeError) -> ConsistencyProof? {
        guard let proof = try reader.object("consistency", keys: ["from", "hashes"]) else { return nil }
        return ConsistencyProof(
            oldSize: try proof.required("from", proof.position("from")),
            hashes: try proof.required(
                "hashes", VerifiableEntry.hashes("hashes", atMost: ConsistencyProof.maximumHashes, proof)),
            checkpoint: nil)
    }

    private static func query(_ reader: EventDataReader) throws(ExchangeError) -> Query {
        let items = try reader.objects("query", atMost: LogLimits.itemsPerQuery, keys: ["types", "tags"])
        var query = Query.all
        for item in items ?? [] {
            let types = try item.texts("types", atMost: LogLimits.namesPerItem, bytes: LogLimits.attributeBytes)
            let tags = try item.tags("tags", atMost: LogLimits.namesPerItem)
            guard types != nil || tags != nil else {
                throw item.fault("An item of a query has types or tags.", at: "types")
            }
            query.items.append(Query.Item(types: types ?? [], tags: tags ?? []))
        }
        return query
    }
}
