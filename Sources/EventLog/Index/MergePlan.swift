/// Which runs are to become one: a pure function of their sizes.
///
/// Runs of like size are merged when enough of them lie side by side, so that each posting is written anew about as many
/// times as its log has grown eightfold. Sizes that alternate must not defeat that: a stretch of runs up to some size is
/// merged too, once all of it together is several times as large as its largest run. Whatever the sizes, there are never
/// many runs.
enum MergePlan {
    /// Adjacent runs that are to become one, or nil.
    ///
    /// - Complexity: O(*r* · *t*) in the number of runs and of tiers.
    static func runsToMerge(_ runs: [IndexManifest.Run], _ tuning: IndexTuning = .standard) -> [IndexManifest.Run]? {
        guard runs.count >= tuning.fanIn else { return nil }
        let tiers = runs.map { tier(of: $0, tuning) }
        for tier in Set(tiers).sorted() {
            var first = 0
            while first < runs.count {
                var end = first
                while end < runs.count, tiers[end] <= tier { end += 1 }
                if let chosen = choose(from: runs[first..<end], tuning) { return Array(chosen) }
                first = end + 1
            }
        }
        return runs.count > tuning.maximumRuns ? cheapest(runs, tuning) : nil
    }

    /// The first part of a stretch that is worth merging, or nil.
    private static func choose(
        from stretch: ArraySlice<IndexManifest.Run>, _ tuning: IndexTuning
    ) -> ArraySlice<IndexManifest.Run>? {
        for first in stretch.indices {
            var events = 0
            var keys = 0
            var largest = 0
            for index in first..<stretch.endIndex {
                events += stretch[index].count
                keys += stretch[index].keys
                largest = max(largest, stretch[index].count)
                guard events <= tuning.largestRun, keys <= tuning.largestRunKeys else { break }
                if index - first + 1 >= tuning.fanIn, events / largest >= tuning.fanIn * 3 / 4 {
                    return stretch[first...index]
                }
            }
        }
        return nil
    }

    /// Of all groups of adjacent runs of the usual number, the one with the fewest events, so long as it is not too large.
    private static func cheapest(_ runs: [IndexManifest.Run], _ tuning: IndexTuning) -> [IndexManifest.Run]? {
        let groups = (0...runs.count - tuning.fanIn).map { Array(runs[$0..<$0 + tuning.fanIn]) }
        let possible = groups.filter { group in
            group.reduce(0) { $0 + $1.keys } <= tuning.largestRunKeys
                && group.reduce(0) { $0 + $1.count } <= tuning.largestRun
        }
        return possible.min { $0.reduce(0) { $0 + $1.count } < $1.reduce(0) { $0 + $1.count } }
    }

    /// The size of a run in powers of the fan-in.
    private static func tier(of run: IndexManifest.Run, _ tuning: IndexTuning) -> Int {
        var tier = 0
        var size = run.count / tuning.smallRun
        while size >= tuning.fanIn {
            size /= tuning.fanIn
            tier += 1
        }
        return tier
    }
}
