public import EventLog
public import Exchange
internal import JSON
public import Transparency

extension ExchangeClient {
    /// The most entries that are verified together.
    static let stretch = 2_000

    /// Follows the log and holds each entry against the ledger's key, as ``verified(_:key:known:_:)`` does: what comes is shown to
    /// continue what came before. It ends when the task is cancelled.
    ///
    /// Where it is stands in a file, written once a stretch was taken: after a crash the entries of the last stretch come again.
    ///
    /// - Parameters:
    ///   - selection: What; its range counts for nothing.
    ///   - path: The file. None begins at the first entry.
    ///   - take: Takes an entry. What it throws ends this, and the entry comes again.
    ///   - caughtUp: All there is below a head was taken.
    /// - Throws: ``ClientError``: `.notVerified` if the server shows something else than before; or what `take` throws.
    public func follow(
        _ selection: ReadSelection = ReadSelection(), key: NoteVerifier, state path: String,
        _ take: (VerifiedEntry) async throws -> Void, caughtUp: (Position) async throws -> Void = { _ in }
    ) async throws {
        var state = try FollowedLog.read(path, key: key)
        var failures = 0
        while true {
            try Task.checkCancellation()
            do {
                try await catchUp(selection, key, &state, path, take, caughtUp)
                failures = 0
                try await waitForNews(selection, beyond: state.position)
            } catch let error as ClientError {
                failures += 1
                try await transport.wait(after: failures, error)
            }
        }
    }

    private func catchUp(
        _ selection: ReadSelection, _ key: NoteVerifier, _ state: inout FollowedLog, _ path: String,
        _ take: (VerifiedEntry) async throws -> Void, _ caughtUp: (Position) async throws -> Void
    ) async throws {
        while true {
            var part = selection
            (part.from, part.to, part.isBackwards, part.limit) = (state.position, nil, false, Self.stretch)
            var note: SignedNote?
            var last: Position?
            let read = try await verifiedLines(part, key: key, known: state.checkpoint) { line, entry in
                // The first line is the heading.
                if note == nil, entry == nil {
                    note = try? SignedNote(Self.parse(line)["checkpoint"]?.string ?? "")
                }
                guard let entry else { return }
                try await take(entry)
                last = entry.seen.position
            }
            let isWhole = read.entries + read.stubs < UInt64(Self.stretch)
            state.position = isWhole ? max(state.position, read.to) : (last ?? state.position) + 1
            if let note { state.checkpoint = note }
            try state.write(path, key: key)
            guard !isWhole else { return try await caughtUp(state.position) }
        }
    }

    /// Waits until something came that is asked for. What comes is not taken from here: it is read again and verified.
    private func waitForNews(_ selection: ReadSelection, beyond position: Position) async throws {
        var part = selection
        (part.from, part.limit) = (position, nil)
        for try await element in follow(part) {
            if case .event = element { return }
        }
    }
}
