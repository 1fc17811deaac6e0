import ArgumentParser
import EventLog
import ExchangeClient
import Foundation
import JSON
import Snapshots
import Transparency

/// `sanhu checkpoint`.
struct CheckpointCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "checkpoint",
        abstract: "Print the signed checkpoint: a C2SP note over origin, size and root.",
        discussion: """
            EXAMPLES
              sanhu checkpoint > checkpoint.txt
              sanhu checkpoint --server https://port.example --trust KEY > now.txt
            """)

    @OptionGroup var ledger: LedgerOptions

    @OptionGroup var remote: ServerOptions

    func run() async throws {
        let note =
            if remote.address != nil {
                try await remote.asking { client in
                    if let key = try remote.key {
                        try await client.checkpoint(key: key)
                    } else {
                        try await client.checkpoint()
                    }
                }
            } else if let snapshot = try SnapshotReading(ledger) {
                try SnapshotIndex(path: snapshot.folder.file, verifier: snapshot.folder.verifier).overview.checkpoint
            } else {
                try ledger.openForReading().checkpoint()
            }
        Output.standard.write(note.description.utf8)
        Output.standard.flush()
    }
}

/// `sanhu proof`.
struct Proof: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print the proof file of the entry at a position (c2sp.org/tlog-proof@v1).",
        discussion: """
            Whoever has the entry, this file and the ledger's public key can verify that the entry is in the log, without \
            the ledger and without trusting its operator.

            EXAMPLES
              sanhu proof 41 > 41.tlog-proof
              sanhu proof 41 --server https://port.example > 41.tlog-proof
            """)

    @OptionGroup var ledger: LedgerOptions

    @OptionGroup var remote: ServerOptions

    @Argument(help: "The position.")
    var position: UInt64

    func run() async throws {
        try remote.refuseTrust("`sanhu proof-verify` verifies it.")
        let proof =
            if remote.address != nil {
                try await remote.asking { client in try await client.proof(at: position) }
            } else if let snapshot = try SnapshotReading(ledger) {
                try snapshot.folder.proof(at: position)
            } else {
                try ledger.openForReading().proof(at: position)
            }
        Output.standard.write(proof.description.utf8)
        Output.standard.flush()
    }
}

/// `sanhu proof-verify`.
struct ProofVerify: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "proof-verify",
        abstract: "Verify a proof file, an entry and a public key, with no ledger at hand.",
        discussion: """
            EXAMPLES
              sanhu show 41 > 41.json; sanhu proof 41 > 41.tlog-proof
              sanhu proof-verify 41.tlog-proof --entry 41.json \\
                --key port.example/ledger+2d3c…+AT…
            """)

    @Argument(help: "The proof file.")
    var proof: String

    @Option(name: .long, help: "The entry as `show` prints it, or as it is hashed; - for standard input.")
    var entry: String

    @OptionGroup var key: PublicKeyOptions

    func run() throws {
        let verifier = try key.verifier
        let text = try InputFile.text(proof)
        var lines = try LineReader(path: entry)
        guard let line = lines.next() else { throw CommandFailure(.notThere, "\(entry) is empty.") }
        do {
            let proof = try TransparencyProof(text)
            let checkpoint = try proof.verify(entry: Self.entryBytes(line, proof.index), verifier: verifier)
            Output.standard.writeObject { writer in
                writer.key("verified")
                writer.bool(true)
                writer.member("origin", checkpoint.origin)
                // A hostile proof may name any 64-bit number.
                writer.key("position")
                writer.raw(String(proof.index).utf8)
                writer.key("size")
                writer.raw(String(checkpoint.size).utf8)
                writer.member("root", checkpoint.root.base64)
            }
            Output.standard.flush()
        } catch {
            throw CommandFailure(.unsound, "The proof does not hold: \(error.reason)")
        }
    }

    /// The entry without the position that `show` puts before it.
    private static func entryBytes(_ line: [UInt8], _ index: UInt64) -> [UInt8] {
        let prefix = Array("{\"position\":\(index),".utf8)
        return line.starts(with: prefix) ? [UInt8(ascii: "{")] + line.dropFirst(prefix.count) : line
    }
}
