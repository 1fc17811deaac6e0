import ArgumentParser
import EventLog
import JSON
import Snapshots
import Transparency

/// `sanhu snapshot`.
struct Snapshot: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "The log in one compressed file, and back.",
        discussion: """
            A snapshot is lines of JSON compressed by Zstandard: a signed manifest, every entry as `read` prints it, the \
            checkpoint. `zstdcat FILE | jq` reads it, and it verifies with the ledger's public key alone.

            EXAMPLES
              sanhu snapshot export port.zst
              sanhu snapshot export tuesday.zst --since port.zst
              sanhu snapshot verify port.zst --key port.example/ledger+2d3c…+AT…
            """,
        subcommands: [
            SnapshotExport.self, SnapshotInspect.self, SnapshotVerify.self, SnapshotImport.self, SnapshotDiff.self,
        ])
}
