internal import EventLog
internal import Transparency

/// Brings a ledger that there is up to where snapshots end.
enum LedgerContinuation {
    /// Restores snapshots into a ledger, one after another, each whole or not at all.
    static func `import`(
        from files: [String], into path: String, verifier: NoteVerifier?, progress: (Position, Position) -> Void
    ) throws(SnapshotError) -> [SnapshotSummary] {
        guard !files.isEmpty else { return [] }
        let (folder, lock) = try opened(path)
        defer { lock.release() }
        if let verifier, verifier != folder.verifier {
            throw SnapshotError(
                .wrongLedger, "\(path) is the ledger with the key \(folder.verifier), not with the key \(verifier).")
        }
        var summaries: [SnapshotSummary] = []
        for file in files {
            summaries.append(try restore(file, into: folder, isKeyKnown: verifier != nil, progress))
        }
        return summaries
    }

    private static func opened(_ path: String) throws(SnapshotError) -> (LedgerFolder, WriterLock) {
        do throws(LogError) {
            let folder = try LedgerFolder(opening: path)
            return (folder, try WriterLock(path: folder.lockPath))
        } catch {
            throw SnapshotError(error, "open the ledger in \(path)")
        }
    }

    private static func restore(
        _ file: String, into folder: LedgerFolder, isKeyKnown: Bool, _ progress: (Position, Position) -> Void
    ) throws(SnapshotError) -> SnapshotSummary {
        var reader = try SnapshotReader(path: file, verifier: folder.verifier, keepsDisclosures: true)
        var ledger = try NewLedger(continuing: folder, reader.manifest)
        let there = ledger.frontier
        try SnapshotChain.check(
            reader.manifest, file,
            goesOnFrom: there.size == 0 ? nil : SnapshotBase(size: there.size, root: there.root))
        let total = reader.manifest.checkpoint.size
        while let content = try reader.next() {
            try ledger.add(content)
            progress(reader.size, total)
        }
        try ledger.finish()
        progress(total, total)
        return reader.summary
    }
}
