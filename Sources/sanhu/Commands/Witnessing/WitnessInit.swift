import ArgumentParser
import Foundation
import JSON
import Transparency
import Witnessing

/// `sanhu witness init`.
struct WitnessInit: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Make a witness: its key, and the folder of what it cosigned.",
        discussion: """
            The private key goes to the key folder, or where --witness-key says; the public one is printed, for policies. The \
            folder must never be set back to an older copy: a witness that lost it needs a new key.

            EXAMPLES
              sanhu witness init --name customs.example/witness --state witness/
            """)

    @Option(name: .long, help: "The witness's name: an address without https://, of the agency's own.")
    var name: String

    @OptionGroup var options: WitnessOptions

    func run() throws {
        guard !FileManager.default.fileExists(atPath: options.state + "/state.json") else {
            throw CommandFailure(.refused, "\(options.state) is a witness's folder already. Choose another.")
        }
        let key: NoteSigner
        do throws(NoteError) {
            key = try NoteSigner.generate(name: name)
        } catch {
            throw ValidationError("--name: \(error.reason)")
        }
        let file = try KeyFolder.standard.store(key, at: options.witnessKey)
        let verifier = CosignatureSigner(key).verifier
        try WitnessFolder.create(at: options.state, for: verifier)
        Output.standard.writeObject { json in
            json.member("witness", name)
            json.member("key", verifier.description)
            json.member("file", file)
        }
        Output.standard.flush()
    }
}

/// `sanhu witness key`.
struct WitnessKey: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key",
        abstract: "Print a witness's public key, as policies take it.",
        discussion: """
            EXAMPLES
              sanhu witness key --state witness/
            """)

    @Option(name: .long, help: "The witness's folder.")
    var state: String

    func run() throws {
        Output.standard.writeLine(try WitnessFolder.contents(at: state).verifier.description)
        Output.standard.flush()
    }
}
