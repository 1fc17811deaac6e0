internal import EventLog
internal import Foundation
internal import Synchronization

/// Slows down work that can wait while events are being appended, so that appends are not slowed by it.
final class Pacer: Sendable {
    /// For how long after the log has grown appends count as under way.
    private static let busySeconds = 0.25
    /// How many times as long as it worked it pauses then.
    private static let pauseFactor = 9.0
    private static let longestPause = 0.1

    private struct State {
        var head: Position = 0
        var grew = -1.0
    }

    private let log: Log
    private let state: Mutex<State>

    init(_ log: Log) {
        self.log = log
        state = Mutex(State(head: (try? log.head) ?? 0))
    }

    /// Whether appends are under way.
    var isBusy: Bool {
        guard let head = try? log.head else { return false }
        let now = Self.now
        return state.withLock { state in
            if head != state.head { (state.head, state.grew) = (head, now) }
            return state.grew >= 0 && now - state.grew < Self.busySeconds
        }
    }

    private static var now: Double { ProcessInfo.processInfo.systemUptime }

    /// When this thread went on after its last pause.
    private static let key = "sanhu.views.pacer"

    /// Pauses, if appends are under way, in proportion to the time since the last pause.
    func pause() {
        let storage = Thread.current.threadDictionary
        let began = storage[Self.key] as? Double ?? Self.now
        if isBusy {
            Thread.sleep(forTimeInterval: min(Self.longestPause, (Self.now - began) * Self.pauseFactor))
        }
        storage[Self.key] = Self.now
    }
}
