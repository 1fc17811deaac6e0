import ArgumentParser
import EventLog
import Exchange
import ExchangeProtocol
import JSON

/// `sanhu disclose list`.
struct DiscloseList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Requests and grants: how they stand, what is due and how late it is.",
        discussion: """
            Lists those in which the agency asks or is asked; with --all also those of others whose events it sees. Grounds are \
            shown to whom they are disclosed, which is recorded.

            EXAMPLES
              sanhu disclose list --as CUS
              sanhu disclose list --as CUS --overdue
              sanhu disclose list --as TAX --state inForce --format json | jq .to
            """)

    @OptionGroup var ledger: LedgerOptions
    @OptionGroup var reading: ReaderOptions
    @OptionGroup var remote: ServerOptions

    @Flag(name: .long, help: "Also those of other agencies.")
    var all = false

    @Flag(name: .long, help: "Only what is late and not done.")
    var overdue = false

    @Option(name: .long, help: "Only what stands so. May be given several times.")
    var state: [DisclosureStanding.State] = []

    @Option(name: .long, help: "text for people, json for machines; without it, text on a terminal.")
    var format: Read.Format?

    func validate() throws {
        guard reading.claim.agency != nil else { throw ValidationError("Whose? Give --as AGENCY.") }
        try remote.refuseTable(format == .text)
        guard reading.asOf == nil else { throw ValidationError("--as-of goes with `sanhu read`, not with this.") }
        guard reading.page == nil, reading.cursor == nil, reading.field.isEmpty else {
            throw ValidationError("--page, --cursor and --field go with `sanhu read`, not with this.")
        }
    }

    func run() async throws {
        if let server = remote.asking(as: reading.claim, caseName: reading.caseName) {
            return try await server.get(
                ["disclosures"],
                [("all", all ? "true" : nil), ("overdue", overdue ? "true" : nil), ("limit", "1000")]
                    + state.map { ("state", String?.some($0.rawValue)) })
        }
        let ledger = try WritingOptions(of: ledger, key: reading.claim.key).openExchange()
        defer { ledger.finish() }
        try await ledger.settle()
        let reader = reading.reader ?? .public
        try ledger.warn(ofUnknownPurposeOf: reader)
        let standings = try await ledger.standings(for: reader, includingOthers: all)
            .filter { (!overdue || $0.isOverdue) && (state.isEmpty || state.contains($0.state)) }
        switch format ?? (Terminal.isInteractive ? .text : .json) {
        case .json: for standing in standings { Output.standard.writeObject { standing.write(to: &$0) } }
        case .text: for line in StandingTable(standings).lines { Output.standard.writeLine(line) }
        }
        Output.standard.flush()
    }
}

/// Standings as lines for a person.
struct StandingTable {
    let standings: [DisclosureStanding]

    init(_ standings: [DisclosureStanding]) {
        self.standings = standings
    }

    var lines: [String] {
        guard !standings.isEmpty else { return ["Nothing."] }
        let heading = ["POSITION", "WHAT", "STATE", "ASKS", "OWNER", "PURPOSE", "CASE", "UNTIL", "DUE"]
        let rows = standings.map { standing in
            [
                String(standing.matter.position), standing.matter.word, standing.state.rawValue, standing.matter.agency,
                standing.matter.scope.owner, standing.matter.scope.purpose, standing.matter.scope.caseName,
                String(standing.matter.scope.to.description.prefix(16)), Self.due(standing),
            ]
        }
        let widths = heading.indices.map { column in
            ([heading] + rows).map { Self.width($0[column]) }.max() ?? 0
        }
        let printed = rows.enumerated().map { index, row in
            let line = Self.line(row, widths)
            return standings[index].isOverdue ? Terminal.coloured(line, .bad) : line
        }
        return [Terminal.coloured(Self.line(heading, widths), .faint)] + printed
    }

    private static func line(_ cells: [String], _ widths: [Int]) -> String {
        let line = zip(cells, widths).map { $0 + String(repeating: " ", count: $1 - width($0)) }.joined(separator: "  ")
        return String(line.reversed().drop { $0 == " " }.reversed())
    }

    /// How many columns a text takes: characters of the wide scripts take two.
    private static func width(_ text: String) -> Int {
        text.unicodeScalars.reduce(0) { $0 + ((0x1100...0xFF60).contains($1.value) && $1.value > 0x2E7F ? 2 : 1) }
    }

    /// The stage that is next, or was done late.
    private static func due(_ standing: DisclosureStanding) -> String {
        standing.due.filter { $0.isLate || $0.done == nil }.map { due in
            let days = "\(due.workingDays) day\(due.workingDays == 1 ? "" : "s")"
            guard due.isLate else { return due.workingDays == 0 ? "\(due.word) today" : "\(due.word) in \(days)" }
            return due.done == nil ? "\(due.word) \(days) late" : "\(due.word) was \(days) late"
        }.joined(separator: ", ")
    }
}
