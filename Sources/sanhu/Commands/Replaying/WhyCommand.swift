import ArgumentParser
import Audit
import EventLog
import Exchange
import JSON

/// `sanhu why`.
struct WhyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "why",
        abstract: "Why a decision stood: power, rules and what they read, what it rested on, what came later.",
        discussion: """
            Of any event: a release, a hold, an order, a recognition, a write-off, a breach, an automation's act. The rules are \
            run again at the head of then. What came later and would change it is told as well, up to --known. Of what you \
            may not see you are told at most that it is there. docs/replay.md names the members.

            EXAMPLES
              sanhu why 6 --as CUS
              sanhu why 6 --as AUD --known 2099-03-01T00:00:00Z | jq .rules
              sanhu why "/MSA/1#hold-17" --as MSA
            """)

    @OptionGroup var ledger: LedgerOptions

    @Argument(help: "The event: its position, or its source, #, and its id.")
    var event: String

    @OptionGroup var reading: ReaderOptions

    @OptionGroup var remote: ServerOptions

    @Option(name: .long, help: "Up to where later events are known: a position, or a time recorded; else now.")
    var known: String?

    @Option(name: .long, help: "text or json; else as standard output is a terminal or not.")
    var format: CaseCommand.Format?

    func validate() throws {
        guard reading.claim.agency != nil else { throw ValidationError("Who asks? Give --as AGENCY.") }
        guard reading.asOf == nil else { throw ValidationError("--known takes the place of --as-of.") }
        try reading.refusePages()
        try remote.refuseTable(format == .text)
        guard Position(event) != nil || identity != nil else {
            throw ValidationError("“\(event)” is no position, and no source with # and an id: /MSA/1#hold-17.")
        }
        _ = try moment
    }

    private var identity: EventIdentity? {
        guard let mark = event.lastIndex(of: "#"), mark > event.startIndex, event.index(after: mark) < event.endIndex
        else { return nil }
        return EventIdentity(source: String(event[..<mark]), id: String(event[event.index(after: mark)...]))
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
            guard let identity else { return try await server.get(["why", event], [("known", known)]) }
            return try await server.get(
                ["why"], [("source", identity.source), ("id", identity.id), ("known", known)])
        }
        let exchange = try WritingOptions(of: ledger, key: reading.claim.key).openExchange()
        defer { exchange.finish() }
        let replay = Replay(of: exchange, [])
        let position = if let identity { try replay.position(of: identity) } else { Position(event) ?? 0 }
        let why = try await replay.why(position, knownAt: try moment, for: reading.reader ?? .public)
        switch format ?? (Terminal.isInteractive ? .text : .json) {
        case .text: WhyPrinter.show(why)
        case .json:
            var writer = JSONWriter()
            why.write(to: &writer)
            writer.endLine()
            Output.standard.write(writer.bytes)
        }
        Output.standard.flush()
    }
}
