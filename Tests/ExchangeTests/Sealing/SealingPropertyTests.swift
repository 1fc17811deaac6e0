import JSON
import SelectiveDisclosure
import TestSupport
import Testing

@testable import Exchange

@Suite("Sealing, any plan and any event")
struct SealingPropertyTests {
    /// A schema with marks and an event for it, made by chance.
    struct Case {
        var schema = ""
        /// Properties of the data by pointer of their object, and whether each is optional and marked.
        var data = ""
        var isWhole = false
    }

    private static let names = ["a", "b", "_s", "d\u{e9}", "x y", "q\\\"", "货物"]

    private static func mark(_ dice: inout Dice, _ bytes: Int) -> String {
        let sharingClass = dice.pick(["public", "shared", "conditional", "restricted", "withheld"])
        let subject = dice.oneIn(3) ? ",\"subject\":\"/who\"" : ""
        return "\"x-sharing\":{\"class\":\"\(sharingClass)\",\"compartment\":\"\(dice.pick(["c", "d"]))\","
            + "\"owner\":\"\(dice.pick(["CUS", "TAX"]))\"\(subject),\"bytes\":\(bytes)}"
    }

    private static func value(_ dice: inout Dice) -> String {
        dice.pick(["1", "null", "\"\\u00e9\"", "{\"k\":[1,{\"z\":\"\"}]}", "[]", "\"货\"", "true", "-0.5"])
    }

    private static func object(_ dice: inout Dice, depth: Int, _ extra: (String, String)? = nil) -> (String, String) {
        var properties: [String] = []
        var required: [String] = []
        var members: [String] = []
        if let extra {
            properties.append(extra.0)
            members.append(extra.1)
        }
        for name in names where dice.oneIn(2) {
            let key = String(
                decoding: {
                    var w = JSONWriter(); w.string(name); return w.bytes
                }(), as: UTF8.self)
            switch dice.below(4) {
            case 0 where depth < 2:
                let (schema, value) = object(&dice, depth: depth + 1)
                required.append(key)
                properties.append("\(key):\(schema)")
                members.append("\(key):\(value)")
            case 1:
                let count = dice.within(1..<4)
                properties.append(
                    "\(key):{\"type\":\"array\",\"maxItems\":\(count),\(mark(&dice, 64 * count)),"
                        + "\"items\":{\(mark(&dice, 40).replacing(",\"subject\":\"/who\"", with: ""))}}")
                let elements = (0..<dice.below(count + 1)).map { _ in value(&dice) }
                if dice.oneIn(2) { members.append("\(key):[\(elements.joined(separator: ","))]") }
            case 2:
                properties.append("\(key):{}")
                if dice.oneIn(2) { members.append("\(key):\(value(&dice))") }
            default:
                properties.append("\(key):{\(mark(&dice, 30))}")
                if dice.oneIn(2) { members.append("\(key):\(value(&dice))") }
            }
        }
        let schema =
            "{\"type\":\"object\",\"required\":[\(required.joined(separator: ","))],"
            + "\"properties\":{\(properties.joined(separator: ","))}}"
        return (schema, "{\(members.shuffled(using: &dice).joined(separator: ","))}")
    }

    static func make(_ dice: inout Dice) -> Case {
        var (schema, data) = object(&dice, depth: 0, ("\"who\":{}", "\"who\":\"Li\""))
        var result = Case()
        if dice.oneIn(3) {
            result.isWhole = true
            schema = "{\(mark(&dice, 4_000).replacing("public", with: "shared"))," + schema.dropFirst()
        }
        result.schema = schema
        result.data = data
        data = ""
        return result
    }

    @Test(
        "Everything opened is the original, and any subset reads as RFC 9901 has it",
        arguments: 0..<400)
    func roundTrip(_ seed: UInt64) throws {
        var dice = Dice(seed: seed)
        let made = Self.make(&dice)
        let plan = try SealingFixture.plan(made.schema)
        let event = try SealingFixture.event(made.data)
        let sealed = try SealingFixture.seal(event, plan)
        #expect(sealed.event.rows.count == plan.fields.count)
        #expect(
            try SealingFixture.canonical(sealed.merged().event) == SealingFixture.canonical(event.bytes), "seed \(seed)"
        )
        let chosen = plan.fields.map { _ in dice.oneIn(2) }
        let some = try sealed.merged { chosen[$0] }
        // The same by the rules of RFC 9901, for those whose parents are chosen too.
        var given: [Disclosure] = []
        for slot in plan.slots.indices where chosen[slot] {
            var parent = plan.slots[slot].parent
            var isReachable = true
            while let at = parent {
                isReachable = isReachable && chosen[at]
                parent = plan.slots[at].parent
            }
            guard isReachable, case .value(let json, _) = sealed.open(slot) else { continue }
            given.append(try Disclosure(json: json))
        }
        let naive = try SealedPayload(sealed.event.event).processed(with: given)
        if made.isWhole, chosen[0] {
            let text = try SealingFixture.canonical(some.event)
            let data = try #require(try JSONDocument(parsing: naive).root["data"]?["data"])
            #expect(try text == SealingFixture.canonical(Self.event(of: data)), "seed \(seed)")
        } else {
            #expect(some.event == naive, "seed \(seed)")
        }
    }

    private static func event(of data: JSONValue) throws -> [UInt8] {
        try SealingFixture.event(String(decoding: data.text, as: UTF8.self)).bytes
    }

    @Test("Events that differ in which optional fields they have look alike to who may open none", arguments: 0..<300)
    func alike(_ seed: UInt64) throws {
        var dice = Dice(seed: seed)
        let made = Self.make(&dice)
        let plan = try SealingFixture.plan(made.schema)
        let full = try JSONDocument(parsing: Array(made.data.utf8))
        // The same event without one marked property at the top, if it has one.
        let marked = Set(plan.fields.map(\.pointer))
        let candidates = full.root.members.filter {
            made.isWhole || marked.contains(JSONPointer(tokens: [$0.key]).description)
        }
        guard let dropped = candidates.randomElement(using: &dice), dropped.key != "who" else { return }
        let required = try JSONDocument(parsing: Array(made.schema.utf8)).root["required"]?.elements.map(\.string) ?? []
        guard !required.contains(dropped.key) else { return }
        var writer = JSONWriter()
        writer.object { writer in
            for (key, value) in full.root.members where key != dropped.key {
                writer.key(key)
                writer.raw(value.text)
            }
        }
        let with = try SealingFixture.seal(try SealingFixture.event(made.data), plan)
        let without = try SealingFixture.seal(
            try SealingFixture.event(String(decoding: writer.bytes, as: UTF8.self)), plan)
        #expect(with.event.event.count == without.event.event.count, "seed \(seed)")
        #expect(try with.digests == without.digests, "seed \(seed)")
        #expect(with.event.rows.map(\.count) == without.event.rows.map(\.count), "seed \(seed)")
        #expect(with.event.rows.map { $0[0] } == without.event.rows.map { $0[0] }, "seed \(seed)")
    }
}
