internal import EventLog
internal import Transparency

/// Which snapshot goes on from which.
enum SnapshotChain {
    /// Checks by their first lines that files are of one ledger and each goes on from where the one before it ends.
    ///
    /// - Throws: ``SnapshotError``; nothing but first lines has been looked at.
    static func check(_ files: [String], _ verifier: NoteVerifier) throws(SnapshotError) {
        var last: SnapshotBase?
        for file in files {
            let manifest = try SnapshotReader(path: file, verifier: verifier).manifest
            try check(manifest, file, goesOnFrom: last)
            last = SnapshotBase(size: manifest.checkpoint.size, root: manifest.checkpoint.root)
        }
    }

    /// Checks that a snapshot goes on from what there is.
    ///
    /// - Parameter base: What there is; nil for nothing.
    static func check(
        _ manifest: SnapshotManifest, _ file: String, goesOnFrom base: SnapshotBase?
    ) throws(SnapshotError) {
        guard case .log(let since) = manifest.contents else {
            throw SnapshotError(
                .part,
                "\(file) is a snapshot of a part of the log. A ledger is restored from snapshots of the log; a part is imported "
                    + "to be read, with `sanhu snapshot import --read-only`.")
        }
        let (there, from, size) = (base?.size ?? 0, since?.size ?? 0, manifest.checkpoint.size)
        guard from <= there else {
            throw SnapshotError(
                .gap,
                "\(file) begins at position \(from), but there are only \(there) entries: those between are missing. Import "
                    + "first the snapshot that ends at \(from).")
        }
        guard size > there || size == from, size >= there else {
            throw SnapshotError(
                .older,
                "\(file) ends at \(size) entries, and there are \(there) already. There is nothing to import from it.")
        }
        guard from == there else {
            throw SnapshotError(
                .overlap,
                "\(file) begins at position \(from), but there are \(there) entries already. Export one with `--since \(there)`."
            )
        }
        guard let since, let base else { return }
        guard since.root == base.root else {
            throw SnapshotError(
                .otherHistory,
                "\(file) goes on from \(since.size) entries with the root \(since.root), but the entries there are lead to "
                    + "\(base.root): the ledger had another history. Keep both, and ask who operates it.")
        }
    }
}
