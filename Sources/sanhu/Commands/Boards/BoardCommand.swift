import ArgumentParser
import Audit
import Clearance
import EventLog
import Exchange
import JSON
import Views

/// `sanhu board`.
struct BoardCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "board",
        abstract: "Boards for people at work: what is asked, open, overdue, left (看板).",
        discussion: """
            receipts 回执, inspections 联合查验, inbox 执法互助, risk 风险布控, guarantees 担保余额, credit 企业信用 and \
            incidents 应急, each of what the reader may see. Classified values that are shown are recorded as by a read. On a \
            terminal it is a table, else one JSON object a line, with the members that docs/boards.md names.

            EXAMPLES
              sanhu board receipts --as DEC
              sanhu board receipts declaration:1 --as CUS --at 90
              sanhu board inspections --port CNNSA --on 2026-03-02 --as MSA
              sanhu board inbox --as CUS --as-of 2099-01-01T00:00:00+08:00
              sanhu board inbox --of "out ASB" --as ASB
              sanhu board risk --as BOR --purpose risk-analysis
              sanhu board guarantees --as CUS --purpose clearance --limit 20
              sanhu board credit --of published --on 2026-01-01 --as public
              sanhu board inspections declaration:1 --as MSA --known 6
              sanhu board incidents --port CNNSA --as POO | jq .outstanding
            """)

    @OptionGroup var ledger: LedgerOptions

    @Argument(help: "receipts, inspections, inbox, risk, guarantees, credit or incidents.")
    var board: BoardKind

    @Argument(help: "One object of it, kind:value; else a list.")
    var object: String?

    @Option(name: .long, help: "Of this port (UN/LOCODE): inspections and incidents.")
    var port: String?

    @Option(
        name: .long,
        help: """
            Receipts: of this agency, or enterprise:…; else of who asks. Inbox: “in AGENCY” or “out AGENCY”; else what the \
            agency is asked. Guarantees: of enterprise:…. Credit: violations, or published.
            """)
    var of: String?

    @OptionGroup var reading: ReaderOptions

    @OptionGroup var remote: ServerOptions

    @Option(name: .long, help: "Only what stands below this position.")
    var at: UInt64?

    @OptionGroup var moment: MomentOptions

    @Option(name: .long, help: "Inspections of this day; else the day of validity and due dates (2026-03-02).")
    var on: String?

    @Option(name: .long, help: "At most so many rows, then {\"next\":OBJECT} if there are more.")
    var limit = 100

    @Option(name: .long, help: "Rows after this object, where a list ended.")
    var after: String?

    @Option(name: .long, help: "table or json; else as standard output is a terminal or not.")
    var format: ViewFormat?

    func validate() throws {
        guard reading.claim.agency != nil else { throw ValidationError("Who asks? Give --as AGENCY.") }
        try reading.refusePages()
        try remote.refuseTable(format == .table)
        try moment.validate(at: at, asOf: reading.asOf)
        if let fault = listing.fault({ "--" + $0 }) { throw ValidationError(fault) }
    }

    private var listing: BoardListing {
        var listing = BoardListing(board)
        (listing.object, listing.port, listing.of, listing.day) = (object, port, of, on)
        (listing.after, listing.limit) = (after, limit)
        return listing
    }

    func run() async throws {
        if let server = remote.asking(as: reading.claim, caseName: reading.caseName) {
            let asked = [("at", at.map { "\($0)" }), ("as-of", reading.asOf), ("on", on)] + moment.parameters
            if let object { return try await server.get(["boards", board.rawValue, object], asked) }
            return try await server.get(
                ["boards", board.rawValue],
                asked + [("port", port), ("of", of), ("after", after), ("limit", "\(limit)")])
        }
        let writing = WritingOptions(of: ledger, key: reading.claim.key)
        if moment.isGiven {
            let answer = try await ReplaySession.answer(
                .board(listing), at: try moment.moment, for: reading.reader ?? .public, writing)
            if let page = answer.page { try show(page) }
            return Output.standard.flush()
        }
        let session = try ViewSession(writing, Boards.definition, CaseFiles.definition)
        defer { session.close() }
        try await session.catchUp()
        let boards = Boards(session.runner, cases: CaseFiles(session.runners[1]), of: session.ledger)
        let page = try await boards.page(
            listing,
            BoardQuestion(
                reading.reader ?? .public, at: at, asOf: reading.asOf.flatMap { Timestamp($0) }, on: on))
        try show(page)
        Output.standard.flush()
    }

    private func show(_ page: BoardPage) throws {
        switch ViewFormat.chosen(format) {
        case .json:
            for row in page.rows {
                Output.standard.write(row.json)
                Output.standard.writeLine("")
            }
            if let next = page.next { Output.standard.writeObject { $0.member("next", next) } }
        case .table: try BoardPrinter.show(board, page)
        }
    }
}
