import Clearance
import EventLog
import Exchange
import Synchronization
import Views

/// Plays a sample into a ledger: each event is appended as its agency, by the rules of the port, at its time, with the port's
/// automations at work.
///
/// Stories go side by side, each in its own order. The clock of the ledger follows: what is recorded carries the time of the story,
/// to a minute. At every quarter of an hour the automations are brought to rest.
final class SamplePlayer: Sendable {
    /// How many stories are under way at once.
    static let together = 64
    /// How many seconds of the story may be under way at once: nothing is recorded later than it should be by more.
    private static let slice = 60
    private static let quarter = 15 * SampleTime.minute

    private let ledger: ExchangeLedger
    private let book: Rulebook
    private let clock: SampleClock
    private let runners: [AutomationRunner]
    /// What the ledger and its automations append themselves.
    private let concluded: Set<String>
    private struct State {
        var positions = SamplePositions()
        var tally = SampleTally()
    }
    private let state = Mutex(State())

    init(_ ledger: ExchangeLedger, _ book: Rulebook, _ runners: [AutomationRunner], clock: SampleClock) {
        (self.ledger, self.book, self.runners, self.clock) = (ledger, book, runners, clock)
        let own = ["rule.breached", "disclosure.expired"]
        concluded = Set(own + PortAutomations.appendedTypes.map { String($0.dropFirst("sanhu.".count)) })
    }

    var tally: SampleTally { state.withLock(\.tally) }

    /// Plays all there is.
    ///
    /// - Parameter progress: Gets the time of the story at each quarter of an hour, while nothing is under way.
    func play(_ generator: SampleGenerator, progress: (SampleTime) async throws -> Void) async throws {
        var steps = generator.makeSteps()
        var next = steps.next()
        var settled = generator.opening
        while let first = next {
            if first.recorded >= settled + Self.quarter {
                settled = SampleTime(seconds: first.recorded.seconds / Self.quarter * Self.quarter)
                try await settle(at: settled)
                try await progress(settled)
            }
            let end = SampleTime(seconds: (first.recorded.seconds / Self.quarter + 1) * Self.quarter)
            var stretch: [SampleStep] = []
            while let step = next, step.recorded < end {
                stretch.append(step)
                next = steps.next()
            }
            await play(stretch)
        }
        try await settle(at: settled + Self.quarter)
    }

    /// Plays steps in their order, many at once: none before the one before it in its story has come in, nor long before another.
    private func play(_ steps: [SampleStep]) async {
        await withTaskGroup(of: Int.self) { group in
            var (isDone, first) = ([Bool](repeating: false, count: steps.count), 0)
            var underWay: Set<Int> = []
            for (index, step) in steps.enumerated() {
                while underWay.count >= Self.together || underWay.contains(step.story.key)
                    || first < index && steps[first].recorded + Self.slice <= step.recorded
                {
                    guard let done = await group.next() else { break }
                    underWay.remove(steps[done].story.key)
                    isDone[done] = true
                    while first < index, isDone[first] { first += 1 }
                }
                underWay.insert(step.story.key)
                group.addTask {
                    await self.play(step)
                    return index
                }
            }
        }
    }

    private func play(_ step: SampleStep) async {
        clock.advance(to: step.recorded)
        // Positions in a story of which nothing was appended, as the ledger concludes it, are nobody's.
        let known = state.withLock { $0.positions.known(of: step.story) }
        guard step.role != .concluded || !concluded.contains(String(step.name)) else {
            state.withLock { $0.positions.take(step, at: nil) }
            return
        }
        let draft = SampleEventWriter.draft(step, isPlayed: true) { known[$0] ?? 0 }
        let result: Result<Receipt, ExchangeError>
        do throws(ExchangeError) {
            let receipts = try await book.append([AgencyEvent(draft.event, tags: draft.tags)], as: draft.agency)
            result = receipts.first.map { .success($0) } ?? .failure(ExchangeError(.log, "No receipt was given."))
        } catch {
            result = .failure(error)
        }
        state.withLock { state in
            state.positions.take(step, at: try? result.get().position)
            state.tally.take(step, result)
        }
    }

    /// What is due is appended, and what follows.
    private func settle(at time: SampleTime) async throws {
        clock.advance(to: time)
        for runner in runners { try await runner.settle() }
        try await ledger.settle()
    }
}
