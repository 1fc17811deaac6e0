import Exchange
import Foundation
import JSON
import JSONSchema
import TestSupport
import Testing

@Suite("The events of disclosure, as they are written")
struct DisclosureEventTests {
    private static let folder = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("Schemas")

    private static func schema(_ type: String) throws -> (document: JSONDocument, compiled: CompiledSchema) {
        let bytes = try Data(contentsOf: folder.appendingPathComponent(type + ".schema.json"))
        let document = try JSONDocument(parsing: [UInt8](bytes))
        let uri = "urn:sanhu:schema:\(type):1"
        #expect(document.root["$id"]?.string == uri)
        var registry = SchemaRegistry()
        try registry.register(document, at: uri)
        return (document, try registry.compile(uri))
    }

    @Test("Each type has a schema, and its samples are valid and are read")
    func samples() throws {
        #expect(Set(GrantSamples.valid.map { "sanhu." + $0.type }) == Set(DisclosureEvent.types))
        for (type, data) in GrantSamples.valid {
            let document = try JSONDocument(parsing: Array(data.utf8))
            let violations = try Self.schema(type).compiled.validate(document.tape, document.bytes.span)
            #expect(violations == [], "\(type)")
            #expect(try GrantSamples.event(type, data) != nil)
        }
    }

    @Test("What is read is what is written")
    func reading() throws {
        let requested = try GrantSamples.event("disclosure.requested", GrantSamples.valid[0].data)
        let scope = DisclosureScope(
            owner: "CUS",
            fields: FieldSelector(
                types: ["sanhu.declaration.lodged"], owners: ["CUS"], classes: [.conditional],
                pointers: ["/commercial"]),
            roles: ["assessor"], objects: [tag("declaration:1"), tag("enterprise:A")], purpose: "assessment",
            caseName: "case-1", from: hour(-24), to: hour(720))
        #expect(requested == .requested(DisclosureRequest(scope, under: 3)))
        let denied = try GrantSamples.event("disclosure.decided", GrantSamples.valid[3].data)
        #expect(denied == .decided(DisclosureRuling(on: 1, .denied, reasons: ["Art. 6"])))
        #expect(try GrantSamples.event("declaration.lodged", "{}") == nil)
    }

    @Test("Sealed data is read like plain data")
    func sealed() throws {
        let data = GrantSamples.valid[7].data.replacing(
            #""subject":"enterprise A""#, with: #""_sd":["47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU"]"#)
        let sealed = try GrantSamples.event("assistance.requested", data)
        #expect(try sealed == GrantSamples.event("assistance.requested", GrantSamples.valid[7].data))
    }

    @Test("The marks are those of the catalogue")
    func marks() throws {
        let expected = [
            ("disclosure.requested", "purposeDetail", "conditional"), ("assistance.requested", "subject", "restricted"),
            ("assistance.answered", "evidence", "restricted"),
        ]
        for (type, property, sharingClass) in expected {
            let mark = try Self.schema(type).document.root["properties"]?[property]?["x-sharing"]
            #expect(mark?["class"]?.string == sharingClass)
        }
        for type in Set(GrantSamples.valid.map(\.type)) {
            let properties = try #require(try Self.schema(type).document.root["properties"]).members
            let marked = properties.filter { $0.value["x-sharing"] != nil }.map(\.key)
            #expect(marked == expected.filter { $0.0 == type }.map(\.1))
        }
    }

    @Test(
        "What is wrong is refused with its path and without its value",
        arguments: [
            ("disclosure.requested", #""owner":"CUS""#, #""owner":"SECRET X""#, "/owner"),
            ("disclosure.requested", #""owner":"CUS","#, "", "/owner"),
            ("disclosure.requested", #""conditional""#, #""public""#, "/fields/classes/0"),
            ("disclosure.requested", #""/commercial""#, #""commercial""#, "/fields/pointers/0"),
            ("disclosure.requested", #""types":"#, #""SECRETS":"#, "/fields/SECRETS"),
            ("disclosure.requested", #""enterprise:A""#, #""declaration:1""#, "/objects"),
            ("disclosure.requested", #""enterprise:A""#, #""SECRET""#, "/objects/1"),
            ("disclosure.requested", "2026-04-01T", "2026-02-01T", "/to"),
            ("disclosure.requested", "2026-04-01T", "2026-04-31T", "/to"),
            ("disclosure.requested", #""assistance":3"#, #""assistance":-3"#, "/assistance"),
            ("disclosure.requested", #""assistance":3"#, #""assistance":3.5"#, "/assistance"),
            ("disclosure.requested", "怀疑低报", #"SECRET\u0007"#, "/purposeDetail"),
            ("disclosure.checked", #","reasons":["no case"]"#, "", "/reasons"),
            ("disclosure.checked", #"["no case"]"#, "[]", "/reasons"),
            ("disclosure.decided", #""partly""#, #""granted""#, "/fields"),
            ("disclosure.decided", #""partly""#, #""SECRET""#, "/outcome"),
            ("disclosure.decided", #"{"compartments":["trade-secret"]}"#, "{}", "/fields"),
            ("disclosure.decided", #""reasons":["Art. 5"],"#, "", "/reasons"),
            ("disclosure.expired", #"{"grant":2}"#, "[2]", ""),
            ("disclosure.revoked", #","reasons":["misused"]"#, "", "/reasons"),
            ("disclosure.disputed", "the case needs it", "", "/reasons/0"),
            ("assistance.requested", "tax-refund-fraud", "SECRET", "/kind"),
            ("assistance.requested", "2026-03-05T", "2026-07-05T", "/deadline"),
            ("assistance.answered", #""reasons":["no such data"],"#, "", "/reasons"),
            ("assistance.closed", #""assistance":3"#, #""assistance":"3""#, "/assistance"),
        ])
    func faults(_ type: String, _ found: String, _ replacement: String, _ pointer: String) throws {
        let sample = try #require(GrantSamples.valid.first { $0.type == type })
        let data = sample.data.replacing(found, with: replacement, maxReplacements: 1)
        #expect(data != sample.data)
        let error = #expect(throws: ExchangeError.self) { try GrantSamples.event(type, data) }
        #expect(error?.code == .eventInvalid)
        #expect(error?.pointer == pointer)
        #expect(error?.description.contains("SECRET") == false)
    }

    @Test("Schema and reader refuse the same damage", arguments: 0..<100)
    func damage(_ seed: UInt64) throws {
        var dice = Dice(seed: seed)
        for (type, text) in GrantSamples.valid {
            let compiled = try Self.schema(type).compiled
            for _ in 0..<10 {
                let damaged = try Self.damaged(text, &dice)
                let document = try JSONDocument(parsing: Array(damaged.utf8))
                let isValid = try compiled.isValid(document.tape, document.bytes.span)
                let isRead = (try? GrantSamples.event(type, damaged)) != nil
                #expect(isValid == isRead, "seed \(seed): \(type) \(damaged)")
            }
        }
    }

    /// A text with one member left out, added or replaced by a value of another kind.
    private static func damaged(_ text: String, _ dice: inout Dice) throws -> String {
        let members = try JSONDocument(parsing: Array(text.utf8)).root.members
        var parts = members.map { "\"\($0.key)\":" + String(decoding: $0.value.text, as: UTF8.self) }
        let at = dice.below(parts.count)
        switch dice.below(3) {
        case 0: parts.remove(at: at)
        case 1: parts.append(dice.pick([#""more":1"#, #""reason":"x""#]))
        default:
            let values = ["1", "-1", "1.5", "true", "null", "{}", "[]", "[1]", #""""#, #""a b""#, #"["a","a"]"#]
            parts[at] = "\"\(members[at].key)\":" + dice.pick(values)
        }
        return "{" + parts.joined(separator: ",") + "}"
    }
}
