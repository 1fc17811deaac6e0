public import EventLog
public import Transparency

/// Verifies a snapshot: it needs the file and the ledger's public key, nothing else.
public enum SnapshotVerifier {
    /// Verifies a snapshot from its first byte to its last: every entry is hashed anew.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - verifier: The ledger's key. With nil the key that the snapshot names is taken: then the snapshot is shown to be
    ///     whole, but not whose it is; ``SnapshotSummary/isKeyKnown`` says so.
    ///   - progress: Gets how many entries of how many have been verified.
    /// - Returns: What the snapshot holds.
    /// - Throws: ``SnapshotError``.
    /// - Complexity: O(*n*) in the bytes of the snapshot, on all processors; memory does not grow with it.
    public static func verify(
        path: String, verifier: NoteVerifier? = nil, progress: (Position, Position) -> Void = { _, _ in }
    ) throws(SnapshotError) -> SnapshotSummary {
        var reader = try SnapshotReader(path: path, verifier: verifier)
        let total = reader.manifest.checkpoint.size
        while try reader.next() != nil { progress(reader.size, total) }
        progress(total, total)
        return reader.summary
    }
}
