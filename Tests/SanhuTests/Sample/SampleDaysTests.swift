import Clearance
import EventLog
import Foundation
import JSON
import JSONSchema
import Testing

@testable import sanhu

@Suite("Whole days of the sample")
struct SampleDaysTests {
    private static let later = SampleTime(year: 2019, month: 11, day: 4, hour: 0)

    /// Days before and after the merger, those across it, and other ports.
    private static let generators = [
        SampleGenerator(seed: 1, days: 1),
        SampleGenerator(
            seed: 7, port: .all[1], from: SampleTime(year: 2018, month: 4, day: 19, hour: 0), days: 2,
            declarationsPerDay: 60),
        SampleGenerator(seed: 99, port: .all[2], from: later, days: 1, declarationsPerDay: 60),
    ]

    @Test("Every event is valid, within its agency's powers, and tells nothing in the clear", arguments: generators)
    func eventsAreValid(generator: SampleGenerator) throws {
        let known = try PortSchemas()
        var drafts = generator.makeDrafts(includesRefused: true)
        var (forms, ids, last): (Set<String>, Set<String>, SampleTime) = ([], [], generator.opening)
        while let (step, draft) = drafts.nextStep() {
            let event = try JSONDocument(parsing: draft.event).root
            let form = step.form
            forms.insert(form)
            let schema = try #require(known.schemas[form], "\(form)")
            let data = try #require(event["data"])
            let document = try JSONDocument(parsing: Array(data.text))
            let violations = try schema.validate(document.tape, document.bytes.span)
            #expect(violations.isEmpty, "\(step.id) \(form): \(violations)")
            #expect(
                known.mayAppend(
                    draft.agency, "sanhu.\(step.name)", at: generator.port.locode, on: step.recorded.dateText),
                "\(draft.agency) \(form) \(step.recorded.text)")
            #expect(event["source"]?.string?.hasPrefix("/\(draft.agency)/") == true)
            #expect(step.time <= step.recorded && last <= step.recorded, "\(step.id)")
            last = step.recorded
            if case .again = step.role {
                #expect(ids.contains(step.id))
            } else {
                #expect(ids.insert(step.id).inserted, "\(step.id)")
            }
            let hidden = hidden(in: data, known.marked[form] ?? [])
            let subject = (event["subject"]?.string ?? "").drop { $0 != ":" }.dropFirst()
            let open = [step.id, String(subject)] + draft.tags.map { String($0.value) }
            #expect(!open.contains { text in hidden.contains(text) }, "\(form): \(open)")
            // Whom what is sealed as a whole addresses: the ledger blinds that as well.
            let isAddressed = draft.tags.allSatisfy { $0.isOf(kind: "agency") }
            #expect(known.marked[form] != .some(nil) || isAddressed, "\(form)")
            #expect(draft.event.count < 60_000)
        }
        #expect(forms == Set(known.schemas.keys))
    }

    /// The texts of what is marked; nil for the names of what is sealed as a whole.
    private func hidden(in data: JSONValue, _ marked: Set<String>?) -> [String] {
        func texts(_ value: JSONValue) -> [String] {
            switch value.kind {
            case .string: [value.string ?? ""].filter { $0.utf8.count > 4 }
            case .array: value.elements.flatMap(texts)
            case .object: value.members.flatMap { texts($0.value) }
            default: []
            }
        }
        return data.members.filter { marked?.contains($0.key) ?? true }.flatMap { texts($0.value) }
    }

    @Test("The same seed gives the same bytes, and a story is the same whatever else is told")
    func sameSeedSameBytes() {
        func lines(_ days: Int, _ from: SampleGenerator) -> [[UInt8]] { from.makeDrafts().map(\.event) }
        let one = SampleGenerator(seed: 5, days: 1, declarationsPerDay: 48)
        let two = SampleGenerator(seed: 5, days: 2, declarationsPerDay: 48)
        let (first, both) = (lines(1, one), lines(2, two))
        #expect(first == lines(1, one))
        // Positions differ, as other stories stand between.
        let changed = Set(first).subtracting(both)
        #expect(changed.count < 60 && changed.count < first.count / 10, "\(changed.count) of \(first.count)")
    }

    @Test("S51 Every draw runs again: commitment, pool, picks and officers, and what is picked is inspected")
    func drawsVerify() throws {
        let drafts = Array(SampleGenerator(seed: 3, days: 2, declarationsPerDay: 60).makeDrafts())
        let events = try drafts.map { try JSONDocument(parsing: $0.event).root }
        func stage(_ name: String) -> [JSONValue] {
            events.filter { $0["type"]?.string == "sanhu.selection.drawn" && $0["data"]?["stage"]?.string == name }
                .compactMap { $0["data"] }
        }
        let revealed = stage("revealed")
        #expect(revealed.count == 2)
        for data in revealed {
            let digits = try #require(data["seed"]?.string)
            let seed = stride(from: 0, to: digits.utf8.count, by: 2).compactMap {
                UInt8(digits.dropFirst($0).prefix(2), radix: 16)
            }
            let pool = try #require(data["pool"]).elements.compactMap(\.string)
            let draw = try Draw(seed: seed, pool: pool)
            let name = data["draw"]?.string
            let committed = try #require(stage("committed").first { $0["draw"]?.string == name })
            let drawn = try #require(stage("drawn").first { $0["draw"]?.string == name })
            #expect(committed["commitment"]?.string == Draw.commitment(to: seed))
            let count = (pool.count * SampleDraw.rate + 9_999) / 10_000
            #expect(drawn["picks"]?.elements.compactMap(\.string) == draw.picks(count))
            let orders = events.filter {
                $0["data"]?["draw"]?.string == name && $0["data"]?["method"]?.string == "random"
            }
            let inspected = orders.flatMap { $0["data"]?["containers"]?.elements.compactMap(\.string) ?? [] }
            #expect(draw.picks(count).allSatisfy { inspected.contains(String($0.dropFirst("container:".count))) })
        }
    }

    @Test("Some things go wrong: late, twice, refused; and each role is marked")
    func thingsGoWrong() throws {
        let steps = Array(SampleGenerator(seed: 1, days: 1).makeSteps())
        let late = steps.filter { $0.recorded.seconds - $0.time.seconds > 2 * SampleTime.hour }
        #expect(late.count > 5)
        #expect(steps.contains { if case .again = $0.role { true } else { false } })
        let rules = Set(steps.compactMap { if case .refused(let rule) = $0.role { rule } else { nil } })
        #expect(
            rules == [
                "permit-balance", "one-release", "guarantee-limit", "recognition", "laboratory", "competence", "draw",
                "seal-chain", "sequence", "reference", "identifiers",
            ])
        let concluded = Set(steps.filter { $0.role == .concluded }.map(\.form))
        #expect(
            concluded == [
                "inspection.notified", "release.completed", "notice.issued", "rule.breached", "disclosure.expired",
            ])
    }

    @Test("What is held does not grow with the days")
    func memoryIsBounded() {
        func mostHeld(_ days: Int) -> Int {
            var steps = SampleGenerator(seed: 4, days: days, declarationsPerDay: 48).makeSteps()
            var most = 0
            while steps.next() != nil { most = max(most, steps.held) }
            return most
        }
        #expect(mostHeld(24) < mostHeld(12) * 5 / 4)
    }
}
