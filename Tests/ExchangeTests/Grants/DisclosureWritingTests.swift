import EventLog
import Exchange
import JSON
import TestSupport
import Testing

@Suite("Events of disclosure that are composed")
struct DisclosureWritingTests {
    private static func read(_ event: DisclosureEvent, _ detail: DisclosureDetail? = nil) throws -> DisclosureEvent? {
        try DisclosureEvent(type: event.type, data: JSONDocument(parsing: event.data(detail)).root)
    }

    @Test("What is written is read as the same event, whatever it says", arguments: 0..<400)
    func roundTrip(_ seed: UInt64) throws {
        var dice = Dice(seed: seed)
        for _ in 0..<5 {
            let event = Self.event(&dice)
            #expect(try Self.read(event) == event, "seed \(seed): \(event)")
            #expect(try event.data() == event.data())
        }
    }

    @Test("Samples written by hand are read, written and read as the same")
    func samples() throws {
        for (type, data) in GrantSamples.valid {
            let event = try #require(try GrantSamples.event(type, data))
            #expect(event.type == "sanhu." + type)
            #expect(try Self.read(event) == event)
        }
    }

    @Test("What is sealed is written where the schema marks it, and only where it belongs")
    func details() throws {
        let asking = DisclosureEvent.requested(DisclosureRequest(asked()))
        let helping = DisclosureEvent.assistanceRequested(
            AssistanceRequest(.smuggling, asked(), deadline: hour(10)))
        let answer = DisclosureEvent.assistanceAnswered(AssistanceAnswer(to: 1, .provided))
        for (event, detail, key) in [
            (asking, DisclosureDetail.text("why"), "purposeDetail"), (helping, .text("whom"), "subject"),
            (answer, .evidence(["sha256:00"]), "evidence"),
        ] {
            let root = try JSONDocument(parsing: event.data(detail)).root
            #expect(root[key] != nil)
            #expect(try Self.read(event, detail) == event)
        }
        let misplaced: [(DisclosureEvent, DisclosureDetail)] = [
            (asking, .evidence(["x"])), (answer, .text("x")), (.expired(grant: 1), .text("x")),
            (asking, .text("")), (asking, .text(String(repeating: "x", count: 4001))), (answer, .evidence([])),
        ]
        for (event, detail) in misplaced {
            #expect(throws: ExchangeError.self, "\(event) \(detail)") { try event.data(detail) }
        }
    }

    @Test("What could not be read again is not written")
    func unreadable() throws {
        let foreign = asked(fields: FieldSelector(owners: ["CUS", "TAX"], compartments: ["x"]))
        let ruling = DisclosureRuling(
            on: 1, .partly, reasons: ["x"], part: .init(fields: FieldSelector(owners: ["CUS"], compartments: ["x"])))
        let events: [DisclosureEvent] = [
            .requested(DisclosureRequest(foreign)), .decided(ruling),
            .requested(DisclosureRequest(asked(fields: FieldSelector(owners: ["CUS"])))),
            .requested(DisclosureRequest(asked(objects: []))), .requested(DisclosureRequest(asked(caseName: ""))),
            .requested(DisclosureRequest(asked(fields: FieldSelector(owners: ["CUS"], classes: [.withheld])))),
            .decided(DisclosureRuling(on: 1, .granted, reasons: [])),
            .decided(DisclosureRuling(on: 1, .partly, reasons: ["x"])),
            .decided(DisclosureRuling(on: 1, .granted, reasons: ["x"], part: .init(to: hour(1)))),
            .revoked(grant: 1, reasons: []), .revoked(grant: 1, reasons: ["a", "a"]),
            .checked(request: 1, conforms: false, reasons: []), .revoked(grant: .max, reasons: ["x"]),
        ]
        for event in events { #expect(throws: ExchangeError.self, "\(event)") { try event.data() } }
    }

    private static func event(_ dice: inout Dice) -> DisclosureEvent {
        let position = Position(dice.below(1 << 40))
        switch dice.below(10) {
        case 0: return .requested(DisclosureRequest(scope(&dice), under: dice.oneIn(2) ? position : nil))
        case 1:
            let conforms = dice.oneIn(2)
            return .checked(
                request: position, conforms: conforms, reasons: conforms && dice.oneIn(2) ? [] : texts(&dice))
        case 2: return .decided(DisclosureRuling(on: position, .partly, reasons: texts(&dice), part: part(&dice)))
        case 3: return .decided(DisclosureRuling(on: position, dice.pick([.granted, .denied]), reasons: texts(&dice)))
        case 4: return dice.oneIn(2) ? .expired(grant: position) : .lapsed(request: position)
        case 5: return .revoked(grant: position, reasons: texts(&dice))
        case 6: return .disputed(decision: position, reasons: texts(&dice))
        case 7:
            let scope = scope(&dice)
            return .assistanceRequested(
                AssistanceRequest(dice.pick(AssistanceKind.allCases), scope, deadline: scope.to))
        case 8:
            let result = dice.pick(AssistanceAnswer.Result.allCases)
            let reasons = result == .provided && dice.oneIn(2) ? [] : texts(&dice)
            return .assistanceAnswered(AssistanceAnswer(to: position, result, reasons: reasons))
        default: return .assistanceClosed(assistance: position, reasons: dice.oneIn(2) ? [] : texts(&dice))
        }
    }

    private static func texts(_ dice: inout Dice) -> [String] {
        let all = ["第五条", "a \"quoted\" \\ text", "é", "line\u{2028}two", "🛳", String(repeating: "x", count: 900)]
        return (0...dice.below(4)).map { dice.pick(all) + "\($0)" }
    }

    private static func fields(_ dice: inout Dice, owners: [String]) -> FieldSelector {
        FieldSelector(
            types: dice.oneIn(2) ? ["sanhu.a", "sanhu.b"] : [], owners: owners,
            compartments: dice.oneIn(2) ? ["personal"] : [],
            classes: dice.pick([[], [.conditional], [.restricted, .conditional]]),
            pointers: ["/a~1b/\(dice.below(9))", "/"])
    }

    private static func scope(_ dice: inout Dice) -> DisclosureScope {
        let from = dice.oneIn(2) ? nil : hour(dice.below(100))
        return DisclosureScope(
            owner: "CUS", fields: fields(&dice, owners: ["CUS"]), roles: dice.oneIn(2) ? [] : ["assessor", "x:y"],
            objects: (0...dice.below(3)).map { tag("declaration:货 \($0)") }, purpose: "duty", caseName: "案 7",
            from: from, to: Timestamp(microseconds: hour(101).microseconds + Int64(dice.below(1_000_000))))
    }

    private static func part(_ dice: inout Dice) -> DisclosureRuling.Part {
        DisclosureRuling.Part(
            fields: dice.oneIn(2) ? nil : fields(&dice, owners: []), roles: dice.oneIn(2) ? nil : ["assessor"],
            objects: dice.oneIn(2) ? nil : [tag("declaration:1")], from: dice.oneIn(2) ? nil : hour(3), to: hour(7))
    }
}
