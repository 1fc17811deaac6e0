import ArgumentParser
import Audit
import Clearance
import EventLog
import Exchange
import Views

/// `sanhu report`.
struct ReportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Figures and reports over the whole ledger.",
        discussion: """
            A figure by its code (K22), or one of: list, the figures there are; scoreboard, all of them; ranking, ports \
            by clearance time; reduction, what was reached of targets; coverage, the cells of the sharing matrix; \
            security, the report of a port. What comes out says from which position and root of the log it was computed, \
            by which version of the definition: with --at that position it is the same, byte for byte. Only what \
            nobody is denied counts. docs/figures.md defines each figure.

            EXAMPLES
              sanhu report list
              sanhu report K22 --as CUS --port 2248 --month 2026-03
              sanhu report ranking --as POO --minimum 3
              sanhu report reduction --as POO
              sanhu report coverage --as POO
              sanhu report security --as POO --port CNNSA --at 3
              sanhu report K22 --as AUD --known 2026-03-31T23:59:59+08:00
              sanhu report K22 --as AUD --true 2026-03-31T23:59:59+08:00
              sanhu report scoreboard --as AUD
            """)

    @OptionGroup var ledger: LedgerOptions

    @Argument(help: "A figure's code, or list, scoreboard, ranking, reduction, coverage, security.")
    var report: String

    @OptionGroup var claim: ClaimOptions

    @OptionGroup var remote: ServerOptions

    @Option(name: .long, help: "Only of this port, as declarations name it.")
    var port: String?

    @Option(name: .long, help: "Only of this month at +08:00: 2026-03.")
    var month: String?

    @Option(name: .long, help: "Only from this time on.")
    var from: String?

    @Option(name: .long, help: "Only before this time.")
    var to: String?

    @Option(name: .long, help: "Only of this flow: import or export. For ranking.")
    var flow: String?

    @Option(name: .long, help: "The fewest declarations by which a port is ranked.")
    var minimum: Int64 = FigureRanking.minimum

    @Option(name: .long, help: "Only what stands below this position.")
    var at: UInt64?

    @OptionGroup var moment: MomentOptions

    @Option(name: .long, help: "table or json; else as standard output is a terminal or not.")
    var format: ViewFormat?

    func validate() throws {
        guard report == "list" || ReportQuestion(report) != nil else {
            throw ValidationError("There is no report “\(report)”. `sanhu report list` names the figures.")
        }
        guard report == "list" || claim.agency != nil else { throw ValidationError("Who asks? Give --as AGENCY.") }
        guard minimum >= FigureRanking.leastMinimum else {
            throw ValidationError(
                "--minimum is at least \(FigureRanking.leastMinimum): fewer declarations tell of one firm.")
        }
        try remote.refuseTable(format == .table)
        try moment.validate(at: at, asOf: nil)
        _ = try selection()
    }

    /// Which samples count.
    private func selection() throws -> FigureSelection {
        var selection = FigureSelection(port: port, from: try from.map(TimeText.time), to: try to.map(TimeText.time))
        guard let month else { return selection }
        guard from == nil, to == nil else { throw ValidationError("Give --month, or --from and --to.") }
        guard let range = ReportQuestion.month(month) else {
            throw ValidationError("“\(month)” is no month. Write for example 2026-03.")
        }
        (selection.from, selection.to) = range
        return selection
    }

    func run() async throws {
        guard var question = ReportQuestion(report) else {
            ReportPrinter.list(format)
            return Output.standard.flush()
        }
        if let server = remote.asking(as: claim) {
            return try await server.get(
                ["reports", report],
                [
                    ("port", port), ("month", month), ("from", from), ("to", to), ("flow", flow),
                    ("minimum", "\(minimum)"), ("at", at.map { "\($0)" }),
                ] + moment.parameters)
        }
        (question.selection, question.flow, question.minimum) = (try selection(), flow, minimum)
        let session = try ViewSession(WritingOptions(of: ledger, key: claim.key), PortFigures.definition)
        defer { session.close() }
        try await session.catchUp()
        let parked = try session.runner.status().parked
        if parked > 0 {
            Terminal.say(
                "sanhu: \(parked) events could not be taken in and count in no figure; see `sanhu parked list`.")
        }
        let reader =
            claim.agency == "public"
            ? Reader.public : Reader(.authority, agency: claim.agency ?? "", role: claim.role, purpose: claim.purpose)
        if moment.isGiven {
            let replay = Replay(of: session.ledger, session.runners)
            let answer = try await replay.answer(.report(question), at: try moment.moment, for: reader)
            if let report = answer.report { ReportPrinter.show(report, format) }
            return Output.standard.flush()
        }
        ReportPrinter.show(try await PortFigures(session.runner).answer(question, at: at, for: reader), format)
        Output.standard.flush()
    }
}
