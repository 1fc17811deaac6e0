import ArgumentParser
import EventLog
import JSON
import Snapshots
import Transparency

/// `sanhu snapshot`.
struct Snapshot: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "The whole log in one compressed file, and back.",
        discussion: """
            A snapshot is lines of JSON compressed by Zstandard: a signed manifest, every entry as `read` prints it, the \
            checkpoint. `zstdcat FILE | jq` reads it, and it verifies with the ledger's public key alone.

            EXAMPLES
              sanhu snapshot export port.zst
              sanhu snapshot verify port.zst --key port.example/ledger+2d3c…+AT…
            """,
        subcommands: [SnapshotExport.self, SnapshotImport.self, SnapshotVerify.self])
}

/// `sanhu snapshot export`.
struct SnapshotExport: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write the log as it is now into a file.",
        discussion: """
            Appends may go on meanwhile; what comes after the beginning is not in the file. The manifest is signed, so the \
            ledger's key is needed.

            EXAMPLES
              sanhu snapshot export port.zst
              sanhu snapshot export port.zst --level 19 --replace
            """)

    @OptionGroup var writing: WritingOptions

    @Argument(help: "The file.")
    var file: String

    @Option(name: .long, help: "How hard to compress, 1 to 19.")
    var level: Int = 3

    @Flag(name: .long, help: "Replace a file that exists.")
    var replace = false

    func validate() throws {
        guard (1...19).contains(level) else { throw ValidationError("--level is 1 to 19.") }
    }

    func run() throws {
        let log = try writing.ledger.openForReading()
        let exporter = SnapshotExporter(log: log, signer: try writing.signer(), level: level)
        let bar = ProgressBar("exporting")
        let summary = try exporter.export(to: file, replacing: replace, progress: bar.show)
        bar.finish()
        SnapshotReport.print(summary, "exported")
    }
}

/// `sanhu snapshot import`.
struct SnapshotImport: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Make a ledger of a snapshot: the same entries, the same root.",
        discussion: """
            The ledger is there only once the whole snapshot has been verified and its index is made. Without --key the \
            key that the snapshot names is taken, and said.

            EXAMPLES
              sanhu snapshot import port.zst --ledger restored.ledger \\
                --key port.example/ledger+2d3c…+AT…
            """)

    @OptionGroup var ledger: LedgerOptions

    @OptionGroup var snapshot: SnapshotOptions

    func run() throws {
        let restoring = ProgressBar("importing")
        let indexing = ProgressBar("indexing")
        let summary = try SnapshotImporter.import(
            from: snapshot.file, into: ledger.path, verifier: snapshot.verifier, progress: restoring.show,
            indexing: indexing.show)
        restoring.finish()
        indexing.finish()
        SnapshotReport.print(summary, "imported")
    }
}

/// `sanhu snapshot verify`.
struct SnapshotVerify: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Verify a snapshot, with no ledger at hand.",
        discussion: """
            EXAMPLES
              sanhu snapshot verify port.zst --key port.example/ledger+2d3c…+AT…
            """)

    @OptionGroup var snapshot: SnapshotOptions

    func run() throws {
        let bar = ProgressBar("verifying")
        let summary = try SnapshotVerifier.verify(
            path: snapshot.file, verifier: snapshot.verifier, progress: bar.show)
        bar.finish()
        SnapshotReport.print(summary, "verified")
    }
}

/// What the snapshot commands have in common.
enum SnapshotReport {
    /// Prints what a snapshot holds, and warns if nobody said whose it must be.
    static func print(_ summary: SnapshotSummary, _ what: String) {
        Output.standard.writeObject { writer in
            writer.key(what)
            writer.bool(true)
            writer.member("origin", summary.origin)
            writer.member("verifier", summary.verifier.description)
            writer.key("keyGiven")
            writer.bool(summary.isKeyKnown)
            writer.member("entries", Int64(summary.size))
            writer.member("disclosures", Int64(summary.disclosures))
            writer.member("root", summary.root.base64)
            writer.member("created", summary.created.description)
            writer.member("fileBytes", Int64(summary.fileBytes))
            writer.member("textBytes", Int64(summary.textBytes))
        }
        Output.standard.flush()
        if !summary.isKeyKnown {
            Terminal.say("the key is the one that the snapshot names; compare it with the ledger's, or give --key")
        }
    }
}
