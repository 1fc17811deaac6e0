import ArgumentParser
import EventLog
import JSON
import Transparency

/// `sanhu show`.
struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show the entry at a position.",
        discussion: """
            Prints the entry as `read` does. With --proof also a line with its leaf hash, the inclusion proof and the \
            checkpoint that it leads to.

            EXAMPLES
              sanhu show 41 | jq .
              sanhu show 41 --proof
            """)

    @OptionGroup var ledger: LedgerOptions

    @Argument(help: "The position.")
    var position: UInt64

    @Flag(name: .long, help: "Also print the proof that the entry is in the log.")
    var proof = false

    func run() throws {
        let log = try ledger.openForReading()
        let entry = try log.entry(at: position)
        EntryPrinter(format: .json).print(entry)
        if proof {
            let proof = try log.proof(at: position)
            let checkpoint = try Checkpoint(proof.checkpoint, verifiedBy: log.verifier)
            Output.standard.writeObject { writer in
                writer.member("leafHash", entry.leafHash.base64)
                writer.member("position", Int64(position))
                writer.member("size", Int64(checkpoint.size))
                writer.member("root", checkpoint.root.base64)
                writer.key("proof")
                writer.array { writer in
                    for hash in proof.hashes { writer.string(hash.base64) }
                }
                writer.member("checkpoint", proof.checkpoint.description)
            }
        }
        Output.standard.flush()
    }
}
