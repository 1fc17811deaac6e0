import ArgumentParser
import EventLog
import Exchange
import ExchangeProtocol
import Foundation

/// `sanhu token`.
struct TokenCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token", abstract: "Tokens by which an agency says to a server who asks.",
        discussion: """
            EXAMPLES
              sanhu token issue --as CUS --key-id CUS-1 --key c.key --origin c.example
            """,
        subcommands: [TokenIssue.self])
}

/// `sanhu token issue`.
struct TokenIssue: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "issue",
        abstract: "Sign a short-lived token with a key of the agency, and print it.",
        discussion: """
            The key is one that the charter has for the agency; it never leaves the agency. The token says who asks, in \
            which role, for what and for which case; a server believes it until it ends or the charter ends the key. It goes \
            into the header `Authorization: Bearer TOKEN`.

            EXAMPLES
              sanhu token issue --as CUS --key-id CUS-1 --key c.key --origin c.example
            """)

    @Option(name: .customLong("as"), help: "The agency.")
    var agency: String

    @Option(name: .customLong("key-id"), help: "The id that the key has in the charter.")
    var keyID: String

    @Option(name: .long, help: "The file of the private key.")
    var key: String

    @Option(name: .long, help: "The ledger's name.")
    var origin: String

    @Option(name: .long, help: "Who of the agency asks.")
    var officer: String?

    @Option(name: .long, help: "… in this role.")
    var role: String?

    @Option(name: .long, help: "… for this purpose, by its code.")
    var purpose: String?

    @Option(name: .customLong("case"), help: "… for this case.")
    var caseName: String?

    @Option(name: .long, help: "For how many seconds it is good: 900 if nothing is said, 3600 at most.")
    var seconds: Int64 = 900

    func validate() throws {
        guard (1...AccessToken.maximumLifetime).contains(seconds) else {
            throw ValidationError("--seconds is from 1 to \(AccessToken.maximumLifetime).")
        }
    }

    func run() throws {
        let now = Timestamp.now().microseconds / 1_000_000
        let token = AccessToken(
            agency: agency, key: keyID, audience: origin, issued: now, expires: now + seconds, id: UUID().uuidString,
            officer: officer, role: role, purpose: purpose, caseName: caseName)
        Output.standard.writeLine(try token.signed(by: try AgencyKeyFile(path: key).key()))
        Output.standard.flush()
    }
}
