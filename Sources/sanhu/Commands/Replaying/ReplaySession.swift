import Audit
import Exchange
import Views

/// A ledger with the views by which something is replayed.
enum ReplaySession {
    static func answer(
        _ subject: ReplaySubject, at moment: Moment, for reader: Reader, _ writing: WritingOptions
    ) async throws -> ReplayAnswer {
        try await with(subject, writing) { try await $0.answer(subject, at: moment, for: reader) }
    }

    /// Opens the views of a subject, brings them to the head, and closes them afterwards.
    static func with<Result>(
        _ subject: ReplaySubject, _ writing: WritingOptions, _ body: (Replay) async throws -> Result
    ) async throws -> Result {
        let session = try ViewSession(writing, all: Replay.definitions(for: subject))
        defer { session.close() }
        try await session.catchUp()
        return try await body(Replay(of: session.ledger, session.runners))
    }
}
