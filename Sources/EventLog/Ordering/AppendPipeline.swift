internal import Foundation

/// The way of a request from its caller to its receipts: queue, ordering thread, queue, applying thread.
///
/// Each step takes whatever is waiting, so what comes while one commit syncs goes into the next as a whole.
final class AppendPipeline: @unchecked Sendable {
    /// How many events and bytes one commit takes at the most, unless one request alone has more.
    private static let eventsPerCommit = 20_000
    private static let bytesPerCommit = 32 << 20

    private let submissions = Mailbox<Submission>()
    private let ordered = Mailbox<[OrderedSubmission]>()
    private let lock = NSLock()
    /// Guarded by ``lock``.
    private var queuedBytes = 0
    private let threads = DispatchGroup()

    /// Starts the threads.
    func start(
        _ sequencer: Sequencer, _ applier: Applier, clock: @escaping LogClock = { .now() },
        committed: @escaping @Sendable (Position) -> Void
    ) {
        startThread("sanhu-order") { [self] in order(sequencer, clock) }
        startThread("sanhu-apply") { [self] in apply(applier, committed) }
    }

    private func startThread(_ name: String, _ body: @escaping @Sendable () -> Void) {
        threads.enter()
        let thread = Thread { [threads] in
            body()
            threads.leave()
        }
        thread.name = name
        thread.start()
    }

    /// Hands a request in. It is answered in any case.
    func submit(_ submission: Submission) {
        let isBusy = lock.withLock {
            guard queuedBytes == 0 || queuedBytes + submission.byteCount <= LogLimits.queuedBytes else { return true }
            queuedBytes += submission.byteCount
            return false
        }
        if isBusy {
            let reason =
                "More than \(LogLimits.queuedBytes) bytes wait to be written. Wait for receipts, then try again."
            submission.reply(.failure(LogError(.busy, reason)))
        } else if !submissions.put(submission) {
            submission.reply(.failure(LogError(.closed, "The log is closed. Open it again to append.")))
        }
    }

    /// Takes nothing more, finishes what is queued, and returns when the threads have ended.
    func close() {
        submissions.close()
        threads.wait()
    }

    private func order(_ initial: Sequencer, _ clock: LogClock) {
        var sequencer = initial
        while let waiting = submissions.takeAll() {
            let batch = waiting.map { submission in
                OrderedSubmission(
                    ordered: sequencer.order(submission.request, now: clock()), submission: submission)
            }
            _ = ordered.put(batch)
        }
        ordered.close()
    }

    private func apply(_ initial: consuming Applier, _ committed: (Position) -> Void) {
        var applier = initial
        while let batches = ordered.takeAll() {
            var waiting = batches.joined().makeIterator()
            var held = waiting.next()
            while held != nil {
                var group: [OrderedSubmission] = []
                var events = 0
                var bytes = 0
                while let next = held, group.isEmpty || (events < Self.eventsPerCommit && bytes < Self.bytesPerCommit) {
                    events += next.submission.request.events.count
                    bytes += next.submission.byteCount
                    group.append(next)
                    held = waiting.next()
                }
                let results = applier.apply(group.map(\.ordered))
                committed(applier.head)
                lock.withLock { queuedBytes -= bytes }
                for (item, result) in zip(group, results) { item.submission.reply(result) }
            }
        }
    }
}
