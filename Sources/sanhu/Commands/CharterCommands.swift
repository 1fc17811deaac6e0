import ArgumentParser
import EventLog
import Exchange
import Foundation
import Transparency

/// `sanhu charter`.
struct CharterCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "charter",
        abstract: "Who belongs to the exchange, who may do what, and by which rules data are shared.",
        discussion: """
            EXAMPLES
              sanhu charter show
              sanhu charter amend amendment.json
            """,
        subcommands: [
            CharterShow.self, CharterDiff.self, CharterDrafting.self, CharterKey.self, CharterSign.self,
            CharterAmend.self, CharterCatalogue.self,
        ])
}

/// `sanhu charter show`.
struct CharterShow: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "The charter as it stands, or as it stood.",
        discussion: """
            EXAMPLES
              sanhu charter show
              sanhu charter show --as-of 2026-03-01T00:00:00+08:00 --format json
            """)

    @OptionGroup var ledger: LedgerOptions

    @Option(name: .customLong("as-of"), help: "As it was known at this time (RFC 3339).")
    var asOf: String?

    @Option(name: .long, help: "text for people, json for machines.")
    var format: Read.Format = .text

    func run() throws {
        let history = try CharterFold.history(ledger)
        let charter = try CharterFold.charter(history, asOf)
        switch format {
        case .text: Output.standard.writeLine(charter.text())
        case .json:
            Output.standard.write(charter.json())
            Output.standard.writeLine("")
        }
        Output.standard.flush()
        for refused in history.refused {
            Terminal.say("the charter event at position \(refused.position) has no effect: \(refused.error.reason)")
        }
    }
}

/// `sanhu charter diff`.
struct CharterDiff: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "What changed in the charter between two times.",
        discussion: """
            EXAMPLES
              sanhu charter diff 2026-01-01T00:00:00Z
              sanhu charter diff 2026-01-01T00:00:00Z 2026-06-30T00:00:00Z
            """)

    @OptionGroup var ledger: LedgerOptions

    @Argument(help: "From this time (RFC 3339).")
    var from: String

    @Argument(help: "To this time; without it, now.")
    var to: String?

    func run() throws {
        let history = try CharterFold.history(ledger)
        let (start, end) = (try TimeText.time(from), try to.map(TimeText.time) ?? .now())
        let difference = CharterDifference(
            from: try CharterFold.charter(history, from), at: start, to: try CharterFold.charter(history, to), at: end)
        Output.standard.writeLine(difference.description)
        Output.standard.flush()
    }
}

/// Reading the charter's history from a log.
enum CharterFold {
    static func history(_ ledger: LedgerOptions) throws -> CharterHistory {
        let log = try ledger.openForReading()
        defer { log.close() }
        var history = CharterHistory(origin: log.verifier.name)
        try log.read(Query(types: CharterTags.types), ReadRange()) { (entries) throws(LogError) in
            for entry in entries {
                do throws(ExchangeError) {
                    try history.append(entry)
                } catch {
                    throw LogError(.corrupted, error.reason)
                }
            }
            return true
        }
        return history
    }

    static func charter(_ history: CharterHistory, _ asOf: String?) throws -> Charter {
        guard let charter = try asOf.map({ history.charter(asOf: try TimeText.time($0)) }) ?? history.current else {
            throw CommandFailure(.notThere, "There is no charter\(asOf.map { " as of \($0)" } ?? "").")
        }
        return charter
    }
}
