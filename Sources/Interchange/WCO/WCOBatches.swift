/// The batches of a ``WCOImporter``: a scenario each.
public struct WCOBatches: Sequence, IteratorProtocol {
    private let groups: [SourceGroup]
    private let profile: WCOProfile
    private var progress: ImportProgress
    private var nextGroup = 0

    init(groups: [SourceGroup], profile: WCOProfile) {
        self.groups = groups
        self.profile = profile
        let files = groups.flatMap(\.files)
        progress = ImportProgress(filesTotal: files.count, bytesTotal: files.reduce(0) { $0 + $1.size })
    }

    /// Reads and maps the next scenario.
    ///
    /// - Complexity: O(*n*) in the size of its files.
    public mutating func next() -> ImportBatch? {
        guard nextGroup < groups.count else { return nil }
        let group = groups[nextGroup]
        nextGroup += 1
        let (items, outcomes) = WCOScenario(group: group, profile: profile).read()
        progress.filesDone += group.files.count
        progress.bytesDone += group.files.reduce(0) { $0 + $1.size }
        return ImportBatch(
            name: group.name, items: items, outcomes: outcomes, recordsRead: group.files.count, progress: progress)
    }
}
