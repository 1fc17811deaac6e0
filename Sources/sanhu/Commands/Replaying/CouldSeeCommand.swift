import ArgumentParser
import Audit
import EventLog
import Exchange
import ExchangeProtocol
import JSON

/// `sanhu could-see`.
struct CouldSeeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "could-see",
        abstract: "What an agency could see at a moment, field by field, and by which rule or grant.",
        discussion: """
            An auditor may ask of any agency, an agency of itself, and each agency of the fields that it owns. Told are entries \
            that you see now; a value that could be seen is given if you are entitled to it now, and that is recorded. On a \
            terminal it is a table, else a line of JSON for each entry.

            EXAMPLES
              sanhu could-see declaration:1 --reader TAX --as AUD
              sanhu could-see declaration:1 --reader TAX --reader-role assessor \\
                --reader-purpose refund --known 6 --as AUD
              sanhu could-see --type sanhu.declaration.lodged --reader COM --as CUS
              sanhu could-see --position 5 --reader CUS --as CUS
            """)

    @OptionGroup var ledger: LedgerOptions

    @Argument(help: "An object, kind:value: what is about it.")
    var object: String?

    @Option(name: .long, help: "The agency whose sight is asked for.")
    var reader: String

    @Option(name: .customLong("reader-role"), help: "… in this role.")
    var readerRole: String?

    @Option(name: .customLong("reader-purpose"), help: "… for this purpose, by its code.")
    var readerPurpose: String?

    @Option(name: .customLong("reader-case"), help: "… for this case.")
    var readerCase: String?

    @OptionGroup var match: MatchOptions

    @Option(name: .long, help: "The entry at this position. May be given several times.")
    var position: [UInt64] = []

    @Option(name: .long, help: "As known then: below this position, or recorded by this time; else now.")
    var known: String?

    @OptionGroup var reading: ReaderOptions

    @OptionGroup var remote: ServerOptions

    @Option(name: .long, help: "table or json; else as standard output is a terminal or not.")
    var format: ViewFormat?

    func validate() throws {
        guard reading.claim.agency != nil else { throw ValidationError("Who asks? Give --as AGENCY.") }
        guard reading.asOf == nil else { throw ValidationError("--known takes the place of --as-of.") }
        try reading.refusePages()
        try remote.refuseTable(format == .table)
        guard try query.matchesAll == false || !position.isEmpty else {
            throw ValidationError("Of what? Give an object, or --type, --tag or --position.")
        }
        _ = try moment
    }

    private var query: Query {
        get throws {
            let names = (object.map { [$0] } ?? []) + match.tag
            guard !names.isEmpty || !match.type.isEmpty else { return .all }
            return Query(types: match.type, tags: try names.map { try Tag($0) })
        }
    }

    private var moment: Moment {
        get throws {
            do throws(ReplayError) {
                return try Moment(known: known)
            } catch {
                throw ValidationError(error.reason)
            }
        }
    }

    func run() async throws {
        if let server = remote.asking(as: reading.claim, caseName: reading.caseName) {
            let several =
                match.type.map { ("type", Optional($0)) } + match.tag.map { ("tag", Optional($0)) }
                + position.map { ("position", Optional("\($0)")) }
            return try await server.get(
                ["could-see"],
                [
                    ("object", object), ("reader", reader), ("reader-role", readerRole),
                    ("reader-purpose", readerPurpose), ("reader-case", readerCase), ("known", known),
                ] + several)
        }
        let exchange = try WritingOptions(of: ledger, key: reading.claim.key).openExchange()
        defer { exchange.finish() }
        let other = Reader(member: reader, role: readerRole, purpose: readerPurpose, caseName: readerCase)
        let (_, sightings) = try await Replay(of: exchange, []).sightings(
            of: other, in: try query, at: position, try moment, askedBy: reading.reader ?? .public)
        switch ViewFormat.chosen(format) {
        case .json:
            for sighting in sightings {
                var writer = JSONWriter()
                sighting.write(to: &writer)
                writer.endLine()
                Output.standard.write(writer.bytes)
            }
        case .table: ReplayPrinter.show(sightings)
        }
        Output.standard.flush()
    }
}
