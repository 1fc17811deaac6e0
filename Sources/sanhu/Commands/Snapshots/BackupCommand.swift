import ArgumentParser
import EventLog
import Foundation
import JSON
import Snapshots
import Transparency

/// `sanhu backup`.
struct BackupCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "Bring a folder of backups up to the ledger as it is, while it is used.",
        discussion: """
            The first time everything is copied, then what came since: the log and the access log as snapshots, and a copy of \
            cursors and the like. `sanhu restore` makes a ledger of it. One that was interrupted is gone on with.

            Keys are not in it. --keys-to copies them to a folder elsewhere; the wrapping key and the signing keys, in the \
            key folder, are yours to keep. Who has backup, keys and wrapping key has everything.

            EXAMPLES
              sanhu backup /mnt/backup
              sanhu backup /mnt/backup --keys-to /media/safe/keys
            """)

    @OptionGroup var writing: WritingOptions

    @Argument(help: "The folder; it is made if it is not there.")
    var folder: String

    @Option(name: .customLong("keys-to"), help: "Copy the keys to this folder, which is not on the same disk.")
    var keysTo: String?

    @Flag(name: .long, help: "Begin anew, with everything; what is there is replaced once that is done.")
    var full = false

    @Option(name: .long, help: "How hard to compress, 1 to 19.")
    var level: Int = 3

    func validate() throws {
        guard (1...19).contains(level) else { throw ValidationError("--level is 1 to 19.") }
    }

    func run() throws {
        let path = try writing.ledger.path
        var access: NoteSigner?
        if try writing.ledger.isExchange {
            let folder = KeyFolder.standard
            let verifier = try LedgerFolder(opening: path + "/access").verifier
            access = try folder.signer(for: verifier, file: folder.file(for: verifier))
        }
        let backup = Backup(of: path, signer: try writing.signer(), access: access, level: level)
        let bars = ["log": ProgressBar("log"), "access": ProgressBar("access log")]
        let report = try backup.run(to: folder, keys: keysTo, isFull: full) { part, done, total in
            bars[part]?.show(done, total)
        }
        for bar in bars.values { bar.finish() }
        Output.standard.writeObject { writer in
            writer.key("backedUp")
            writer.bool(true)
            writer.member("entries", Int64(report.logSize))
            writer.member("added", Int64(report.log?.entries ?? 0))
            writer.member("accessRecords", Int64(report.accessSize))
            writer.member("fileBytes", Int64((report.log?.fileBytes ?? 0) + (report.access?.fileBytes ?? 0)))
            writer.key("keys")
            writer.bool(report.hasKeys)
        }
        Output.standard.flush()
        if access != nil, keysTo == nil {
            Terminal.say("the keys are not in it; back them up apart, by --keys-to")
        }
    }
}
