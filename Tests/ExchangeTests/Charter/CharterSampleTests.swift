import Crypto
import EventLog
import Exchange
import JSON
import JSONSchema
import Testing

@Suite("The sample charter of the port and the schemas of charter events")
struct CharterSampleTests {
    private static let founders = ["CUS-1", "BOR-1", "MSA-1", "TAX-1", "POO-1"]

    private static func sample() throws -> String {
        String(decoding: try CharterLab.file("charter.json"), as: UTF8.self)
    }

    private static func schema(_ name: String) throws -> CompiledSchema {
        var registry = SchemaRegistry()
        for name in ["founded", "amended"] {
            try registry.register(
                JSONDocument(parsing: CharterLab.file("charter.\(name).schema.json")),
                at: "https://sanhu.example/schemas/charter.\(name)/1")
        }
        return try registry.compile("https://sanhu.example/schemas/charter.\(name)/1")
    }

    private static func violations(_ schema: CompiledSchema, _ value: JSONValue) throws -> [SchemaViolation] {
        let document = try JSONDocument(parsing: Array(value.text))
        return try schema.validate(document.tape, document.bytes.span)
    }

    @Test("It founds a charter when the founders sign it, and needs three of the five to be amended")
    func founds() throws {
        let charter = try CharterLab.charter(Self.sample(), by: Self.founders)
        let now = try CharterLab.time(CharterLab.founded)
        #expect(charter.values(of: .agency).count == 30)
        #expect(charter.amendmentRule(at: now).threshold == 3)
        let change = CharterLab.put("purpose", #"{"code":"drill","version":1,"title":"联合演练"}"#)
        _ = try charter.amended(change, by: ["CUS-1", "MSA-1", "POO-1"])
        #expect(
            try CharterLab.fault { _ = try charter.amended(change, by: ["CUS-1", "MSA-1"]) }?.code
                == .notEnoughSignatures)
        #expect(
            try CharterLab.fault { _ = try CharterLab.charter(Self.sample(), by: Self.founders.dropLast()) }?.code
                == .notEnoughSignatures)
    }

    @Test("Its keys are those that anyone can make, so that nobody takes them for secret")
    func keys() throws {
        for case .key(let key) in try CharterLab.charter(Self.sample(), by: Self.founders).values(of: .key) {
            #expect(try Array(CharterLab.key(key.id).publicKey.rawRepresentation) == key.publicKey)
        }
    }

    @Test("It fits an entry of the log with room to spare")
    func size() throws {
        let charter = try CharterLab.charter(Self.sample(), by: Self.founders)
        #expect(charter.json().count < LogLimits.entryBytes / 2)
        #expect(
            try CharterLab.charter(String(decoding: charter.json(), as: UTF8.self), by: Self.founders).values()
                == charter.values())
    }

    @Test("2016 has the quarantine agency with its powers, and 2019 has them at customs")
    func merger() throws {
        let charter = try CharterLab.charter(Self.sample(), by: Self.founders)
        let (early, late) = (try CharterLab.time("2016-06-01"), try CharterLab.time("2019-06-01"))
        #expect(charter.power(of: "CIQ", type: "sanhu.inspection.ordered", port: nil, at: early) != nil)
        #expect(charter.power(of: "CIQ", type: "sanhu.inspection.ordered", port: nil, at: late) == nil)
        #expect(charter.power(of: "CUS", type: "sanhu.quarantine.treated", port: nil, at: early) == nil)
        #expect(charter.power(of: "CUS", type: "sanhu.quarantine.treated", port: nil, at: late) != nil)
        #expect(charter.successor(of: "CIQ", at: late)?.code == "CUS")
        #expect(charter.sharingRules(at: early).contains { $0.id == "trade-to-quarantine" })
        #expect(!charter.sharingRules(at: late).contains { $0.id == "trade-to-quarantine" })
        #expect(charter.power(of: "TER", type: "sanhu.equipment.moved", port: "CNNSA", at: late) != nil)
        #expect(charter.power(of: "TER", type: "sanhu.equipment.moved", port: "USLAX", at: late) == nil)
        #expect(charter.power(of: "AUD", type: "sanhu.risk.flagged", port: nil, at: late) == nil)
        #expect(charter.hasRole("investigator", of: "ASB", at: late))
        #expect(charter.deadlines(at: late).check == 2)
    }

    @Test(
        "Its rules open prices to tax assessment, want a case of investigators, and keep third countries' data from abroad"
    )
    func rules() throws {
        let charter = try CharterLab.charter(Self.sample(), by: Self.founders)
        let rules = try charter.sharingRules(at: CharterLab.time("2019-06-01"))
        let price = Field(
            pointer: "/commercial",
            mark: SharingMark(.conditional, compartment: "trade-secret", owner: "CUS", bytes: 512))
        let open = rules.filter {
            $0.effect == .permit && $0.fields.matches(price, ofType: "sanhu.declaration.lodged")
                && $0.readers.matches(Reader(.authority, agency: "TAX", role: "assessor"))
        }
        #expect(open.map(\.id) == ["price-to-tax"])
        let foreign = rules.filter {
            $0.effect == .prohibit && $0.readers.matches(Reader(.participant, agency: "FOR"))
                && $0.readers.kinds.isEmpty
        }
        #expect(foreign.map(\.id) == ["no-third-country-abroad"])
        #expect(rules.filter(\.needsCase).map(\.id) == ["case-to-antismuggling"])
    }

    @Test("The sample, signed, and amendments are valid against the schemas")
    func valid() throws {
        let founded = try Self.schema("founded")
        #expect(try Self.violations(founded, CharterLab.json(Self.sample())) == [])
        #expect(try Self.violations(founded, CharterLab.json(CharterLab.data())) == [])
        let charter = try CharterLab.charter(Self.sample(), by: Self.founders)
        #expect(try Self.violations(founded, JSONDocument(parsing: charter.json()).root) == [])
        let amended = try Self.schema("amended")
        let changes = try CharterLab.json(CharterLab.data()).members.flatMap { member -> [String] in
            guard let kind = CharterKind.allCases.first(where: { $0.member == member.key }) else { return [] }
            let values = member.value.kind == .array ? member.value.elements : [member.value]
            return values.map { CharterLab.put(kind.rawValue, String(decoding: $0.text, as: UTF8.self)) }
        }
        let ends = [
            CharterLab.end("agency", #"{"code":"CIQ","into":"CUS"}"#), CharterLab.end("key", #"{"id":"a"}"#),
            CharterLab.end("officer", #"{"agency":"TAX","id":"a"}"#), CharterLab.end("source", #"{"prefix":"/a"}"#),
        ]
        for change in changes + ends {
            let data = try CharterLab.amendment(change, effective: "2016-07-01T00:00:00Z")
            #expect(try Self.violations(amended, data) == [], "\(change)")
        }
    }

    @Test("What the parser refuses by its form, the schemas refuse too", arguments: CharterReadingTests.bad)
    func invalid(_ bad: CharterReadingTests.Bad) throws {
        // What refers to something, is said twice or begins after its end, is not a matter of form.
        let beyond = [
            "/agencies/0/validity/to", "/keys/1/public", "/agencies/1", "/personalTags/1", "/amendment/threshold",
        ]
        guard bad.code == .malformedCharter, !beyond.contains(bad.pointer) else { return }
        let text =
            bad.member == "amendment"
            ? #"{"amendment":\#(bad.value)}"#
            : #"{"amendment":{"threshold":1,"agencies":["CUS"]},"\#(bad.member)":\#(bad.value)}"#
        #expect(try Self.violations(Self.schema("founded"), CharterLab.json(text)) != [])
    }
}
