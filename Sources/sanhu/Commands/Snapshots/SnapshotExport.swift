import ArgumentParser
import EventLog
import Foundation
import Snapshots

/// `sanhu snapshot export`.
struct SnapshotExport: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write the log as it is now into a file.",
        discussion: """
            Appends may go on meanwhile; what comes after the beginning is not in the file. The first and the last line are \
            signed, so the ledger's key is needed. An export that was interrupted is gone on with when the command is given \
            again; --anew begins from the start. --since an earlier snapshot, or a number of entries, writes only what came \
            after: to be imported on top of that.

            EXAMPLES
              sanhu snapshot export port.zst
              sanhu snapshot export port.zst --level 19 --replace
              sanhu snapshot export tuesday.zst --since port.zst
            """)

    @OptionGroup var writing: WritingOptions

    @Argument(help: "The file.")
    var file: String

    @Option(name: .long, help: "How hard to compress, 1 to 19.")
    var level: Int = 3

    @Option(name: .long, help: "The snapshot that it goes on from, or how many entries that has.")
    var since: String?

    @Flag(name: .long, help: "Replace a file that exists.")
    var replace = false

    @Flag(name: .long, help: "Do not go on with what an interrupted export left.")
    var anew = false

    func validate() throws {
        guard (1...19).contains(level) else { throw ValidationError("--level is 1 to 19.") }
    }

    func run() throws {
        let log = try writing.ledger.openForReading()
        let exporter = SnapshotExporter(log: log, signer: try writing.signer(), level: level)
        let bar = ProgressBar("exporting")
        let summary = try exporter.export(
            to: file, since: try base(log), replacing: replace, resuming: !anew, progress: bar.show)
        bar.finish()
        SnapshotReport.print(summary, "exported")
    }

    private func base(_ log: Log) throws -> SnapshotBase? {
        guard let since else { return nil }
        if let size = Position(since), !FileManager.default.fileExists(atPath: since) {
            return SnapshotBase(size: size, root: try log.root(atSize: size))
        }
        let earlier = try SnapshotIndex(path: since, verifier: log.verifier).overview
        return SnapshotBase(size: earlier.size, root: earlier.root)
    }
}
