import ArgumentParser
import EventLog
import Foundation
import Interchange
import JSON

/// `sanhu import`.
struct Import: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Import other people's formats.",
        discussion: """
            Every file is accounted for: imported, or refused with a reason; the rest goes on. Importing the same input \
            again appends nothing. The exit code is 3 if any file, row or event was refused, though the rest is imported. In \
            a ledger with a charter, each event is appended by the agency that it is of, by its powers and schemas.

            EXAMPLES
              sanhu import wco messages/
              sanhu import kcs declarations.csv
              sanhu import rasff notifications.csv
            """,
        subcommands: [ImportWCO.self, ImportKCS.self, ImportRASFF.self])

    /// Checks that what is to be imported is there: a name that was mistyped is no import of nothing.
    static func check(_ paths: [String]) throws {
        for path in paths where !FileManager.default.fileExists(atPath: path) {
            throw CommandFailure(.notThere, "\(path) is not there, or may not be looked at.")
        }
    }
}

/// `sanhu import wco`.
struct ImportWCO: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "wco",
        abstract: "Import declarations (DEC) and answers (RES) in the XML of the WCO Data Model.",
        discussion: """
            A folder of messages is one scenario: a lodgement, which carries only its local reference, is filed under the \
            number that the answers give it, too.

            EXAMPLES
              sanhu import wco messages/
            """)

    @OptionGroup var writing: WritingOptions

    @Argument(help: "Files and folders.")
    var paths: [String]

    func run() async throws {
        try Import.check(paths)
        try await ImportSession(into: writing.openForImport()).run(WCOImporter(paths: paths))
    }
}

/// `sanhu import kcs`.
struct ImportKCS: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "kcs",
        abstract: "Import declarations and what their inspection found, in the CSV of the Korea Customs Service.",
        discussion: """
            EXAMPLES
              sanhu import kcs declarations.csv --hs harmonized-system.csv
            """)

    @OptionGroup var writing: WritingOptions

    @Option(name: .customLong("hs"), help: "The nomenclature, to warn of codes that are not in it.")
    var nomenclature: String?

    @Argument(help: "Files and folders.")
    var paths: [String]

    func run() async throws {
        try Import.check(paths)
        let table: HSNomenclature?
        do {
            table = try nomenclature.map { try HSNomenclature(contentsOf: $0) }
        } catch {
            throw CommandFailure(.notThere, "--hs: \(error)")
        }
        try await ImportSession(into: writing.openForImport()).run(KCSImporter(paths: paths, nomenclature: table))
    }
}

/// `sanhu import rasff`.
struct ImportRASFF: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rasff",
        abstract: "Import food safety notifications, in the CSV of the European rapid alert system (RASFF).",
        discussion: """
            A notification is addressed to all that it names for distribution, attention or follow-up. A reference that \
            comes again with other content is an amendment: import files that may hold the same references together.

            EXAMPLES
              sanhu import rasff notifications.csv
            """)

    @OptionGroup var writing: WritingOptions

    @Argument(help: "Files and folders.")
    var paths: [String]

    func run() async throws {
        try Import.check(paths)
        try await ImportSession(into: writing.openForImport()).run(RASFFImporter(paths: paths))
    }
}
