import ArgumentParser
import EventLog
import Exchange
import Foundation
import Transparency

/// `sanhu init`.
struct Init: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Make a new ledger and the key that signs for it.",
        discussion: """
            Prints the ledger's public key, by which anyone can verify checkpoints, proofs and snapshots. Publish it. The \
            private key goes to a file of its own outside the ledger's folder: keep it, and keep it secret.

            EXAMPLES
              sanhu init --ledger port.ledger --origin port.example/ledger
              sanhu init --ledger b.ledger --origin b.example --key /secure/b.key
              sanhu init --ledger c.ledger --origin c.example --charter founding.json
            """)

    @OptionGroup var ledger: LedgerOptions

    @Option(name: .long, help: "The ledger's name, for ever: like a URL without scheme, e.g. port.example/ledger.")
    var origin: String

    @Option(name: .long, help: "Where the private key goes: a new file. Else into SANHU_KEYS or ~/.config/sanhu/keys.")
    var key: String?

    @Option(name: .long, help: "The CloudEvent that founds it as an exchange of agencies, signed by all founders.")
    var charter: String?

    func run() async throws {
        if let charter {
            try await found(charter)
            return
        }
        let signer: NoteSigner
        let folder = KeyFolder.standard
        do {
            signer = try NoteSigner.generate(name: origin)
        } catch {
            throw ValidationError("--origin: \(error)")
        }
        let file = try folder.store(signer, at: key)
        do {
            try Log.create(at: ledger.path, signer: signer).close()
        } catch {
            // A key that signs for no ledger would only make one wonder later what it is for.
            if (try? LedgerFolder(opening: ledger.path))?.verifier != signer.verifier {
                try? FileManager.default.removeItem(atPath: file)
            }
            throw error
        }
        Terminal.say("made the ledger \(try ledger.path), “\(origin)”; its signing key is in \(file)")
        Output.standard.writeLine(signer.verifier.description)
        Output.standard.flush()
    }

    /// Makes a ledger whose first event is a charter.
    private func found(_ charter: String) async throws {
        let event = try InputFile.bytes(charter)
        let folder = KeyFolder.standard
        let signers: (log: NoteSigner, access: NoteSigner)
        do {
            signers = (try NoteSigner.generate(name: origin), try NoteSigner.generate(name: origin + "/access"))
        } catch {
            throw ValidationError("--origin: \(error)")
        }
        let files = [try folder.store(signers.log, at: key), try folder.store(signers.access)]
        do {
            try await ExchangeLedger.found(
                at: ledger.path, charter: event,
                signers: ExchangeLedger.Signers(log: signers.log, access: signers.access),
                wrappingKey: folder.wrappingKey(for: signers.log.verifier)
            ).close()
        } catch {
            if (try? LedgerFolder(opening: ledger.path))?.verifier != signers.log.verifier {
                for file in files { try? FileManager.default.removeItem(atPath: file) }
            }
            throw error
        }
        Terminal.say("founded the ledger \(try ledger.path), “\(origin)”; its keys are in \(folder.path)")
        Output.standard.writeLine(signers.log.verifier.description)
        Output.standard.flush()
    }
}
