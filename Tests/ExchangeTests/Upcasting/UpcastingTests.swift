import EventLog
import Foundation
import JSON
import TestSupport
import Testing

@testable import Exchange

@Suite("Bringing events up to the latest version of their schemas", .fewAtOnce)
struct UpcastingTests {
    private static let (one, two, three) = ("urn:m:1", "urn:m:2", "urn:m:3")
    private static let owner = Reader(.authority, agency: "CUS")
    private static let tax = Reader(.authority, agency: "TAX", purpose: "duty")
    private static let border = Reader(.authority, agency: "BOR")

    private static func pointer(_ text: String) throws -> JSONPointer { try #require(JSONPointer(text)) }

    private static func schema(
        _ uri: String, _ properties: String, required: String = "", replaces: String? = nil, from: String? = nil
    ) -> String {
        let replaces = replaces.map { #","replaces":\#($0)"# } ?? ""
        let validity = from.map { #","validity":{"from":"\#($0)"}"# } ?? ""
        return CharterLab.put(
            "schema",
            #"{"uri":"\#(uri)","type":"sanhu.declaration.noted","document":{"type":"object","required":[\#(required)],"properties":{\#(properties)},"additionalProperties":false}\#(replaces)\#(validity)}"#
        )
    }

    private static func mark(_ name: String, _ compartment: String = "trade-secret") -> String {
        #""\#(name)":{"x-sharing":{"class":"conditional","compartment":"\#(compartment)","owner":"CUS","bytes":40}}"#
    }

    /// A ledger with an event of the first of three versions: `price` moved into `money` by the second, and `total` computed
    /// from it, `unit` supplied by the third.
    private static func ledger(
        _ data: String = #"{"number":"7","price":12,"secret":"s","old":1}"#, third: String = "third",
        thirdFrom: String? = nil
    ) async throws -> LedgerLab {
        let lab = try await LedgerLab()
        let plain = #""number":{"type":"string"}"#
        let changes = [
            schema(one, [plain, mark("price"), mark("secret", "method"), #""old":{}"#].joined(separator: ",")),
            schema(
                two,
                [
                    plain, mark("secret", "method"),
                    #""money":{"type":"object","required":["amount"],"properties":{\#(mark("amount"))}}"#,
                ].joined(separator: ","), required: #""number","money""#,
                replaces: #"{"uri":"\#(one)","upcaster":"second"}"#),
            schema(
                three,
                [
                    plain, mark("hidden", "method"), #""unit":{"type":"string"}"#,
                    #""money":{"type":"object","required":["amount"],"properties":{\#(mark("amount"))}}"#,
                ].joined(separator: ","), required: #""number","money","unit""#,
                replaces: #"{"uri":"\#(two)","upcaster":"\#(third)"}"#, from: thirdFrom),
        ].joined(separator: ",")
        let amendment = try CharterLab.amendment(changes)
        _ = try await lab.ledger.amend(
            Array(
                #"{"specversion":"1.0","id":"a1","source":"/charter","type":"sanhu.charter.amended","data":"#.utf8)
                + Array(amendment.text) + Array("}".utf8))
        let event = LedgerLab.event("sanhu.declaration.noted", one, id: "1", data)
        _ = try await lab.ledger.append([event], as: "CUS")
        return lab
    }

    private static func upcasters() throws -> Upcasters {
        Upcasters([
            Upcaster(
                "second",
                [.move(try pointer("/price"), to: try pointer("/money/amount")), .remove(try pointer("/old"))]),
            Upcaster(
                "third",
                [
                    .supply(try pointer("/unit"), Array(#""CNY""#.utf8)),
                    .move(try pointer("/secret"), to: try pointer("/hidden")),
                ]),
            Upcaster(
                "doubling",
                [
                    .supply(try pointer("/unit"), Array(#""CNY""#.utf8)),
                    .compute(try pointer("/money/amount"), from: [try pointer("/money/amount")]) { texts in
                        guard let text = texts[0], let amount = Int(String(decoding: text, as: UTF8.self)) else {
                            return nil
                        }
                        return Array(String(amount * 2).utf8)
                    }, .move(try pointer("/secret"), to: try pointer("/hidden")),
                ]),
            Upcaster("broken", [.supply(try pointer("/unit"), Array("7".utf8)), .remove(try pointer("/secret"))]),
            Upcaster("taken", [.move(try pointer("/number"), to: try pointer("/money"))]),
            Upcaster("nonsense", [.supply(try pointer("/unit"), Array("{".utf8))]),
            Upcaster(
                "large", [.supply(try pointer("/unit"), Array("\"\(String(repeating: "x", count: 1 << 20))\"".utf8))]),
        ])
    }

    private static func seen(
        _ lab: LedgerLab, by reader: Reader, _ upcasters: Upcasters? = nil
    ) async throws -> SeenEntry.Event {
        let seen = try await lab.ledger.read(
            .all, ReadRange(from: 2), for: reader, upcasting: upcasters ?? Self.upcasters())
        guard case .entry(let event) = try #require(seen.first) else { throw Unseen() }
        return event
    }

    private struct Unseen: Error {}

    private static func text(_ event: SeenEntry.Event) -> String { String(decoding: event.event, as: UTF8.self) }

    @Test("Each step is done, version by version, and what is withheld moves with its name")
    func raises() async throws {
        let lab = try await Self.ledger()
        let owner = try await Self.seen(lab, by: Self.owner)
        #expect(owner.upcast == .done(from: Self.one))
        #expect(Self.text(owner).contains(#""dataschema":"urn:m:3""#))
        #expect(Self.text(owner).hasSuffix(#""data":{"number":"7","money":{"amount":12},"unit":"CNY","hidden":"s"}}"#))
        let tax = try await Self.seen(lab, by: Self.tax)
        #expect(tax.withheld.map(\.pointer) == ["/hidden"] && tax.withheld[0].reason.compartment == "method")
        #expect(Self.text(tax).hasSuffix(#""data":{"number":"7","money":{"amount":12},"unit":"CNY"}}"#))
        let border = try await Self.seen(lab, by: Self.border)
        #expect(
            border.upcast == .done(from: Self.one) && border.withheld.map(\.pointer) == ["/money/amount", "/hidden"])
        #expect(Self.text(border).hasSuffix(#""data":{"number":"7","money":{},"unit":"CNY"}}"#))
        // Not asked for, it stays as it was appended.
        let plain = try await lab.ledger.read(.all, ReadRange(from: 2), for: Self.owner)
        guard case .entry(let event) = plain[0] else { throw Unseen() }
        #expect(event.upcast == nil && Self.text(event).contains(#""dataschema":"urn:m:1""#))
    }

    private static func refusal(
        _ lab: LedgerLab, by reader: Reader, _ upcasters: Upcasters? = nil
    ) async throws -> UpcastRefusal? {
        let event = try await seen(lab, by: reader, upcasters)
        guard case .refused(let refusal) = event.upcast else { return nil }
        #expect(text(event).contains(#""dataschema":"urn:m:1""#), "what is refused is given as it was appended")
        return refusal
    }

    @Test("A step that needs what is withheld is refused to whom it is withheld, and to nobody else")
    func withheld() async throws {
        let lab = try await Self.ledger(third: "doubling")
        #expect(try await Self.text(Self.seen(lab, by: Self.owner)).contains(#""money":{"amount":24}"#))
        let tax = try await Self.seen(lab, by: Self.tax)
        #expect(tax.upcast == .done(from: Self.one) && Self.text(tax).contains(#""money":{"amount":24}"#))
        let refusal = try await Self.refusal(lab, by: Self.border)
        #expect(refusal?.code == .withheld && refusal?.pointers == ["/money/amount"])
    }

    @Test(
        "An upcaster that is not known, that cannot do its work or makes what the schema refuses has its own mark",
        arguments: [
            ("nobody", UpcastRefusal.Code.unknownUpcaster), ("broken", .invalid), ("taken", .failed),
            ("nonsense", .failed), ("large", .tooLarge), ("same", .invalid),
        ])
    func refusals(name: String, code: UpcastRefusal.Code) async throws {
        let lab = try await Self.ledger(third: name)
        let refusal = try await Self.refusal(lab, by: Self.owner)
        #expect(refusal?.code == code, "\(String(describing: refusal))")
        #expect(try await Self.refusal(lab, by: Self.owner, .standard)?.code == .unknownUpcaster)
    }

    @Test("A version counts from when it is in force; an event of the latest is left alone")
    func times() async throws {
        let lab = try await Self.ledger(thirdFrom: "2099-01-01T00:00:00Z")
        let event = try await Self.seen(lab, by: Self.owner)
        #expect(Self.text(event).contains(#""dataschema":"urn:m:2""#) && Self.text(event).contains(#""secret":"s""#))
        let latest = LedgerLab.event(
            "sanhu.declaration.noted", Self.two, id: "2", #"{"number":"8","money":{"amount":3}}"#)
        _ = try await lab.ledger.append([latest], as: "CUS")
        let seen = try await lab.ledger.read(
            .all, ReadRange(from: 3), for: Self.owner, upcasting: Self.upcasters())
        let plain = try await lab.ledger.read(.all, ReadRange(from: 3), for: Self.owner)
        #expect(seen == plain)
    }

    @Test("What is recorded is the same, whether or not events are brought up")
    func records() async throws {
        let lab = try await Self.ledger()
        let before = try lab.ledger.accessLog.head
        _ = try await lab.ledger.read(.all, for: Self.tax)
        let plain = try lab.ledger.accessLog.head - before
        _ = try await lab.ledger.read(.all, for: Self.tax, upcasting: Self.upcasters())
        let both = try lab.ledger.accessLog.head - before
        #expect(plain > 0 && both == 2 * plain)
    }
}
