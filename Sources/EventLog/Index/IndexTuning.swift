/// How the index trades memory against work on disk. The standard values were measured; tests make them small, so that
/// flushes and merges come every few events.
package struct IndexTuning: Sendable, Hashable {
    /// How many events a segment takes before it is flushed.
    package var flushEvents = 100_000
    /// Fewer than this are not worth a run of their own when the log falls idle or is closed.
    package var minimumFlushEvents = 1_000
    /// After how many seconds without an event the log counts as idle.
    package var idleSeconds = 1.0
    /// A flush takes in the runs before it that are smaller than this, so that many small ones do not pile up.
    package var smallRun = 2_048
    /// So many adjacent runs of like size become one.
    package var fanIn = 8
    /// From more runs than this on, some are merged whatever their sizes, so that looking through all stays cheap.
    package var maximumRuns = 64
    /// Runs are not merged beyond this many events, nor beyond this many names: a filter of a run is made in memory, a
    /// byte and a half for each name.
    package var largestRun = 8_400_000
    package var largestRunKeys = 50_000_000
    /// How many bytes of blocks one transaction of a merge writes at the most.
    package var bytesPerCommit = 16 << 20

    package init() {}

    /// What logs have unless told otherwise.
    package static let standard = IndexTuning()
}
