import JSON
import SelectiveDisclosure
import Testing

@testable import Exchange

@Suite("Events that agencies seal themselves")
struct HandedOverEventTests {
    /// A disclosure, by default with a salt that no other name and value has here.
    private static func disclosure(_ name: String?, _ value: String, _ salt: String? = nil) throws -> Disclosure {
        let own =
            "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" + ((name ?? "") + value).filter { $0.isLetter || $0.isNumber }.prefix(20)
        let salt = salt ?? own
        let name = name.map { "\"\($0)\"," } ?? ""
        return try Disclosure(json: Array("[\"\(salt)\",\(name)\(value)]".utf8))
    }

    private static func event(_ root: [Disclosure], _ commercial: [Disclosure], _ clear: String = "") -> [UInt8] {
        func digests(_ disclosures: [Disclosure]) -> String {
            "\"_sd\":[" + disclosures.map { "\"\($0.digest)\"" }.joined(separator: ",") + "]"
        }
        return Array(
            ("{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/cus/a\",\"type\":\"t\",\"data\":{\"goods\":\"1\","
                + "\"importer\":\"9131\",\"commercial\":{\(clear)\(digests(commercial))},\(digests(root))}}").utf8)
    }

    @discardableResult
    private static func take(
        _ event: [UInt8], _ disclosures: [Disclosure]
    ) throws -> (merged: JSONDocument, sealed: SealingFixture.Sealed) {
        let plan = try SealingFixture.plan(SealingFixture.declaration)
        let handed = try HandedOverEvent(event, disclosures: disclosures.map(\.encoded), agency: "CUS", plan: plan)
        let keys = handed.plain.references.map(SealingFixture.key)
        var sealer = EventSealer()
        return (handed.merged, .init(plan: plan, event: try sealer.seal(handed, keys: keys), keys: keys))
    }

    @Test("Its bytes stay, its rows open to what was handed over, and decoys to nothing")
    func accepted() throws {
        let price = try Self.disclosure("price", "7")
        let decoy = try Self.disclosure("x", "1")
        let seller = try Self.disclosure("seller", "\"Acme\"")
        let event = Self.event([price, decoy], [seller])
        let (merged, sealed) = try Self.take(event, [seller, price])
        #expect(sealed.event.event == event)
        #expect(sealed.open(0) == .value(json: price.json, digest: price.digest))
        #expect(sealed.open(1) == .value(json: seller.json, digest: seller.digest))
        for ordinal in 2..<6 { #expect(sealed.open(ordinal) == .decoy) }
        #expect(try sealed.merged().event == merged.bytes)
        let own = try SealingFixture.seal(try SealingFixture.event(SealingFixture.data), sealed.plan)
        #expect(own.event.rows.map(\.count) == sealed.event.rows.map(\.count))
        #expect(merged.root["data"]?["price"]?.integer == 7)
    }

    @Test("Persons are disclosures within the array's, decoys behind them")
    func persons() throws {
        let one = try Self.disclosure(nil, #"{"id":"p1"}"#)
        let decoys = try [Self.disclosure(nil, "1"), Self.disclosure(nil, "2")]
        func crew(_ elements: [Disclosure]) throws -> Disclosure {
            try Self.disclosure(
                "crew", "[" + elements.map { "{\"...\":\"\($0.digest)\"}" }.joined(separator: ",") + "]")
        }
        let (price, seller) = (try Self.disclosure("price", "7"), try Self.disclosure("seller", "\"A\""))
        let array = try crew([one] + decoys)
        let (_, sealed) = try Self.take(Self.event([price, array], [seller]), [array, one])
        #expect(sealed.open(3) == .value(json: one.json, digest: one.digest))
        #expect(sealed.open(4) == .decoy)
        #expect(sealed.keys[3].number == SealingFixture.key(KeyReference(.named("p1"), compartment: "personal")).number)
        let gap = try crew([decoys[0], one, decoys[1]])
        #expect(throws: ExchangeError.self) { try Self.take(Self.event([price, gap], [seller]), [gap, one]) }
        let short = try crew([one])
        #expect(throws: ExchangeError.self) { try Self.take(Self.event([price, short], [seller]), [short, one]) }
    }

    @Test("A disclosure that does not match, is named otherwise, or digests of another number are refused")
    func mismatch() throws {
        let (price, seller) = (try Self.disclosure("price", "7"), try Self.disclosure("seller", "\"Acme\""))
        let (decoy, other) = (try Self.disclosure("x", "1"), try Self.disclosure("price", "8"))
        let cases: [([UInt8], [Disclosure])] = [
            (Self.event([price, decoy], [seller]), [other]),
            (Self.event([price, decoy], [seller]), [price, price]),
            (Self.event([price, decoy], [seller]), [decoy]),
            (Self.event([price], [seller]), [price]),
            (Self.event([price, decoy, other], [seller]), [price]),
            (Self.event([price, other], [seller]), [price, other]),
            (Self.event([seller, decoy], [price]), [seller, price]),
            (Self.event([price, decoy], []), [price]),
            (Self.event([price, decoy], [other], "\"seller\":\"A\","), [price]),
        ]
        for (index, (event, disclosures)) in cases.enumerated() {
            let error = #expect(throws: ExchangeError.self, "case \(index)") { try Self.take(event, disclosures) }
            #expect(error?.code == .digestMismatch, "case \(index)")
        }
    }

    @Test("White space, and a value larger than its mark, are refused")
    func form() throws {
        let (price, decoy) = (try Self.disclosure("price", "7"), try Self.disclosure("x", "1"))
        let seller = try Self.disclosure("seller", "\"A\"")
        let loose = #expect(throws: ExchangeError.self) {
            try Self.take(Self.event([price, decoy], [seller]) + [0x20], [price])
        }
        #expect(loose?.code == .eventInvalid)
        let large = try Self.disclosure("price", "\"\(String(repeating: "1", count: 90))\"")
        let tooLarge = #expect(throws: ExchangeError.self) {
            try Self.take(Self.event([large, decoy], [seller]), [large])
        }
        #expect(tooLarge?.code == .valueTooLarge)
    }
}
