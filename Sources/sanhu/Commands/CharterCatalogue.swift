import ArgumentParser
import Exchange
import Foundation

/// `sanhu charter catalogue`.
struct CharterCatalogue: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "catalogue",
        abstract: "The data catalogue: which data there are, who produces them, who may read them.",
        discussion: """
            Prints a page of Markdown: the sharing matrix, then each schema with its fields, classes and examples. It is made \
            of a charter as it is drafted, and of schemas; no ledger is needed.

            EXAMPLES
              sanhu charter catalogue --charter charter.json declaration.*.schema.json
            """)

    @Option(name: .long, help: "What the founding charter says, as JSON.")
    var charter: String

    @Argument(help: "Files of schemas.")
    var schemas: [String]

    func run() throws {
        let catalogue = try DataCatalogue(charter: InputFile.json(charter), schemas: schemas.map(InputFile.json))
        Output.standard.write(Array(catalogue.markdown().utf8))
        Output.standard.flush()
    }
}
