package import EventLog
internal import JSON

/// An event as process mining sees it: what happened, when, by whom, and which objects it is about. Of its data only what
/// stands in clear in the entry and what ``MiningVocabulary`` names.
package struct MinedEvent: Sendable {
    /// An object that it is about, and as what.
    package struct Relation: Sendable, Hashable {
        /// The tag, which is the object's name.
        package let object: Tag
        /// The member of the data that names it (`importer`, `opened`), else the object's kind.
        package let qualifier: String
    }

    package let position: Position
    package let recorded: Timestamp
    /// When it happened, as it says; else when it was recorded.
    package let time: Timestamp
    package let agency: String
    /// Without `sanhu.`.
    package let type: String
    /// Sorted by name.
    package let attributes: [(name: String, value: MinedValue)]
    /// By object in the order of tags, and by qualifier.
    package let relations: [Relation]
    /// The port that it names itself.
    let ownPort: String?
    /// The URI of its schema.
    let schema: String?

    /// The most members of a list that are looked at for what names an object.
    private static let listed = 512

    /// - Parameters:
    ///   - entry: One that the reader sees, and that is not sealed as a whole.
    ///   - kinds: Of objects.
    /// - Throws: ``LogError`` with code `.corrupted` if it is no entry.
    init(_ entry: Entry, kinds: Set<String>) throws(LogError) {
        guard let document = try? JSONDocument(parsing: entry.bytes), let event = document.root["event"],
            let type = event["type"]?.string, let agency = document.root["agency"]?.string
        else {
            throw LogError(
                .corrupted, "What stands at position \(entry.position) is no entry. Run `sanhu verify`.")
        }
        (position, recorded, self.agency) = (entry.position, entry.recorded, agency)
        time = event["time"]?.string.flatMap { Timestamp($0) } ?? entry.recorded
        self.type = MiningVocabulary.name(ofType: type)
        schema = event["dataschema"]?.string
        let members = (event["data"]?.members ?? []).reduce(into: [String: JSONValue]()) { $0[$1.key] = $1.value }
        var attributes: [(name: String, value: MinedValue)] = []
        for (name, kind) in MiningVocabulary.attributes {
            guard let value = members[name].flatMap({ MinedValue($0, kind) }) else { continue }
            attributes.append((name, value))
        }
        self.attributes = attributes
        ownPort = members["port"]?.string ?? event["port"]?.string
        var relations: [Relation] = []
        for element in document.root["tags"]?.elements ?? [] {
            guard let text = element.string, let tag = try? Tag(text), kinds.contains(String(tag.kind)) else {
                continue
            }
            let roles = Self.roles(of: String(tag.value), in: members)
            relations += (roles.isEmpty ? [String(tag.kind)] : roles).map { Relation(object: tag, qualifier: $0) }
        }
        self.relations = relations
    }

    /// The members of the data that name an object, sorted.
    private static func roles(of name: String, in members: [String: JSONValue]) -> [String] {
        var roles: Set<String> = []
        for (key, value) in members {
            switch value.kind {
            case .string: if value.string == name { roles.insert(key) }
            case .array:
                let isNamed = value.elements.prefix(listed).contains { ($0.string ?? $0["id"]?.string) == name }
                if isNamed { roles.insert(key) }
            case .object where key == "parties":
                for (role, party) in value.members where party.string == name { roles.insert(role) }
            default: break
            }
        }
        return roles.sorted()
    }

    /// The objects, each once, in their order.
    package var objects: [Tag] {
        var objects: [Tag] = []
        for relation in relations where objects.last != relation.object { objects.append(relation.object) }
        return objects
    }

    func value(_ name: String) -> MinedValue? { attributes.first { $0.name == name }?.value }
}
