import ArgumentParser
import Audit
import Clearance
import EventLog
import Exchange
import JSON

/// `sanhu diff`.
struct DifferenceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "What is otherwise at one moment than at another: what appeared, went, changed, and by which events.",
        discussion: """
            Of the case file of an object, of its --timeline, of a --board, or of a --report. A moment is a position, or a time \
            recorded; without --to it is now. With --from-true and --to-true what was true at two times is compared, as \
            far as it was known at these moments. On a terminal it is a table, else one JSON object.

            EXAMPLES
              sanhu diff declaration:1 --from 2026-03-01T18:00:00+08:00 --as CUS
              sanhu diff declaration:1 --from 3 --to 6 --as CUS | jq .changes
              sanhu diff container:MSKU1234565 --timeline --from 3 --as CUS
              sanhu diff declaration:1 --board inspections --from 3 --as MSA
              sanhu diff --report K22 --from 3 --as AUD
            """)

    @OptionGroup var ledger: LedgerOptions

    @Argument(help: "The object, kind:value.")
    var object: String?

    @OptionGroup var reading: ReaderOptions

    @OptionGroup var remote: ServerOptions

    @Option(name: .long, help: "The first moment: a position, or a time recorded.")
    var from: String

    @Option(name: .long, help: "The second one; else now.")
    var to: String?

    @Option(name: .customLong("from-true"), help: "At the first moment, as true at this time.")
    var fromTrue: String?

    @Option(name: .customLong("to-true"), help: "At the second one, as true at this time.")
    var toTrue: String?

    @Flag(name: .long, help: "Of the object's timeline, whatever its kind.")
    var timeline = false

    @Option(name: .long, help: "Of this board; of the object's row if one is given.")
    var board: BoardKind?

    @Option(name: .long, help: "Of this figure or report.")
    var report: String?

    @Option(name: .long, help: "table or json; else as standard output is a terminal or not.")
    var format: ViewFormat?

    func validate() throws {
        guard reading.claim.agency != nil else { throw ValidationError("Who asks? Give --as AGENCY.") }
        guard reading.asOf == nil else { throw ValidationError("--from and --to take the place of --as-of.") }
        try reading.refusePages()
        try remote.refuseTable(format == .table)
        guard [timeline, board != nil, report != nil].count(where: \.self) <= 1 else {
            throw ValidationError("Give one of --timeline, --board and --report.")
        }
        guard object != nil || board != nil || report != nil else {
            throw ValidationError("Of what? Give an object, kind:value, or --board or --report.")
        }
        _ = try subject
        _ = try moments
    }

    private var moments: (Moment, Moment) {
        get throws {
            do throws(ReplayError) {
                return (try Moment(known: from, true: fromTrue), try Moment(known: to, true: toTrue))
            } catch {
                throw ValidationError(error.reason)
            }
        }
    }

    private var subject: ReplaySubject {
        get throws {
            if let report {
                guard let question = ReportQuestion(report) else {
                    throw ValidationError("There is no report “\(report)”. `sanhu report list` names the figures.")
                }
                return .report(question)
            }
            if let board {
                var listing = BoardListing(board)
                listing.object = object
                return .board(listing)
            }
            let object = object ?? ""
            if timeline { return .timeline(object) }
            guard CaseFiles.has(object) else {
                throw ValidationError(
                    "“\(object)” has no case file: only \(CaseFiles.kinds.joined(separator: ", ")) have. Give --timeline."
                )
            }
            return .file(object)
        }
    }

    func run() async throws {
        if let server = remote.asking(as: reading.claim, caseName: reading.caseName) {
            return try await server.get(
                ["differences"],
                [
                    ("object", object), ("timeline", timeline ? "true" : nil), ("board", board?.rawValue),
                    ("report", report), ("from", from), ("to", to), ("from-true", fromTrue), ("to-true", toTrue),
                ])
        }
        let (subject, moments, reader) = (try subject, try moments, reading.reader ?? .public)
        let difference = try await ReplaySession.with(subject, WritingOptions(of: ledger, key: reading.claim.key)) {
            try await $0.difference(of: subject, from: moments.0, to: moments.1, for: reader)
        }
        switch ViewFormat.chosen(format) {
        case .table: ReplayPrinter.show(difference)
        case .json:
            var writer = JSONWriter()
            difference.write(to: &writer)
            writer.endLine()
            Output.standard.write(writer.bytes)
        }
        Output.standard.flush()
    }
}
