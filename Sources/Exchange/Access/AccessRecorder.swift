internal import EventLog
internal import Synchronization

/// Writes access records: whoever hands some in gets an answer once they are durable, and may then give out what they tell
/// of.
///
/// Who comes first writes; who comes meanwhile waits, and one of those writes what has come, for all of them. What is due
/// and what goes together is decided by ``AccessBatching``.
final class AccessRecorder: Sendable {
    typealias Outcome = Result<Void, ExchangeError>

    /// What a waiting reading is told.
    private enum Turn: Sendable {
        /// Write this, for everyone in it.
        case write(AccessBatching.Batch)
        case done(Outcome)
    }

    private struct State: Sendable {
        var batching = AccessBatching()
        var waiting: [Int: CheckedContinuation<Turn, Never>] = [:]
        var hasTimer = false

        /// Whoever is to write the batch that is due, if one is.
        mutating func nextWriter(at now: AccessBatching.Instant) -> (@Sendable () -> Void)? {
            guard let batch = batching.next(at: now), let first = batch.parts.first,
                let writer = waiting.removeValue(forKey: first.ticket)
            else { return nil }
            return { writer.resume(returning: .write(batch)) }
        }

        /// When a timer is to be started for what waits, or nil if none is needed.
        mutating func timer(at now: AccessBatching.Instant) -> AccessBatching.Instant? {
            guard !hasTimer, !batching.isWriting, let due = batching.due, due > now else { return nil }
            hasTimer = true
            return due
        }
    }

    private let log: Log
    private let tagger: AccessTagger
    /// Called after each commit.
    private let written: @Sendable () -> Void
    private let state = Mutex(State())

    init(log: Log, tagger: AccessTagger, written: @escaping @Sendable () -> Void = {}) {
        self.log = log
        self.tagger = tagger
        self.written = written
    }

    /// Writes the records of one reading; durable on return.
    ///
    /// - Parameter urgency: `.now` if someone waits for an answer: it is written at once, or with all else that has come as
    ///   soon as the batch being written is durable. `.live` for a delivery that goes on: it may wait for others up to
    ///   ``AccessBatching/window``.
    /// - Throws: ``ExchangeError``: `.limitExceeded` for texts that do not fit a record, `.log`. Then nothing may be given
    ///   out.
    func record(_ records: [AccessRecord], _ urgency: AccessBatching.Urgency = .now) async throws(ExchangeError) {
        guard !records.isEmpty else { return }
        for record in records { try record.checkTexts() }
        let turn = await withCheckedContinuation { continuation in
            let now = AccessBatching.Instant.now
            let (writer, timer) = state.withLock { state in
                let ticket = state.batching.add(records, urgency, at: now)
                state.waiting[ticket] = continuation
                return (state.nextWriter(at: now), state.timer(at: now))
            }
            writer?()
            start(timer)
        }
        switch turn {
        case .done(let outcome): try outcome.get()
        case .write(let batch): try await writeForAll(batch).get()
        }
    }

    /// Writes a batch, tells everyone in it, and lets the next one write.
    ///
    /// - Returns: The outcome for who writes, the first in the batch.
    private func writeForAll(_ batch: AccessBatching.Batch) async -> Outcome {
        let outcomes = await write(batch)
        let now = AccessBatching.Instant.now
        let (others, writer, timer) = state.withLock { state in
            state.batching.finish()
            let others = batch.parts.dropFirst().map { state.waiting.removeValue(forKey: $0.ticket) }
            return (others, state.nextWriter(at: now), state.timer(at: now))
        }
        writer?()
        start(timer)
        for (other, outcome) in zip(others, outcomes.dropFirst()) { other?.resume(returning: .done(outcome)) }
        return outcomes[0]
    }

    private func start(_ due: AccessBatching.Instant?) {
        guard let due else { return }
        Task { [weak self] in
            try? await Task.sleep(until: due, clock: .continuous)
            self?.timerFired()
        }
    }

    private func timerFired() {
        let now = AccessBatching.Instant.now
        let (writer, timer) = state.withLock { state in
            state.hasTimer = false
            return (state.nextWriter(at: now), state.timer(at: now))
        }
        writer?()
        start(timer)
    }

    /// - Returns: The outcome for each part.
    private func write(_ batch: AccessBatching.Batch) async -> [Outcome] {
        let together = await write(batch.records)
        guard case .failure = together, batch.parts.count > 1 else { return batch.parts.map { _ in together } }
        // What is wrong with one reading's records is not to concern the others.
        var outcomes: [Outcome] = []
        for part in batch.parts { outcomes.append(await write(part.records)) }
        return outcomes
    }

    private func write(_ records: [AccessRecord]) async -> Outcome {
        do throws(ExchangeError) {
            let drafts = try records.map { record throws(ExchangeError) in
                EventDraft(
                    agency: LedgerVoice.agency, tags: try tagger.tags(of: record),
                    event: record.event(id: LedgerVoice.newID(), source: LedgerVoice.accessSource))
            }
            for start in stride(from: 0, to: drafts.count, by: LogLimits.eventsPerRequest) {
                let end = min(start + LogLimits.eventsPerRequest, drafts.count)
                try await append(Array(drafts[start..<end]))
            }
            written()
            return .success(())
        } catch {
            return .failure(error)
        }
    }

    private func append(_ drafts: [EventDraft]) async throws(ExchangeError) {
        do throws(LogError) {
            _ = try await log.append(AppendRequest(drafts))
        } catch {
            throw ExchangeError(
                .log, "Nothing was disclosed, for who looks could not be recorded: \(error.reason)",
                log: error)
        }
    }
}
