import ArgumentParser
import Audit
import Clearance
import EventLog
import Exchange
import JSON
import Views

/// `sanhu case`.
struct CaseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "case",
        abstract: "The case file of an object: what happened, who must still release, what is missing.",
        discussion: """
            Of a declaration, container, enterprise or permit, folded from what the reader may see: two readers may be told \
            different things. Classified values that are shown are recorded as by a read. Of a declaration the holds of its \
            containers count, too. On a terminal it is a text, else one JSON object with the members that \
            docs/case-files.md names. With --known it is the file as it was then; with --true as it was true at a time, with \
            the events by which that differs from what was known at that time (docs/replay.md).

            EXAMPLES
              sanhu case declaration:1 --as CUS
              sanhu case declaration:1 --as CUS --known 2026-03-02T18:00:00+08:00
              sanhu case permit:IL-2026-0017 --as CUS --true 2026-03-02T18:00:00+08:00
              sanhu case declaration:1 --as TAX --purpose refund --case T-7
              sanhu case container:MSKU1234565 --as CUS --at 3
              sanhu case enterprise:91310000MA1FL0QX23 --as MKT | jq .violations
              sanhu case declaration:1 --as CUS --server https://port.example \\
                --agency-key cus-1.key --key-id CUS-1
            """)

    @OptionGroup var ledger: LedgerOptions

    @Argument(help: "The object: declaration:…, lrn:…, container:…, enterprise:… or permit:….")
    var object: String

    @OptionGroup var reading: ReaderOptions

    @OptionGroup var remote: ServerOptions

    @Option(name: .long, help: "Only what stands below this position.")
    var at: UInt64?

    @OptionGroup var moment: MomentOptions

    @Option(name: .long, help: "text or json; else as standard output is a terminal or not.")
    var format: Format?

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text, json
    }

    func validate() throws {
        guard reading.claim.agency != nil else { throw ValidationError("Who asks? Give --as AGENCY.") }
        try reading.refusePages()
        try remote.refuseTable(format == .text)
        try moment.validate(at: at, asOf: reading.asOf)
        guard CaseFiles.has(object) else {
            throw ValidationError(
                "“\(object)” has no case file: only \(CaseFiles.kinds.joined(separator: ", ")) have.")
        }
    }

    func run() async throws {
        if let server = remote.asking(as: reading.claim, caseName: reading.caseName) {
            return try await server.get(
                ["cases", object], [("at", at.map { "\($0)" }), ("as-of", reading.asOf)] + moment.parameters)
        }
        if moment.isGiven { return try await replay() }
        let session = try ViewSession(WritingOptions(of: ledger, key: reading.claim.key), CaseFiles.definition)
        defer { session.close() }
        try await session.catchUp()
        // Of an earlier position nobody says for which day it is asked.
        let file = try await CaseFiles(session.runner).file(
            of: object, for: reading.reader ?? .public, asOf: earlier, at: at,
            expiringAt: at == nil ? earlier ?? .now() : nil)
        if let file { show(file) }
        Output.standard.flush()
    }

    private func replay() async throws {
        let moment = try moment.moment
        let answer = try await ReplaySession.answer(
            .file(object), at: moment, for: reading.reader ?? .public,
            WritingOptions(of: ledger, key: reading.claim.key))
        switch format ?? (Terminal.isInteractive ? .text : .json) {
        case .text:
            if let file = answer.file { CasePrinter.show(file) }
            if moment.occurred != nil { ReplayPrinter.showDeviations(answer) }
        case .json:
            if moment.occurred != nil {
                var writer = JSONWriter()
                answer.writeTruth(to: &writer)
                writer.endLine()
                Output.standard.write(writer.bytes)
            } else {
                Output.standard.write(answer.json)
            }
        }
        Output.standard.flush()
    }

    private var earlier: Timestamp? { reading.asOf.flatMap { Timestamp($0) } }

    private func show(_ file: some CaseFile) {
        switch format ?? (Terminal.isInteractive ? .text : .json) {
        case .text: CasePrinter.show(file)
        case .json:
            Output.standard.write(file.json)
            Output.standard.writeLine("")
        }
    }
}
