import ArgumentParser
import Foundation
import Transparency
import Witnessing

/// Which witness, and with which key.
struct WitnessOptions: ParsableArguments {
    @Option(name: .long, help: "The witness's folder.")
    var state: String

    @Option(name: .customLong("witness-key"), help: "The file of its private key; else the key folder.")
    var witnessKey: String?

    /// Opens the witness, alone.
    func open() throws -> WitnessFolder {
        let verifier = try WitnessFolder.contents(at: state).verifier
        let key = try NoteVerifier(name: verifier.name, publicKey: verifier.publicKey)
        // SANHU_KEY is the ledger's.
        let file = witnessKey ?? KeyFolder.standard.file(for: key)
        return try WitnessFolder(
            at: state, signer: CosignatureSigner(KeyFolder.standard.signer(for: key, file: file)))
    }
}
