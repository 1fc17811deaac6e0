package import EventLog
internal import JSON
package import Transparency

/// Verifies lines of answers to verifiable reads without their answers: an entry, and what is given of it, against itself. That
/// the entry is in a log is for somebody else to see to. Keeps its buffers, so use one for many lines.
package struct GivenEntryVerifier {
    private var verifier = EntryVerifier()

    /// An entry whose disclosures hold.
    package struct Given: Sendable {
        package let position: Position
        package let recorded: Timestamp
        package let leaf: MerkleHash
        /// The entry as it is hashed.
        package let entry: [UInt8]
        /// The event as its reader may see it.
        package let event: SeenEntry.Event
    }

    package init() {}

    /// Verifies a line, given without its newline.
    ///
    /// - Throws: ``ReadVerificationError``, also for a stub and for a line with a proof, which are none of those meant here.
    /// - Complexity: As ``ReadVerifier/take(_:)``.
    package mutating func verify(_ line: [UInt8]) throws(ReadVerificationError) -> Given {
        let root = try ReadVerifier.parsed(line)
        let given = try ReadVerifier.reading { () throws(ExchangeError) in try VerifiableEntry(root) }
        guard given.proof == nil, case .entry(let opened) = given.content else {
            throw ReadVerificationError(.malformed, "It is a stub, or has a proof.")
        }
        let leaf = given.leaf
        let result = try verifier.verify(opened, at: given.position, leaf: leaf)
        return Given(
            position: given.position, recorded: result.event.recorded, leaf: leaf, entry: opened.entry,
            event: result.event)
    }
}
