internal import EventLog
internal import Foundation
internal import Transparency

/// Anchors the access log in the main log, on a thread of its own, as ``AnchorSchedule`` says, and once more at the end.
///
/// An anchor is appended like any event. It is no disclosure, so it makes no access record. If the process dies before, the
/// records that were not anchored are so with the next anchor.
final class AnchorKeeper: @unchecked Sendable {
    private let log: Log
    private let accessLog: Log
    private let condition = NSCondition()
    /// Guarded by ``condition``.
    private var schedule: AnchorSchedule
    private var isStopped = false
    private var lastFailure: String?
    /// Of the thread alone, once it runs.
    private var anchored: UInt64
    private let thread = DispatchGroup()

    /// - Parameter anchored: How many records the last anchor was over.
    init(log: Log, accessLog: Log, interval: Duration, anchored: UInt64) {
        self.log = log
        self.accessLog = accessLog
        self.anchored = anchored
        schedule = AnchorSchedule(interval: interval)
        // There may be records that a process that died did not anchor.
        schedule.grow()
        thread.enter()
        let body = Thread { [self] in
            run()
            thread.leave()
        }
        body.name = "sanhu-anchor"
        body.start()
    }

    /// Looks whether the access log is what was anchored last, and begins to anchor it.
    ///
    /// - Returns: Nil if it is not to be anchored.
    /// - Throws: ``ExchangeError`` with code `.accessLogAltered`, `.log`.
    static func keeping(
        _ accessLog: Log, in log: Log, _ options: ExchangeOptions
    ) throws(ExchangeError) -> AnchorKeeper? {
        let last = try AccessAnchor.last(in: log)
        try last?.check(accessLog)
        return options.anchorInterval.map {
            AnchorKeeper(log: log, accessLog: accessLog, interval: $0, anchored: last?.checkpoint.size ?? 0)
        }
    }

    /// Takes note that there are new records.
    func noteGrowth() {
        condition.withLock {
            schedule.grow()
            condition.signal()
        }
    }

    /// Why the last anchor could not be made, if it could not: what is recorded since can be cut off unnoticed.
    var failure: String? { condition.withLock { lastFailure } }

    /// Anchors what there is, and ends the thread.
    func stop() {
        condition.withLock {
            isStopped = true
            condition.signal()
        }
        thread.wait()
    }

    private func run() {
        var isLast = false
        while !isLast {
            isLast = waitUntilDue()
            guard anchor() else {
                condition.withLock { schedule.fail() }
                continue
            }
        }
    }

    /// - Returns: Whether it is the last time.
    private func waitUntilDue() -> Bool {
        condition.withLock {
            while !isStopped {
                let now = AnchorSchedule.Instant.now
                guard let due = schedule.due(at: now) else {
                    condition.wait()
                    continue
                }
                guard due > now else { break }
                _ = condition.wait(until: Date(timeIntervalSinceNow: (due - now) / .seconds(1)))
            }
            schedule.begin(at: .now)
            return isStopped
        }
    }

    /// - Returns: Whether all there was is anchored.
    @available(*, noasync)
    private func anchor() -> Bool {
        do {
            let anchor = try AccessAnchor(of: accessLog)
            guard anchor.checkpoint.size > anchored else { return true }
            let time = try accessLog.entry(at: anchor.checkpoint.size - 1).recorded
            let draft = EventDraft(agency: LedgerVoice.agency, event: anchor.event(at: time))
            _ = try log.appendAndWait(AppendRequest([draft]))
            anchored = anchor.checkpoint.size
            condition.withLock { lastFailure = nil }
            return true
        } catch {
            condition.withLock { lastFailure = "\(error)" }
            return false
        }
    }
}
