import ArgumentParser
import EventLog
import Exchange
import Foundation
import JSON

/// `sanhu charter draft`.
struct CharterDrafting: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "draft",
        abstract: "Draft the event that founds a ledger, or an amendment that registers schemas, for agencies to sign.",
        discussion: """
            An event has room for some fifty kilobytes: of many schemas, some are registered by amendments.

            EXAMPLES
              sanhu charter draft --charter charter.json disclosure.*.schema.json
              sanhu charter draft --basis 0 declaration.*.schema.json
            """)

    @Option(name: .long, help: "What the founding charter says, as JSON.")
    var charter: String?

    @Option(name: .long, help: "Draft an amendment of the charter whose last event is at this position.")
    var basis: Position?

    @Option(name: .long, help: "The id of the event; else the name of what it does.")
    var id: String?

    @Argument(help: "Files of schemas.")
    var schemas: [String] = []

    func validate() throws {
        guard (charter == nil) != (basis == nil) else {
            throw ValidationError("Give --charter for a founding charter, or --basis for an amendment.")
        }
        guard basis == nil || !schemas.isEmpty else { throw ValidationError("Which schemas are to be registered?") }
    }

    func run() throws {
        let documents = try schemas.map(InputFile.json)
        let event: [UInt8]
        if let charter {
            event = try CharterDraft.founding(
                id: id ?? "founding", charter: InputFile.json(charter), schemas: documents)
        } else {
            let basis = basis ?? 0
            event = try CharterDraft.amendment(id: id ?? "schemas-\(basis)", basis: basis, schemas: documents)
        }
        Output.standard.write(event)
        Output.standard.writeLine("")
        Output.standard.flush()
    }
}
