import ArgumentParser
import EventLog
import Exchange
import ExchangeProtocol
import Foundation

/// `sanhu who-saw`.
struct WhoSaw: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "who-saw",
        abstract: "Say who saw which classified fields, when, what for and under which rule.",
        discussion: """
            Told are the agency that owns the fields; auditors; and whom the entries name, where it is no secret. An agency \
            may also ask what it read itself, by naming itself alone as --reader. To ask is recorded, once, and so is to be \
            denied. The latest are shown, the oldest of them first: on a terminal a table, else a line of JSON each.

            EXAMPLES
              sanhu who-saw --as CUS --field /commercial --case T-2026-17
              sanhu who-saw --as CUS --tag declaration:220020260000000001
              sanhu who-saw --as AUD --since 2026-03-01T00:00:00+08:00
              sanhu who-saw --as TAX --reader TAX --purpose audit
              sanhu who-saw --party enterprise:91310000MA1FL0AB1X --position 17
            """)

    /// How the records are printed.
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case table, json
    }

    @OptionGroup var ledger: LedgerOptions

    @OptionGroup var claim: ClaimOptions

    @OptionGroup var remote: ServerOptions

    @Option(name: .long, help: "Ask as a party that entries name by this tag. May be given several times.")
    var party: [String] = []

    @Option(name: .long, help: "A field by its JSON Pointer, e.g. /commercial. May be given several times.")
    var field: [String] = []

    @OptionGroup var match: MatchOptions

    @Option(name: .long, help: "A position, or a range of them: 17 or 17-20. May be given several times.")
    var position: [String] = []

    @Option(name: .long, help: "An agency that read. May be given several times.")
    var reader: [String] = []

    @Option(name: .customLong("case"), help: "The case it was read for.")
    var caseName: String?

    @Option(name: .long, help: "Only what was recorded at this time or after it (RFC 3339).")
    var since: String?

    @Option(name: .long, help: "Only what was recorded before this time (RFC 3339).")
    var until: String?

    @Option(name: .long, help: "The most records: the latest.")
    var limit = 1_000

    @Option(
        name: .long, help: "table: for people; json: a line of JSON each. Else as standard output is a terminal or not."
    )
    var format: Format?

    func validate() throws {
        if claim.agency == nil, party.isEmpty { throw ValidationError("Who asks? Give --as AGENCY or --party TAG.") }
        if claim.agency == nil, claim.role != nil { throw ValidationError("--role goes with --as.") }
        if !(1...AccessQuery.maximumLimit).contains(limit) {
            throw ValidationError("--limit is from 1 to \(AccessQuery.maximumLimit).")
        }
        try remote.refuseTable(format == .table)
        if remote.address != nil, !party.isEmpty {
            throw ValidationError(
                "--party goes without --server: a server knows agencies by their keys, and no parties.")
        }
        _ = try query()
        _ = try tags(party)
    }

    func run() async throws {
        if let server = remote.asking(as: claim) {
            let lists = [
                ("field", field), ("type", match.type), ("tag", match.tag), ("position", position), ("reader", reader),
            ]
            return try await server.get(
                ["who-saw"],
                lists.flatMap { name, values in values.map { (name, String?.some($0)) } }
                    + [("case", caseName), ("since", since), ("until", until), ("limit", "\(limit)")])
        }
        let exchange = try WritingOptions(of: ledger, key: claim.key).openExchange()
        defer { exchange.finish() }
        // The charter says what kind of agency it is.
        let reader = Reader(
            claim.agency == nil ? .party : .authority, agency: claim.agency, role: claim.role,
            identities: try tags(party),
            purpose: claim.purpose)
        try exchange.warn(ofUnknownPurposeOf: reader)
        let found = try await exchange.accesses(query(), for: reader)
        AccessPrinter(format: format ?? (Terminal.isInteractive ? .table : .json)).print(found)
        if found.count == limit { Terminal.say("there may be more: these are the latest \(limit) (--limit)") }
        Output.standard.flush()
    }

    private func query() throws -> AccessQuery {
        AccessQuery(
            pointers: field, types: match.type, tags: try tags(match.tag), positions: try position.map(range),
            readers: reader,
            caseName: caseName, since: try since.map(TimeText.time), until: try until.map(TimeText.time), limit: limit)
    }

    private func tags(_ texts: [String]) throws -> [Tag] {
        try texts.map { text in
            guard let tag = try? Tag(text) else { throw ValidationError("“\(text)” is no tag. Write kind:value.") }
            return tag
        }
    }

    private func range(_ text: String) throws -> ClosedRange<Position> {
        guard let range = PositionText.range(text) else {
            throw ValidationError("“\(text)” is neither a position nor a range of them. Write for example 17 or 17-20.")
        }
        return range
    }
}
