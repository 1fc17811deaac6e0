import ArgumentParser
import EventLog
import Exchange
import Foundation
import Snapshots

/// `sanhu snapshot export`.
struct SnapshotExport: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write the log as it is now into a file.",
        discussion: """
            Appends may go on meanwhile; what comes after the beginning is not in the file. The first and the last line are \
            signed, so the ledger's key is needed. An export that was interrupted is gone on with when the command is given \
            again; --anew begins from the start. --since an earlier snapshot, or a number of entries, writes only what came \
            after: to be imported on top of that.

            With options that say which entries it is a part of the log: of the others it has hashes, so it verifies as the \
            whole does. --as makes it for a recipient: what that may see, the same entries as everyone's with the fields it \
            may have. That is recorded, as a read is.

            EXAMPLES
              sanhu snapshot export port.zst
              sanhu snapshot export port.zst --level 19 --replace
              sanhu snapshot export tuesday.zst --since port.zst
              sanhu snapshot export d1.zst --tag declaration:1 --as TAX --purpose refund
              sanhu snapshot export april.zst --recorded-from 2026-04-01T00:00:00+08:00
            """)

    @OptionGroup var writing: WritingOptions

    @OptionGroup var part: PartOptions

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
        if part.isGiven, since != nil || anew {
            throw ValidationError("--since and --anew go with the whole log; a part is told by --from and --to.")
        }
    }

    func run() async throws {
        let bar = ProgressBar("exporting")
        let summary = try await part.isGiven ? exportPart(bar) : exportLog(bar)
        bar.finish()
        SnapshotReport.print(summary, "exported")
    }

    private func exportLog(_ bar: ProgressBar) throws -> SnapshotSummary {
        let log = try writing.ledger.openForReading()
        let exporter = SnapshotExporter(log: log, signer: try writing.signer(), level: level)
        return try exporter.export(
            to: file, since: try base(log), replacing: replace, resuming: !anew, progress: bar.show)
    }

    private func exportPart(_ bar: ProgressBar) async throws -> SnapshotSummary {
        let show: @Sendable (Position, Position) -> Void = { bar.show($0, $1) }
        guard let reader = part.reader else {
            let log = try writing.ledger.openForReading()
            let exporter = PartExporter(log: log, signer: try writing.signer(), level: level)
            return try await exporter.export(try part.part(of: log), to: file, replacing: replace, progress: show)
        }
        let exchange = try writing.openExchange()
        defer { exchange.finish() }
        try await exchange.settle()
        try exchange.warn(ofUnknownPurposeOf: reader)
        let exporter = PartExporter(ledger: exchange, signer: try writing.signer(), level: level)
        return try await exporter.export(
            try part.part(of: exchange.log), for: reader, to: file, replacing: replace, progress: show)
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
