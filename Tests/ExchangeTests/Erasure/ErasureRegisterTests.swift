import EventLog
import JSON
import JSONSchema
import TestSupport
import Testing
import Transparency

@testable import Exchange

@Suite("The fold over erasures and legal holds")
struct ErasureRegisterTests {
    private static func event(_ type: String, _ data: String) throws -> ErasureEvent? {
        try ErasureEvent(type: "sanhu." + type, data: CharterLab.json(data))
    }

    private static let subject = #""subject":"AAECAwQFBgcICQoLDA0ODw""#
    private static let bytes = (0..<16).map { UInt8($0) }

    @Test("Events are read as they are written, and by what their schemas say")
    func reading() throws {
        let ordered = try Self.event("erasure.ordered", #"{"fence":3,\#(Self.subject),"basis":"b","_sd":["x"]}"#)
        #expect(ordered == .ordered(ErasureFence(number: 3, subject: Self.bytes), basis: "b"))
        let placed = try Self.event("legalhold.placed", #"{\#(Self.subject),"case":"c","basis":"b","officer":"o"}"#)
        #expect(placed == .holdPlaced(subject: Self.bytes, caseName: "c", basis: "b"))
        #expect(try Self.event("legalhold.lifted", #"{"hold":9,"reason":"r"}"#) == .holdLifted(hold: 9))
        #expect(try Self.event("hold.placed", "{}") == nil)
        for (event, name) in zip(
            [ordered, placed, .holdLifted(hold: 9)], ["erasure.ordered", "legalhold.placed", "legalhold.lifted"])
        {
            let event = try #require(event)
            let text = event.event(
                id: "1", source: "/CUS", schema: "urn:s", ErasureGrounds(basis: "b", reason: "r", officer: "o"))
            let root = try JSONDocument(parsing: text).root
            let data = try #require(root["data"])
            #expect(try ErasureEvent(type: "sanhu." + name, data: data) == event)
            #expect(root["type"]?.string == "sanhu." + name)
            #expect(try Self.violations(name, data) == 0)
        }
    }

    private static func violations(_ name: String, _ data: JSONValue) throws -> Int {
        var registry = SchemaRegistry()
        try registry.register(JSONDocument(parsing: CharterLab.file(name + ".schema.json")), at: "urn:s")
        let document = try JSONDocument(parsing: Array(data.text))
        return try registry.compile("urn:s").validate(document.tape, document.bytes.span).count
    }

    @Test(
        "What is malformed is refused, with its path, by reader and schema alike",
        arguments: [
            ("erasure.ordered", #"{"fence":0,SUBJECT,"basis":"b"}"#, "/fence"),
            ("erasure.ordered", #"{"fence":-1,SUBJECT,"basis":"b"}"#, "/fence"),
            ("erasure.ordered", #"{SUBJECT,"basis":"b"}"#, "/fence"),
            ("erasure.ordered", #"{"fence":1,"basis":"b"}"#, "/subject"),
            ("erasure.ordered", #"{"fence":1,"subject":"AAECAwQFBgcICQoLDA0ODx","basis":"b"}"#, "/subject"),
            ("erasure.ordered", #"{"fence":1,"subject":"AAECAwQFBgcICQoLDA0O","basis":"b"}"#, "/subject"),
            ("erasure.ordered", #"{"fence":1,"subject":"Li Hua","basis":"b"}"#, "/subject"),
            ("erasure.ordered", #"{"fence":1,SUBJECT}"#, "/basis"),
            ("erasure.ordered", #"{"fence":1,SUBJECT,"basis":"b","name":"Li Hua"}"#, "/name"),
            ("legalhold.placed", #"{SUBJECT,"basis":"b"}"#, "/case"),
            ("legalhold.placed", #"{SUBJECT,"case":"","basis":"b"}"#, "/case"),
            ("legalhold.lifted", #"{"hold":"1"}"#, "/hold"), ("legalhold.lifted", "{}", "/hold"),
        ])
    func malformed(_ type: String, _ data: String, _ path: String) throws {
        let data = data.replacing("SUBJECT", with: Self.subject)
        let error = #expect(throws: ExchangeError.self) { try Self.event(type, data) }
        #expect(error?.code == .eventInvalid && error?.pointer == path)
        #expect(try Self.violations(type, CharterLab.json(data)) > 0)
    }

    /// Holds and erasures as a list of what was said, gone through anew for each question.
    private struct Naive {
        var said: [(position: Position, event: ErasureEvent, agency: String)] = []

        func isErased(_ subject: [UInt8]) -> Bool {
            said.contains { if case .ordered(let fence, _) = $0.event { fence.subject == subject } else { false } }
        }

        func holds(_ subject: [UInt8]) -> [Position] {
            said.filter { item in
                guard case .holdPlaced(subject, _, _) = item.event else { return false }
                return !said.contains { $0.event == .holdLifted(hold: item.position) }
            }.map(\.position)
        }

        func code(_ event: ErasureEvent, by agency: String) -> ExchangeError.Code? {
            switch event {
            case .ordered(let fence, _):
                let numbers = said.compactMap { item in
                    if case .ordered(let fence, _) = item.event { fence.number } else { nil }
                }
                if ([0] + numbers).contains(where: { $0 >= fence.number }) { return .conflict }
                if isErased(fence.subject) { return .subjectErased }
                return holds(fence.subject).isEmpty ? nil : .legalHold
            case .holdPlaced(let subject, _, _): return isErased(subject) ? .subjectErased : nil
            case .holdLifted(let position):
                guard let item = said.first(where: { $0.position == position }),
                    case .holdPlaced(let subject, _, _) = item.event, holds(subject).contains(position)
                else { return .unknownHold }
                return item.agency == agency ? nil : .notOwner
            }
        }
    }

    @Test(
        "Whatever comes, in whatever order, the fold says the same as a naive one",
        arguments: 1...40 as ClosedRange<UInt64>)
    func differential(_ seed: UInt64) throws {
        var dice = Dice(seed: seed)
        var (register, naive) = (ErasureRegister(), Naive())
        let subjects = (0..<4).map { [UInt8](repeating: UInt8($0), count: 16) }
        for position in 0..<Position(80) {
            let subject = dice.pick(subjects)
            let event: ErasureEvent =
                switch dice.below(6) {
                case 0:
                    .ordered(
                        ErasureFence(number: register.lastFence + UInt64(dice.below(3)), subject: subject), basis: "b")
                case 1, 2: .holdPlaced(subject: subject, caseName: "c", basis: "b")
                default: .holdLifted(hold: Position(dice.below(Int(position) + 1)))
                }
            let agency = dice.pick(["CUS", "TAX"])
            let expected = naive.code(event, by: agency)
            var code: ExchangeError.Code?
            do throws(ExchangeError) {
                try register.apply(
                    event, by: agency, under: nil, at: RecordedAt(position, Timestamp(microseconds: Int64(position))))
            } catch {
                code = error.code
            }
            #expect(code == expected, "seed \(seed), position \(position), \(event)")
            if expected == nil { naive.said.append((position, event, agency)) }
            for subject in subjects {
                #expect(register.hold(on: subject)?.position == naive.holds(subject).first, "seed \(seed)")
                #expect((register.fence(of: subject) != nil) == naive.isErased(subject), "seed \(seed)")
            }
        }
    }

    @Test("The successor of an agency may lift its holds, and none but it")
    func successors() throws {
        let merger = #"{"op":"end","kind":"agency","value":{"code":"CIQ","into":"CUS"}}"#
        let charter = try CharterLab.charter()
        var register = ErasureRegister()
        let time = try CharterLab.time("2016-02-01")
        try register.apply(
            .holdPlaced(subject: Self.bytes, caseName: "c", basis: "b"), by: "CIQ", under: charter,
            at: RecordedAt(1, time))
        let later = try CharterLab.time("2016-07-01")
        let merged = try charter.amended(merger)
        for (agency, code) in [("TAX", ExchangeError.Code.notOwner), ("CIQ", .notOwner)] {
            let error = #expect(throws: ExchangeError.self) {
                try register.check(.holdLifted(hold: 1), by: agency, under: merged, at: later)
            }
            #expect(error?.code == code)
        }
        try register.apply(.holdLifted(hold: 1), by: "CUS", under: merged, at: RecordedAt(9, later))
        #expect(register.hold(on: Self.bytes) == nil && register.hold(at: 1)?.lifted == 9)
    }
}
