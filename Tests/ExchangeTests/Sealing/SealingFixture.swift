import Crypto
import EventLog
import JSON
import JSONSchema
import SelectiveDisclosure

@testable import Exchange

/// What tests of sealing share.
enum SealingFixture {
    static let uri = "https://port.example/declaration/1"
    static let mask = NumberMask(secret: Array(repeating: 7, count: 32))

    static func plan(_ schema: String) throws -> SealingPlan {
        var registry = SchemaRegistry()
        try registry.register(JSONDocument(parsing: Array(schema.utf8)), at: uri)
        return try SealingPlan(uri, in: registry)
    }

    static func event(_ data: String, subject: String? = nil, id: String = "1") throws -> JSONDocument {
        let subject = subject.map { "\"subject\":\"\($0)\"," } ?? ""
        let text =
            "{\"specversion\":\"1.0\",\"id\":\"\(id)\",\"source\":\"/cus/a\",\"type\":\"t\",\(subject)\"data\":\(data)}"
        return try JSONDocument(parsing: Array(text.utf8))
    }

    static let place = EventPlace(agency: "CUS", source: "/cus/a", id: "1")

    /// Keys made of the names of what they are for, without a store.
    static func key(_ reference: KeyReference) -> SubjectKey {
        let text = "\(reference.subject.kind)|\(reference.subject.name)|\(reference.compartment)"
        let hash = Array(SHA256.hash(data: Array(text.utf8)))
        return SubjectKey(
            number: hash.prefix(7).reduce(0) { $0 << 8 | UInt64($1) }, dataKey: hash, mask: mask)
    }

    struct Sealed {
        let plan: SealingPlan
        let event: SealedEvent
        let keys: [SubjectKey]

        func open(_ ordinal: Int, row: [UInt8]? = nil, place: EventPlace = place) -> FieldContent {
            var opener = DisclosureOpener()
            return opener.open(
                row ?? event.rows[ordinal], ordinal: ordinal, of: plan, at: place, key: keys[ordinal])
        }

        func merged(_ isDisclosed: (Int) -> Bool = { _ in true }) throws -> OpenedEvent {
            var opener = DisclosureOpener()
            let fields = plan.fields.indices.map { isDisclosed($0) ? open($0) : nil }
            return try opener.merge(event.event, 0..<event.event.count, with: fields, of: plan)
        }

        /// How many digests each `_sd` and each array of placeholders has, as an uncleared reader sees them.
        var digests: [String] {
            get throws {
                try SealedPayload(event.event).digests().map(\.pointer.description)
            }
        }
    }

    static func seal(_ event: JSONDocument, _ plan: SealingPlan, tags: [Tag] = []) throws -> Sealed {
        let sealable = try SealableEvent(event, agency: "CUS", tags: tags, plan: plan)
        let keys = sealable.references.map(key)
        var sealer = EventSealer()
        return Sealed(plan: plan, event: try sealer.seal(sealable, keys: keys), keys: keys)
    }

    static func canonical(_ bytes: [UInt8]) throws -> String {
        String(decoding: JSONCanonicalForm.bytes(of: try JSONDocument(parsing: bytes).root), as: UTF8.self)
    }

    /// A schema in which two properties are sealed, one of them optional, and an array of at most three persons.
    static let declaration = """
        {"type":"object","required":["goods","commercial"],"properties":{
          "goods":{"type":"string","x-tag":{"kind":"hs"}},
          "importer":{"type":"string"},
          "price":{"x-sharing":{"class":"conditional","compartment":"trade-secret","owner":"CUS","bytes":64}},
          "commercial":{"type":"object","properties":{
            "seller":{"type":"string","x-tag":{"kind":"enterprise"},
              "x-sharing":{"class":"restricted","compartment":"trade-secret","owner":"CUS",
                "subject":"/importer","bytes":40}}}},
          "crew":{"type":"array","maxItems":3,
            "x-sharing":{"class":"conditional","compartment":"personal","owner":"BOR","bytes":300},
            "items":{"type":"object","x-sharing":{"class":"restricted","compartment":"personal","owner":"BOR",
              "subject":"/id","bytes":60}}}}}
        """
    static let data = """
        {"goods":"871200","importer":"9131","price":{"amount":"12.50","currency":"CNY"},"commercial":{"seller":"Acme"},\
        "crew":[{"id":"p1","name":"Li"},{"id":"p2","name":"Wang"}]}
        """
}
