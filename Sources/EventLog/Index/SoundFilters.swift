internal import Foundation

/// What is known of runs' filters: each is held against its checksum once, for it is too large to be checked whenever it is
/// asked, and does not change.
final class SoundFilters: @unchecked Sendable {
    private let lock = NSLock()
    /// Guarded by ``lock``.
    private var runs: [UInt32: Bool] = [:]

    /// Whether a run's filter is sound, as is known or found out.
    func contains(_ run: UInt32, or check: () -> Bool) -> Bool {
        if let known = lock.withLock({ runs[run] }) { return known }
        let isSound = check()
        lock.withLock { runs[run] = isSound }
        return isSound
    }

    /// Forgets all runs but some.
    func keep(_ kept: some Sequence<UInt32>) {
        let kept = Set(kept)
        lock.withLock { runs = runs.filter { kept.contains($0.key) } }
    }
}
