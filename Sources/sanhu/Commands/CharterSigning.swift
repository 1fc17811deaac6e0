import ArgumentParser
import Crypto
import EventLog
import Exchange
import Foundation
import JSON
import Transparency

/// `sanhu charter key`.
struct CharterKey: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key",
        abstract: "Make the key by which an agency signs charters, and print its public half.",
        discussion: """
            The public half goes into the charter, in base64. The private one stays with the agency, in a file that only \
            its owner may read.

            EXAMPLES
              sanhu charter key cus-1.key
            """)

    @Argument(help: "A new file for the private key.")
    var file: String

    func run() throws {
        guard !FileManager.default.fileExists(atPath: file) else {
            throw CommandFailure(.refused, "\(file) exists already. Choose another file for the key.")
        }
        let key = Curve25519.Signing.PrivateKey()
        let text = Base64.encode(Array(key.rawRepresentation)) + "\n"
        try DurableFile.write(Array(text.utf8), to: file, mode: 0o600)
        Output.standard.writeLine(Base64.encode(Array(key.publicKey.rawRepresentation)))
        Output.standard.flush()
    }
}

/// `sanhu charter sign`.
struct CharterSign: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sign",
        abstract: "Add an agency's signature to a founding charter or to amendments.",
        discussion: """
            Prints the event with the signature added to those it has; of several, one a line, each. Each of the agencies signs in turn; then the event \
            founds a ledger, or amends its charter. A signature is for one ledger, by its origin.

            EXAMPLES
              sanhu charter sign f.json --origin c.example --key-id CUS-1 --key c.key
            """)

    @Argument(help: "The CloudEvent, or several, one a line.")
    var event: String

    @Option(name: .long, help: "The ledger's name.")
    var origin: String

    @Option(name: .customLong("key-id"), help: "The id that the key has in the charter.")
    var keyID: String

    @Option(name: .long, help: "The file of the private key.")
    var key: String

    func run() throws {
        let key = try AgencyKeyFile(path: key).key()
        for root in try InputFile.jsonLines(event) {
            guard let draft = CharterEvent(root) else {
                throw CommandFailure(
                    .refused, "\(event) is neither a founding charter nor an amendment, by its type, with data.")
            }
            Output.standard.write(try draft.signed(by: [(keyID, key)], origin: origin))
            Output.standard.writeLine("")
        }
        Output.standard.flush()
    }
}

/// `sanhu charter amend`.
struct CharterAmend: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "amend",
        abstract: "Amend the charter by events that enough agencies have signed.",
        discussion: """
            EXAMPLES
              sanhu charter amend amendment.json
            """)

    @OptionGroup var writing: WritingOptions

    @Argument(help: "The CloudEvent, of type sanhu.charter.amended, signed; or several, one a line.")
    var event: String

    func run() async throws {
        let amendments = try InputFile.jsonLines(event)
        let ledger = try writing.openExchange()
        defer { ledger.finish() }
        for amendment in amendments {
            let position = try await ledger.amend(Array(amendment.text))
            Output.standard.writeObject { $0.member("appended", Int64(position)) }
            Output.standard.flush()
        }
    }
}
