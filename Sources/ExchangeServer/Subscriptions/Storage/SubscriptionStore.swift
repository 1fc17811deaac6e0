internal import EventLog
internal import Foundation
internal import JSON
internal import LMDB
internal import NIOConcurrencyHelpers
internal import Transparency

/// Keeps subscriptions on the disk. A thread of its own takes whatever waits into one commit, so that many acknowledgements
/// share a sync of the disk; what is handed in is written in that order.
final class SubscriptionStore: Sendable {
    /// Is told whether a job is durable, on the thread that writes.
    typealias Reply = @Sendable (Result<Void, LogError>) -> Void

    private struct Waiting: Sendable {
        let job: SubscriptionJob
        let reply: Reply
    }

    private let path: String
    private let waiting = Mailbox<Waiting>()
    /// Nil once it was closed.
    private let files: NIOLockedValueBox<SubscriptionFiles?>
    private let thread = DispatchGroup()
    private let failed = NIOLockedValueBox<LogError?>(nil)

    /// Why nothing more is written until the server is started anew, if that is so.
    var failure: LogError? { failed.withLockedValue(\.self) }

    /// Opens what is kept of the subscriptions to a log.
    ///
    /// - Throws: ``LogError``; ``ServerFault`` with code `.foreignState` if it is kept of another log.
    init(path: String, log: Log) throws {
        self.path = path
        let files = try SubscriptionFiles(path: path)
        self.files = NIOLockedValueBox(files)
        try Self.bind(files, to: log, path)
        thread.enter()
        let body = Thread { [waiting, thread, log, path, failed] in
            Self.write(waiting, files, log, path) { failure in failed.withLockedValue { $0 = failure } }
            thread.leave()
        }
        body.name = "sanhu-subscriptions"
        body.start()
    }

    deinit {
        waiting.close()
    }

    /// Writes what waits, ends the thread and lets go of the files.
    func close() {
        waiting.close()
        thread.wait()
        files.withLockedValue { $0 = nil }
    }

    /// Reads what is kept.
    @available(*, noasync)
    func reading<Result>(_ body: (SubscriptionFiles) throws(LMDBError) -> Result) throws(LogError) -> Result {
        guard let files = files.withLockedValue({ $0 }) else { throw Self.closed }
        do throws(LMDBError) {
            return try body(files)
        } catch {
            throw LogError(ofSubscriptions: error, path)
        }
    }

    // MARK: Writing

    /// Hands something in to be written, behind all that was handed in before.
    ///
    /// - Returns: false if the store is closed; then nobody is told.
    func submit(_ job: SubscriptionJob, reply: @escaping Reply) -> Bool {
        waiting.put(Waiting(job: job, reply: reply))
    }

    /// Writes something; durable on return.
    func write(_ job: SubscriptionJob) async throws(LogError) {
        let result: Result<Void, LogError> = await withCheckedContinuation { continuation in
            let isTaken = submit(job) { continuation.resume(returning: $0) }
            if !isTaken { continuation.resume(returning: .failure(Self.closed)) }
        }
        try result.get()
    }

    static var closed: LogError { LogError(.closed, "The server stops. Try again in a moment.") }

    @available(*, noasync)
    private static func write(
        _ waiting: Mailbox<Waiting>, _ files: SubscriptionFiles, _ log: Log, _ path: String,
        failing: (LogError) -> Void
    ) {
        var failure: LogError?
        while let taken = waiting.takeAll() {
            var result: Result<Void, LogError> = .success(())
            if let failure {
                result = .failure(failure)
            } else {
                do throws(LogError) {
                    try commit(taken.map(\.job), files, log, path)
                } catch {
                    // The state of the disk is not known then: nothing more is written until the files are opened anew.
                    if error.code == .failed {
                        failure = error
                        failing(error)
                    }
                    result = .failure(error)
                }
            }
            for waiting in taken { waiting.reply(result) }
        }
    }

    @available(*, noasync)
    private static func commit(
        _ jobs: [SubscriptionJob], _ files: SubscriptionFiles, _ log: Log, _ path: String
    ) throws(LogError) {
        var cursors: [UInt64: (position: Position, end: Position)] = [:]
        for job in jobs {
            switch job {
            case .define(_, let number, _, let cursor?): cursors[number] = (cursor, cursor)
            case .settle(let number, let settlement): cursors[number] = (settlement.cursor, settlement.end)
            case .define, .remove: break
            }
        }
        // Of each only where it stands in the end.
        var roots: [Position: MerkleHash] = [:]
        for (_, end) in cursors.values where roots[end] == nil { roots[end] = try log.root(atSize: end) }
        do throws(LMDBError) {
            var transaction = try files.environment.beginWrite()
            for job in jobs { try put(job, files, &transaction) }
            for (number, cursor) in cursors {
                guard let root = roots[cursor.end] else { continue }
                let key = SubscriptionFiles.key(number)
                let bytes = SubscriptionCursor(position: cursor.position, end: cursor.end, root: root).bytes
                try files.put(bytes, for: key, in: files.cursors, &transaction)
            }
            // What was ended in this commit has no cursor.
            for case .remove(_, let number) in jobs {
                try files.delete(SubscriptionFiles.key(number), of: files.cursors, &transaction)
            }
            try transaction.commit()
        } catch {
            throw LogError(ofSubscriptions: error, path)
        }
    }

    @available(*, noasync)
    private static func put(
        _ job: SubscriptionJob, _ files: SubscriptionFiles, _ transaction: inout LMDBWriteTransaction
    ) throws(LMDBError) {
        switch job {
        case .define(let name, let number, let definition, let cursor):
            let (key, value) = (SubscriptionFiles.key(name), SubscriptionFiles.key(number) + definition.stored)
            try files.put(value, for: key, in: files.definitions, &transaction)
            guard cursor != nil else { return }
            let next = SubscriptionFiles.key(number + 1)
            try files.put(next, for: SubscriptionFiles.nextKey, in: files.about, &transaction)
        case .remove(let name, let number):
            try files.delete(SubscriptionFiles.key(name), of: files.definitions, &transaction)
            try transaction.deleteAll(prefixedBy: SubscriptionFiles.key(number), in: files.marks)
        case .settle(let number, let settlement):
            for position in settlement.passed + settlement.cleared {
                try files.delete(SubscriptionFiles.key(number, position), of: files.marks, &transaction)
            }
            let now = Timestamp.now()
            for (position, mark) in settlement.marks {
                let (key, value) = (SubscriptionFiles.key(number, position), mark.bytes(since: now))
                try files.put(value, for: key, in: files.marks, &transaction)
            }
        }
    }
}
