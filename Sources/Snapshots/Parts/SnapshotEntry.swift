public import EventLog
public import Exchange
public import Transparency

/// An entry that a snapshot holds.
public struct SnapshotEntry: Sendable {
    public let position: Position
    public let recorded: Timestamp
    /// The entry as it is hashed.
    public let bytes: [UInt8]
    /// The event as the recipient may see it; nil if the snapshot has none, and so the entry as it is stored.
    public let seen: SeenEntry.Event?
}

/// Goes through the entries of a snapshot.
public enum SnapshotEntries {
    /// Gives entries in the order of their positions, and verifies the snapshot on the way.
    ///
    /// - Parameter visit: Gets an entry. What it gets is trustworthy only once this has returned.
    /// - Returns: What the snapshot holds.
    /// - Throws: ``SnapshotError``, or what `visit` throws.
    /// - Complexity: As ``SnapshotVerifier/verify(path:verifier:progress:)``.
    @discardableResult
    public static func forEach(
        in path: String, verifier: NoteVerifier? = nil, _ visit: (SnapshotEntry) throws(SnapshotError) -> Void
    ) throws(SnapshotError) -> SnapshotSummary {
        var reader = try SnapshotReader(path: path, verifier: verifier)
        var given = GivenEntryVerifier()
        while let content = try reader.next() {
            for line in content.lines {
                guard case .entry(let entry) = line.item else { continue }
                var seen: SeenEntry.Event?
                if let range = entry.given {
                    do throws(ReadVerificationError) {
                        seen = try given.verify(Array(content.text[range])).event
                    } catch {
                        throw SnapshotError(.changed, error.description)
                    }
                }
                try visit(
                    SnapshotEntry(
                        position: entry.position, recorded: entry.recorded, bytes: Array(content.text[entry.bytes]),
                        seen: seen))
            }
        }
        return reader.summary
    }
}
