import ArgumentParser
import EventLog
import ExchangeClient
import Foundation
import JSON
import Transparency

/// `sanhu consistency`.
struct Consistency: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print the proof that the log of one size is the beginning of the log of another.",
        discussion: """
            Whoever kept a checkpoint verifies by it that nothing was changed or taken away since, without the ledger. The \
            proof has the form that witnesses take (c2sp.org/tlog-witness, add-checkpoint). It ends with the ledger's \
            checkpoint; with another NEW size than the present one it does not, for the ledger keeps the last one only.

            EXAMPLES
              sanhu consistency 41 > 41.consistency
              sanhu consistency 41 100 > 41-100.consistency
              sanhu consistency 41 --server https://port.example > 41.consistency
            """)

    @OptionGroup var ledger: LedgerOptions

    @OptionGroup var remote: ServerOptions

    @Argument(help: "The size of the old log: the second line of the checkpoint that you have.")
    var old: UInt64

    @Argument(help: "The size of the new log; else the present one.")
    var new: UInt64?

    func validate() throws {
        if let new, old > new { throw ValidationError("OLD is at most NEW.") }
        try remote.refuseTrust("`sanhu consistency-verify` verifies it.")
    }

    func run() async throws {
        if remote.address != nil {
            guard new == nil else { throw ValidationError("A server proves up to the present size: leave out NEW.") }
            let proof = try await remote.asking { client in try await client.consistency(from: old) }
            Output.standard.write(proof.description.utf8)
            Output.standard.flush()
            return
        }
        let log = try ledger.openForReading()
        let note = try log.checkpoint()
        let head = try Checkpoint(note, verifiedBy: log.verifier).size
        let new = new ?? head
        _ = try log.root(atSize: max(old, new))
        // The empty log is the beginning of every log, and nothing is needed to show it.
        let hashes = old == 0 ? [] : try log.consistencyProof(from: old, to: new)
        let proof = ConsistencyProof(oldSize: old, hashes: hashes, checkpoint: new == head ? note : nil)
        Output.standard.write(proof.description.utf8)
        Output.standard.flush()
    }
}

/// `sanhu consistency-verify`.
struct ConsistencyVerify: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "consistency-verify",
        abstract: "Verify that one checkpoint's log is the beginning of another's, with no ledger at hand.",
        discussion: """
            EXAMPLES
              sanhu consistency "$(sed -n 2p old.txt)" > new.proof
              sanhu consistency-verify new.proof --old old.txt \\
                --key port.example/ledger+2d3c…+AT…
            """)

    @Argument(help: "The proof file.")
    var proof: String

    @Option(name: .long, help: "The file of the old checkpoint.")
    var old: String

    @Option(name: .long, help: "The file of the new checkpoint; else the one in the proof.")
    var new: String?

    @OptionGroup var key: PublicKeyOptions

    func run() throws {
        let verifier = try key.verifier
        let (proofText, oldText) = (try InputFile.text(proof), try InputFile.text(old))
        let newText = try new.map(InputFile.text)
        do throws(NoteError) {
            var newNote: SignedNote?
            if let newText { newNote = try SignedNote(newText) }
            let sizes = try ConsistencyProof(proofText).verify(
                old: SignedNote(oldText), new: newNote, verifier: verifier)
            Output.standard.writeObject { writer in
                writer.key("verified")
                writer.bool(true)
                writer.member("origin", sizes.new.origin)
                // Whoever has the key may sign any 64-bit number.
                writer.key("oldSize")
                writer.raw(String(sizes.old.size).utf8)
                writer.key("size")
                writer.raw(String(sizes.new.size).utf8)
                writer.member("root", sizes.new.root.base64)
            }
            Output.standard.flush()
        } catch {
            throw CommandFailure(.unsound, "The proof does not hold: \(error.reason)")
        }
    }
}
