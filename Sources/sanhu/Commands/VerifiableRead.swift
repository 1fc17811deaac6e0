import ArgumentParser
import EventLog
import Exchange
import Foundation

/// In which form what is read is given: with what verifies it, or in the latest version of its schema.
struct VerifiableOptions: ParsableArguments {
    @Flag(name: .long, help: "With --as: each entry as everyone has it, with what may be seen of it beside it.")
    var verifiable = false

    @Flag(name: .long, help: "With --verifiable: prove of each position that it is in the log.")
    var proofs = false

    @Option(name: .long, help: "With --proofs: prove that the log of this size is the beginning of it.")
    var since: UInt64?

    @Flag(name: .long, help: "With --as: events of older versions of their schemas brought up to the latest.")
    var upcast = false

    /// What was read, in the latest version if that is asked for.
    func shown(_ seen: [SeenEntry], of ledger: ExchangeLedger) throws(ExchangeError) -> [SeenEntry] {
        upcast ? try ledger.upcast(seen, by: .standard) : seen
    }

    func validate() throws {
        if upcast, verifiable { throw ValidationError("--verifiable shows events as they are: leave out --upcast.") }
        if proofs, !verifiable { throw ValidationError("--proofs goes with --verifiable.") }
        if since != nil, !proofs { throw ValidationError("--since goes with --proofs.") }
    }

    /// Prints what a reader gets, a line each; see `sanhu read-verify`.
    func print(
        _ exchange: ExchangeLedger, _ query: Query, _ range: ReadRange, for reader: Reader, asOf earlier: Timestamp?
    ) async throws {
        let wanted: ExchangeLedger.ReadProofs =
            proofs ? since.map { .inclusionSince($0) } ?? .inclusion : .none
        try await exchange.readVerifiable(query, range, for: reader, asOf: earlier, proofs: wanted) { line in
            Output.standard.write(line)
            Output.standard.write(CollectionOfOne(UInt8(ascii: "\n")))
        }
        Output.standard.flush()
    }
}
