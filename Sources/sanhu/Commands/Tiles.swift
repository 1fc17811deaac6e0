import ArgumentParser
import EventLog
import ExchangeClient
import JSON
import Snapshots
import Transparency

/// `sanhu tiles`.
struct Tiles: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "The log as tiles (c2sp.org/tlog-tiles), for clients that fetch and verify it themselves.",
        discussion: """
            EXAMPLES
              sanhu tiles export /var/www/ledger
              sanhu tiles print tile/0/000 | xxd
            """,
        subcommands: [TilesExport.self, TilesPrint.self])
}

/// `sanhu tiles export`.
struct TilesExport: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write the log as files that any web server can serve.",
        discussion: """
            Writes checkpoint, tile/LEVEL/… and tile/entries/… into the folder. Run again, it writes what has come since and \
            keeps full tiles; the checkpoint is replaced last, so what is served is whole at any time. Whoever is served \
            reads every entry; --hashes-only leaves the entries out. Nothing is published that does not lead up to the \
            checkpoint's root. Sealed disclosures are not in tiles.

            EXAMPLES
              sanhu tiles export /var/www/ledger
              sanhu tiles export /var/www/ledger --check
            """)

    @OptionGroup var ledger: LedgerOptions

    @Argument(help: "The folder.")
    var folder: String

    @Flag(name: .customLong("hashes-only"), help: "Write no entries.")
    var hashesOnly = false

    @Flag(name: .long, help: "Compare the full tiles that are there with the ledger, and mend those that differ.")
    var check = false

    func run() throws {
        let bar = ProgressBar("exporting")
        let exporter = TileExporter(log: try ledger.openForReading(), includesEntries: !hashesOnly, checksKept: check)
        let summary = try exporter.export(to: folder, progress: bar.show)
        bar.finish()
        Output.standard.writeObject { writer in
            writer.key("exported")
            writer.bool(true)
            writer.member("origin", summary.checkpoint.origin)
            writer.member("entries", Int64(summary.checkpoint.size))
            writer.member("root", summary.checkpoint.root.base64)
            writer.member("filesWritten", Int64(summary.written))
            writer.member("filesKept", Int64(summary.kept))
        }
        Output.standard.flush()
    }
}

/// `sanhu tiles print`.
struct TilesPrint: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "print",
        abstract: "Print the bytes of one tile.",
        discussion: """
            EXAMPLES
              sanhu tiles print tile/0/x001/234.p/17 > tile
              sanhu tiles print tile/entries/000 > bundle
              sanhu tiles print tile/0/000 --server https://port.example | xxd
            """)

    @OptionGroup var ledger: LedgerOptions

    @OptionGroup var caller: CallerOptions

    @Argument(help: "The tile's path, as tlog-tiles writes it.")
    var path: String

    func run() async throws {
        guard let tile = TilePath(path) else {
            throw ValidationError("“\(path)” is no tile's path. Write e.g. tile/0/x001/234 or tile/entries/000.p/7.")
        }
        let bytes =
            if caller.remote.address != nil {
                try await caller.calling { client in try await client.tile(tile) }
            } else {
                try ledger.openForReading().tile(tile)
            }
        Output.standard.write(bytes)
        Output.standard.flush()
    }
}
