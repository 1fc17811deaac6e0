import ArgumentParser
import Audit
import EventLog
import Exchange
import ExchangeProtocol

/// Of what an export for process mining is made.
struct MiningOptions: ParsableArguments {
    @OptionGroup var ledger: LedgerOptions

    @OptionGroup var claim: ClaimOptions

    @Option(name: .long, help: "The log as it was when it had this many entries; else as it is.")
    var at: UInt64?

    @Option(name: .long, help: "The first position.")
    var from: UInt64 = 0

    @Option(name: .long, help: "Only what happened at this time or after it (RFC 3339).")
    var since: String?

    @Option(name: .long, help: "Only what happened before this time (RFC 3339).")
    var until: String?

    @Option(
        name: .long, help: "Only what happened at this port; else what the declaration that is named was lodged for.")
    var port: String?

    @Option(name: .long, help: "Write into this file, which is there when it is whole; else standard output.")
    var output: String?

    func validate() throws {
        guard claim.agency != nil else { throw ValidationError("Who asks? Give --as AGENCY.") }
        _ = (try since.map(TimeText.time), try until.map(TimeText.time))
    }

    /// The reader.
    var reader: Reader {
        guard let agency = claim.agency, agency != "public" else { return .public }
        return Reader(member: agency, role: claim.role, purpose: claim.purpose, caseName: nil)
    }

    /// Opens the ledger and does something with the events that are asked for, with a progress bar.
    ///
    /// - Parameters:
    ///   - kinds: Of objects.
    ///   - body: Gets the events, what to call as it goes on, and where to write.
    func export(
        _ kinds: [String],
        _ body: (MiningSource, (Position, Position) -> Void, ([UInt8]) -> Void) throws(ExchangeError) -> MiningSummary
    ) throws {
        for kind in kinds where !MiningVocabulary.kinds.contains(kind) {
            let known = MiningVocabulary.kinds.joined(separator: ", ")
            throw ValidationError("No objects of the kind “\(kind)” are exported. There are \(known).")
        }
        let exchange = try WritingOptions(of: ledger, key: claim.key).openExchange()
        defer { exchange.finish() }
        var scope = MiningScope(at: try at ?? exchange.log.head)
        (scope.from, scope.port, scope.kinds) = (from, port, kinds)
        (scope.since, scope.until) = (try since.map(TimeText.time), try until.map(TimeText.time))
        let source = try MiningSource(of: exchange, for: reader, scope)
        let file = try OutputFile(output)
        let bar = ProgressBar("exporting")
        let summary: MiningSummary
        do {
            summary = try body(source, { bar.show($0, $1) }, { file.write($0) })
        } catch {
            bar.finish()
            file.discard()
            throw error
        }
        bar.finish()
        try file.finish()
        Terminal.say(
            "\(summary.events) events (\(summary.unrelated) about no object), \(summary.objects) objects, "
                + "\(summary.relations) relations, \(summary.traces) traces; position \(scope.position), root \(source.root)"
        )
    }
}
