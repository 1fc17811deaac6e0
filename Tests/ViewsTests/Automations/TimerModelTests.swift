import EventLog
import Exchange
import JSON
import TestSupport
import Testing

@testable import Views

/// Timers, compared with a model that says of each by itself whether and when it goes off.
@Suite("Timers against a model")
struct TimerModelTests {
    private enum Act {
        case append
        case schedule(String, Int64)
        case cancel(String)
    }

    private struct Step {
        let recorded: Int64
        let objects: [String]
        let acts: [Act]
    }

    private static func steps(_ dice: inout Dice) -> [Step] {
        var time: Int64 = 1_000
        return (0..<1 + dice.below(30)).map { _ in
            time += Int64(dice.below(4))
            let objects = (0..<3).filter { _ in dice.oneIn(2) }.map { "o:\($0)" }
            let acts = (0..<dice.below(4)).map { _ in
                let name = ["a", "b", "B"][dice.below(3)]
                switch dice.below(4) {
                case 0: return Act.append
                case 1: return .cancel(name)
                default: return .schedule(name, time + Int64(dice.below(9)) - 1)
                }
            }
            return Step(recorded: time, objects: objects, acts: acts)
        }
    }

    /// Does what the step of an event's number says, with a mark of where it comes from.
    private static func automation(_ steps: [Step]) -> Automation {
        Automation(
            name: "model", version: 1, query: .all, kinds: ["o"], agency: "SW",
            fold: { (_: inout DeadlineSample.Count, _) in },
            react: { _, object, event in
                steps[Int(event.position)].acts.enumerated().map { number, act in
                    let mark = Automation.Appending(
                        type: "t", data: Array(#""\#(event.position) \#(object) \#(number)""#.utf8))
                    switch act {
                    case .append: return .append(mark)
                    case .schedule(let name, let due):
                        return .schedule(name: name, at: Timestamp(microseconds: due), mark)
                    case .cancel(let name): return .cancel(name: name)
                    }
                }
            })
    }

    /// What is appended up to a time, in order.
    private static func model(_ steps: [Step], until end: Int64) -> [String] {
        struct Change {
            let step: Int
            let object: String
            let name: String
            let due: Int64?
            let mark: String
        }
        var changes: [Change] = []
        var said: [(step: Int, rank: (Int64, String, String), mark: String)] = []
        for (number, step) in steps.enumerated() {
            for object in step.objects {
                for (place, act) in step.acts.enumerated() {
                    let mark = "\(number) \(object) \(place)"
                    switch act {
                    // After the timers that go off before the event.
                    case .append: said.append((number, (.max, "", ""), mark))
                    case .schedule(let name, let due):
                        changes.append(Change(step: number, object: object, name: name, due: due, mark: mark))
                    case .cancel(let name):
                        changes.append(Change(step: number, object: object, name: name, due: nil, mark: mark))
                    }
                }
            }
        }
        for (index, change) in changes.enumerated() {
            guard let due = change.due else { continue }
            let isTaken = changes[(index + 1)...].contains { other in
                other.object == change.object && other.name == change.name
                    && (other.step == change.step || steps[other.step].recorded < due)
            }
            let passing = steps.indices.first { $0 > change.step && steps[$0].recorded >= due }
            guard !isTaken, passing != nil || due <= end else { continue }
            said.append((passing ?? steps.count, (due, change.object, change.name), change.mark))
        }
        // Equal ranks are appends of one event, which stand in their order.
        return said.enumerated().sorted { left, right in
            if left.element.step != right.element.step { return left.element.step < right.element.step }
            if left.element.rank != right.element.rank { return left.element.rank < right.element.rank }
            return left.offset < right.offset
        }.map(\.element.mark)
    }

    @Test("What goes off, once and in which order, is what the model says; 2,000 by chance")
    func differential() throws {
        var dice = LongForm.dice("timers")
        var (fired, total) = (0, 0)
        for _ in 0..<LongForm.scaled(2_000, full: 100_000) {
            let steps = Self.steps(&dice)
            let automation = Self.automation(steps)
            var desk = AutomationDesk()
            let root = try JSONDocument(parsing: Array("{}".utf8)).root
            for (number, step) in steps.enumerated() {
                let event = LedgerEvent(
                    position: Position(number), recorded: Timestamp(microseconds: step.recorded), agency: "CUS",
                    type: "t", identity: EventIdentity(source: "/CUS", id: "\(number)"),
                    tags: step.objects.map(ViewLab.tag), root: root)
                try desk.take(event, by: automation, isReacting: true)
            }
            let end = (steps.last?.recorded ?? 0) + Int64(dice.below(9))
            desk.elapse(to: Timestamp(microseconds: end), at: Position(steps.count))
            let said = desk.outbox.map {
                String(decoding: $0.pending.appending.data.dropFirst().dropLast(), as: UTF8.self)
            }
            let wanted = Self.model(steps, until: end)
            guard said == wanted else {
                Issue.record("seed \(dice.seed): \(steps) came to \(said), not \(wanted)")
                return
            }
            fired += said.count
            total += steps.count
        }
        #expect(fired > total)
    }
}
