internal import EventLog
internal import JSON
public import Transparency

/// Verifies an answer to a verifiable read line by line, with the log's public key and nothing else.
///
/// The form is docs/verifiable-reads.md. What has been verified of a line stands as it is; that the answer is whole is known
/// only when ``finish()`` returns. After a fault nothing more is taken. Memory does not grow with the answer.
///
/// ```swift
/// var verifier = try ReadVerifier(key: key)
/// for line in lines {
///     if let entry = try verifier.take(line) { use(entry.seen) }
/// }
/// let read = try verifier.finish()
/// ```
///
/// Sources: RFC 9162, section 2.1.3.2 (inclusion); RFC 9901, section 7.1 (disclosures); C2SP tlog-checkpoint.
public struct ReadVerifier: Sendable {
    private let key: NoteVerifier
    private let known: SignedNote?
    private var heading: ReadHeading?
    private var ending: ReadEnding?
    private var checkpoint: Checkpoint?
    private var knownCheckpoint: Checkpoint?
    private var entryVerifier = EntryVerifier()
    private var failure: ReadVerificationError?
    private var line = 0
    private var positions: PositionCheck?
    private var stubs: UInt64 = 0
    private var disclosures: UInt64 = 0
    private var omitted: UInt64 = 0

    /// - Parameters:
    ///   - key: The log's public key.
    ///   - known: A checkpoint that is known from before; the answer must then show that the log was only added to.
    public init(key: NoteVerifier, known: SignedNote? = nil) {
        self.key = key
        self.known = known
    }

    /// Verifies the next line.
    ///
    /// - Parameter text: The line, without its newline.
    /// - Returns: What it shows, or nil for the first and the last line.
    /// - Throws: ``ReadVerificationError`` naming the line.
    /// - Complexity: O(*n* + *d* log *d*) in the bytes of the line and the digests of the entry.
    public mutating func take(_ text: [UInt8]) throws(ReadVerificationError) -> VerifiedEntry? {
        if let failure { throw failure }
        line += 1
        do throws(ReadVerificationError) {
            return try verify(text)
        } catch {
            var failure = error
            failure.line = line
            self.failure = failure
            throw failure
        }
    }

    /// Verifies that the answer is whole.
    ///
    /// - Throws: ``ReadVerificationError``: what ``take(_:)`` threw, or `.cutShort`.
    public func finish() throws(ReadVerificationError) -> VerifiedRead {
        if let failure { throw failure }
        guard let heading, let ending else {
            throw ReadVerificationError(.cutShort, "The answer has no last line: the rest of it is missing.")
        }
        return VerifiedRead(
            origin: heading.origin, from: ending.from, to: ending.to, query: heading.query, entries: ending.entries,
            stubs: stubs, disclosures: disclosures, omitted: omitted, checkpoint: checkpoint, known: knownCheckpoint)
    }

    // MARK: Lines

    private mutating func verify(_ text: [UInt8]) throws(ReadVerificationError) -> VerifiedEntry? {
        guard ending == nil else { throw ReadVerificationError(.malformed, "Something comes after the last line.") }
        let root = try Self.parsed(text)
        guard let heading else {
            try begin(Self.reading { () throws(ExchangeError) in try ReadHeading(root) })
            return nil
        }
        guard root["end"] == nil else {
            let ending = try Self.reading { () throws(ExchangeError) in try ReadEnding(root) }
            try positions?.end(ending)
            self.ending = ending
            return nil
        }
        return try verify(Self.reading { () throws(ExchangeError) in try VerifiableEntry(root) }, heading)
    }

    static func parsed(_ text: [UInt8]) throws(ReadVerificationError) -> JSONValue {
        let limits = JSONParser.Limits(
            maximumBytes: VerifiableEntry.maximumLineBytes,
            // An entry is one deeper than its event, and stands in a line.
            maximumDepth: LogLimits.depth + 2)
        do throws(JSONError) {
            return try JSONDocument(parsing: text, limits: limits).root
        } catch {
            let isTooLarge = error.code == .tooLarge || error.code == .tooDeep
            throw ReadVerificationError(
                isTooLarge ? .tooLarge : .malformed, "This is not JSON that is accepted: \(error).")
        }
    }

    /// Reads a line, and says of what is not of its form what it means for the answer.
    static func reading<Line>(
        _ body: () throws(ExchangeError) -> Line
    ) throws(ReadVerificationError) -> Line {
        do throws(ExchangeError) {
            return try body()
        } catch {
            let place = error.pointer.map { " (at “\($0)”)" } ?? ""
            throw ReadVerificationError(.malformed, "This is not a line of a verifiable read: \(error.reason)\(place)")
        }
    }

    private mutating func begin(_ heading: ReadHeading) throws(ReadVerificationError) {
        guard heading.origin.utf8.elementsEqual(key.name.utf8) else {
            throw ReadVerificationError(
                .wrongCheckpoint, "The answer is of the log “\(heading.origin)”, not of “\(key.name)”.")
        }
        if let note = heading.checkpoint {
            do throws(NoteError) {
                checkpoint = try Checkpoint(note, verifiedBy: key)
            } catch {
                throw ReadVerificationError(.wrongCheckpoint, error.reason)
            }
        }
        if let size = checkpoint?.size, heading.to > size {
            throw ReadVerificationError(
                .outsideRange, "The range ends at \(heading.to), beyond the \(size) entries of the checkpoint.")
        }
        if let known { try compare(known, heading) }
        self.heading = heading
        positions = PositionCheck(heading)
    }

    /// Verifies that the log of the checkpoint that was known is the beginning of that of the answer.
    private mutating func compare(_ known: SignedNote, _ heading: ReadHeading) throws(ReadVerificationError) {
        guard let note = heading.checkpoint, let size = checkpoint?.size else {
            throw ReadVerificationError(
                .inconsistent, "The answer has no checkpoint to hold against the one that is known: ask for proofs.")
        }
        do throws(NoteError) {
            let old = try Checkpoint(known, verifiedBy: key)
            guard old.size <= size else {
                throw NoteError(
                    .malformedProof, "The answer is of a log of \(size) entries, before the \(old.size) that are known."
                )
            }
            // Of a log of the same size the roots say it, and an empty one is the beginning of any.
            let isPlain = old.size == size || old.size == 0
            let plain = isPlain ? ConsistencyProof(oldSize: old.size, hashes: [], checkpoint: nil) : nil
            guard let proof = plain ?? heading.consistency else {
                throw NoteError(
                    .malformedProof,
                    "The answer does not prove that its log was only added to: ask for a proof since \(old.size).")
            }
            knownCheckpoint = try proof.verify(old: known, new: note, verifier: key).old
        } catch {
            throw ReadVerificationError(.inconsistent, error.reason)
        }
    }

    // MARK: Positions

    private mutating func verify(
        _ entry: VerifiableEntry, _ heading: ReadHeading
    ) throws(ReadVerificationError) -> VerifiedEntry {
        try positions?.take(entry.position)
        let leaf = entry.leaf
        try checkProof(entry, leaf)
        switch entry.content {
        case .stub:
            stubs += 1
            return VerifiedEntry(seen: .stub(entry.position, leaf: leaf), leaf: leaf, absent: [], omitted: [])
        case .entry(let opened):
            let result = try entryVerifier.verify(opened, at: entry.position, leaf: leaf)
            try positions?.take(result.event.recorded)
            guard heading.query.matches(type: result.view.type, tags: result.event.tags) else {
                throw ReadVerificationError(
                    .unasked, "The query does not match the entry at position \(entry.position).")
            }
            disclosures += UInt64(opened.disclosures.count)
            omitted += UInt64(opened.omitted.count)
            return VerifiedEntry(
                seen: .entry(result.event), leaf: leaf, absent: opened.absent, omitted: opened.omitted)
        }
    }

    private func checkProof(_ entry: VerifiableEntry, _ leaf: MerkleHash) throws(ReadVerificationError) {
        guard let checkpoint else {
            guard entry.proof == nil else {
                throw ReadVerificationError(.malformed, "There is a proof, and no checkpoint for it to lead to.")
            }
            return
        }
        guard let proof = entry.proof else {
            throw ReadVerificationError(.notInLog, "Position \(entry.position) has no proof.")
        }
        do throws(MerkleProofError) {
            try MerkleVerifier.verifyInclusion(
                of: leaf, index: entry.position, size: checkpoint.size, root: checkpoint.root, proof: proof)
        } catch {
            throw ReadVerificationError(
                .notInLog, "What is given for position \(entry.position) is not what the log has there: \(error).")
        }
    }
}
