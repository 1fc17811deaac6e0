internal import Foundation

/// The runs whose filters have been held against their checksums. A filter is too large to be checked whenever it is
/// asked, and does not change.
final class SoundFilters: @unchecked Sendable {
    private let lock = NSLock()
    /// Guarded by ``lock``.
    private var runs: Set<UInt32> = []

    /// Whether a run's filter is known to be sound, or is found to be.
    func contains(_ run: UInt32, or check: () -> Bool) -> Bool {
        if lock.withLock({ runs.contains(run) }) { return true }
        guard check() else { return false }
        lock.withLock { _ = runs.insert(run) }
        return true
    }

    /// Forgets all runs but some.
    func keep(_ kept: some Sequence<UInt32>) {
        lock.withLock { runs.formIntersection(kept) }
    }
}
