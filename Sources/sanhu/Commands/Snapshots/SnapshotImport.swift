import ArgumentParser
import Snapshots
import Transparency

/// `sanhu snapshot import`.
struct SnapshotImport: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Make a ledger of a snapshot, or bring one up to it: the same entries, the same root.",
        discussion: """
            A new ledger is there only once everything has been verified and its index is made. Further files are \
            snapshots since the one before. If the ledger is there already, they must go on from where it ends, and each is \
            imported whole or not at all. Without --key the key that the snapshot names is taken, and said.

            With --read-only a snapshot of any kind, above all one of a part, becomes a folder on which `read`, `proof`, \
            `checkpoint` and `verify` work, and nothing that writes.

            EXAMPLES
              sanhu snapshot import port.zst --ledger restored.ledger \\
                --key port.example/ledger+2d3c…+AT…
              sanhu snapshot import port.zst tuesday.zst --ledger other.ledger
              sanhu snapshot import d1.zst --ledger d1.part --read-only
              sanhu read --ledger d1.part | jq .event.type
            """)

    @OptionGroup var ledger: LedgerOptions

    @Argument(help: "The files, the first one first.")
    var files: [String]

    @Option(name: .long, help: "The ledger's public key, as `init` printed it.")
    var key: String?

    @Flag(name: .customLong("read-only"), help: "To be read; it need not be of the whole log.")
    var readOnly = false

    func validate() throws {
        if readOnly, files.count != 1 { throw ValidationError("--read-only takes one file.") }
    }

    func run() throws {
        let verifier = try key.map(PublicKeyOptions.verifier)
        guard !readOnly else {
            let bar = ProgressBar("verifying")
            let summary = try SnapshotFolder.install(
                files[0], in: ledger.path, verifier: verifier, progress: bar.show)
            bar.finish()
            SnapshotReport.print(summary, "imported")
            return
        }
        let restoring = ProgressBar("importing")
        let indexing = ProgressBar("indexing")
        let summaries = try SnapshotImporter.import(
            from: files, into: ledger.path, verifier: verifier, progress: restoring.show,
            indexing: indexing.show)
        restoring.finish()
        indexing.finish()
        for summary in summaries { SnapshotReport.print(summary, "imported") }
    }
}
