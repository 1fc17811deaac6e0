import ArgumentParser
import Foundation
import JSON
import Snapshots
import Transparency

/// `sanhu restore`.
struct RestoreCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore",
        abstract: "Make a ledger of a backup.",
        discussion: """
            Everything is verified; the ledger is there only once that is done. What `sanhu backup --keys-to` copied is given \
            by --keys-from; the wrapping key and the signing keys must be in the key folder.

            EXAMPLES
              sanhu restore /mnt/backup --ledger restored.ledger \\
                --keys-from /media/safe/keys
            """)

    @OptionGroup var ledger: LedgerOptions

    @Argument(help: "The folder that `sanhu backup` made.")
    var folder: String

    @Option(name: .customLong("keys-from"), help: "The folder of the keys.")
    var keysFrom: String?

    @Option(name: .long, help: "The ledger's public key, as `init` printed it.")
    var key: String?

    func run() throws {
        if let keysFrom, !FileManager.default.fileExists(atPath: keysFrom) {
            throw CommandFailure(.notThere, "There is no folder \(keysFrom) with keys.")
        }
        let bars = ["log": ProgressBar("log"), "index": ProgressBar("index"), "access": ProgressBar("access log")]
        let summaries = try Restore.run(
            from: folder, into: ledger.path, keys: keysFrom, verifier: try key.map(PublicKeyOptions.verifier)
        ) { part, done, total in bars[part]?.show(done, total) }
        for bar in bars.values { bar.finish() }
        for summary in summaries { SnapshotReport.print(summary, "restored") }
    }
}
