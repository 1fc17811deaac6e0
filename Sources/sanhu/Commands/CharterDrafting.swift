import ArgumentParser
import EventLog
import Exchange
import Foundation
import JSON

/// `sanhu charter draft`.
struct CharterDrafting: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "draft",
        abstract: "Draft the event that founds a ledger, or amendments that register schemas, for agencies to sign.",
        discussion: """
            An event has room for some fifty kilobytes. Of amendments as many are made as the schemas need, one a line, each \
            on the basis of the one before: `charter sign` signs them all, and `charter amend` appends them in turn.

            EXAMPLES
              sanhu charter draft --charter charter.json disclosure.*.schema.json
              sanhu charter draft --basis 0 declaration.*.schema.json
            """)

    @Option(name: .long, help: "What the founding charter says, as JSON.")
    var charter: String?

    @Option(name: .long, help: "Draft an amendment of the charter whose last event is at this position.")
    var basis: Position?

    @Option(name: .long, help: "The id of the event, the first if there are several; else what it does.")
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
        let events: [[UInt8]]
        if let charter {
            events = [
                try CharterDraft.founding(id: id ?? "founding", charter: InputFile.json(charter), schemas: documents)
            ]
        } else {
            let basis = basis ?? 0
            events = try CharterDraft.amendments(id: id ?? "schemas-\(basis)", basis: basis, schemas: documents)
        }
        for event in events {
            Output.standard.write(event)
            Output.standard.writeLine("")
        }
        Output.standard.flush()
    }
}
