internal import Synchronization

/// What rules allow, in a few lines, apart from rules and ledger.
public protocol RaceModel {
    associatedtype Event: Sendable
    /// Whether an event may follow on what was taken in.
    func allows(_ event: Event) -> Bool
    /// Whether it was taken in already: then it would be a duplicate.
    func knows(_ event: Event) -> Bool
    mutating func take(_ event: Event)
}

/// Many who append at once, and the check that what rules said of each was right: for tests of rules.
public final class RuleRace<Event: Sendable>: Sendable {
    /// What became of an attempt.
    public enum Outcome: Hashable, Sendable {
        case appended, duplicate, refused
    }

    public struct Attempt: Sendable {
        public let event: Event
        /// Between them the log was at these heads.
        public let before: UInt64
        public let after: UInt64
        public let outcome: Outcome
    }

    private let attempts: Int
    private let state = Mutex((next: 0, conflicts: 0, done: [Attempt]()))

    public init(_ attempts: Int) { self.attempts = attempts }

    /// How many gave up.
    public var conflicts: Int { state.withLock { $0.conflicts } }
    public var done: [Attempt] { state.withLock { $0.done } }

    /// Runs all attempts.
    ///
    /// - Parameters:
    ///   - event: The event of an attempt, by its number.
    ///   - append: Appends it, as one of the appenders; nil if it gave up.
    public func run(
        appenders: Int, head: @escaping @Sendable () throws -> UInt64, event: @escaping @Sendable (Int) -> Event,
        append: @escaping @Sendable (_ event: Event, _ appender: Int) async throws -> Outcome?
    ) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for appender in 0..<appenders {
                group.addTask {
                    while let number = self.next {
                        let (event, before) = (event(number), try head())
                        let outcome = try await append(event, appender)
                        let after = try head()
                        self.note(outcome.map { Attempt(event: event, before: before, after: after, outcome: $0) })
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    private var next: Int? {
        state.withLock { state in
            state.next += 1
            return state.next <= attempts ? state.next - 1 : nil
        }
    }

    private func note(_ attempt: Attempt?) {
        state.withLock { state in
            if let attempt { state.done.append(attempt) } else { state.conflicts += 1 }
        }
    }

    /// Runs what is in the log again, one after another. All in it was allowed where it stands. Who was refused must have had a
    /// reason at some head between asking and answer.
    ///
    /// - Parameters:
    ///   - log: What stands in the log from a position on.
    ///   - model: Is at that position.
    /// - Returns: What is wrong, and how many refusals were justified.
    public func check<Model: RaceModel>(
        _ log: [Event], from first: UInt64, _ model: inout Model
    ) -> (faults: [String], justified: Int) where Model.Event == Event {
        let refused = Dictionary(grouping: done.filter { $0.outcome == .refused }, by: \.before)
        var pending: [Attempt] = []
        var (faults, justified): ([String], Int) = ([], 0)
        for position in first...first + UInt64(log.count) {
            pending += refused[position] ?? []
            pending.removeAll { attempt in
                if !model.allows(attempt.event), !model.knows(attempt.event) {
                    justified += 1
                    return true
                }
                if attempt.after <= position { faults.append("\(attempt.event) was refused wrongly") }
                return attempt.after <= position
            }
            guard position - first < UInt64(log.count) else { break }
            let event = log[Int(position - first)]
            if !model.allows(event) { faults.append("\(event) at \(position) breaks a rule") }
            model.take(event)
        }
        return (faults + pending.map { "\($0.event) was refused before the log was so long" }, justified)
    }
}
