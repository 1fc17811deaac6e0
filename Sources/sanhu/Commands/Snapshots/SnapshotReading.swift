import ArgumentParser
import EventLog
import Exchange
import Foundation
import JSON
import Snapshots
import Transparency

/// Reads what was imported to be read.
struct SnapshotReading {
    let folder: SnapshotFolder

    /// The folder of a command, if it is such.
    init?(_ options: LedgerOptions) throws {
        let path = try options.path
        guard SnapshotFolder.isOne(at: path) else { return nil }
        folder = try SnapshotFolder(opening: path)
    }

    /// Prints entries that match, as their recipient may see them.
    ///
    /// - Parameter range: Positions, and when entries were recorded.
    func print(
        _ query: Query, positions: Range<Position>, recorded: Range<Timestamp>, limit: Int, format: Read.Format
    ) throws {
        var left = limit
        let printer = EntryPrinter(format: format)
        try SnapshotEntries.forEach(in: folder.file, verifier: folder.verifier) { (entry) throws(SnapshotError) in
            guard left > 0, positions.contains(entry.position), recorded.contains(entry.recorded) else { return }
            guard let facts = Self.facts(entry.bytes), query.matches(type: facts.type, tags: facts.tags) else { return }
            left -= 1
            if let seen = entry.seen, format == .json {
                SeenEntryPrinter().print([.entry(seen)])
            } else {
                printer.print(
                    Entry(
                        position: entry.position, recorded: entry.recorded,
                        leafHash: MerkleHash.leaf(entry.bytes.span), bytes: entry.bytes))
            }
        }
        Output.standard.flush()
    }

    private static func facts(_ entry: [UInt8]) -> (type: String, tags: [Tag])? {
        guard let root = try? JSONDocument(parsing: entry).root, let type = root["event"]?["type"]?.string else {
            return nil
        }
        return (type, (root["tags"]?.elements ?? []).compactMap { $0.string.flatMap { try? Tag($0) } })
    }

    /// Verifies it again, and prints what it holds.
    func verify() throws {
        let bar = ProgressBar("verifying")
        let summary = try SnapshotVerifier.verify(path: folder.file, verifier: folder.verifier, progress: bar.show)
        bar.finish()
        SnapshotReport.print(summary, "verified")
    }
}
