package import EventLog

/// Gives a reader entries part after part, in verifiable form without proofs, for whoever proves by other means that they are in
/// the log. Who may see what is decided as for any read, and recorded before it is given.
package struct GivenReading: Sendable {
    private let ledger: ExchangeLedger
    private let claim: Reader
    private let began: Timestamp
    private var relied = ReliedTerms()

    /// - Throws: ``ExchangeError`` if the ledger is not founded.
    package init(_ ledger: ExchangeLedger, for claim: Reader) throws(ExchangeError) {
        self.ledger = ledger
        self.claim = claim
        began = try ledger.current { $0.now }
    }

    /// What the reader is given of entries: for each its line without its newline, or nil if it may not see it.
    ///
    /// - Throws: ``ExchangeError`` as ``ExchangeLedger/readVerifiable(_:_:for:asOf:proofs:write:)``: also if what opened
    ///   something in an earlier part has ended.
    package mutating func lines(of entries: [Entry]) async throws(ExchangeError) -> [[UInt8]?] {
        var relied = relied
        let given = try await ledger.disclosed(entries, to: claim, asOf: nil) { records throws(ExchangeError) in
            try ledger.rely(on: records, after: &relied, for: claim, since: began)
        }
        self.relied = relied
        var lines: [[UInt8]?] = []
        lines.reserveCapacity(given.count)
        for entry in given { lines.append(entry.isStub ? nil : try VerifiableEntry(entry, proof: nil).line()) }
        return lines
    }
}
