public import EventLog
internal import Transparency

extension ExchangeLedger {
    /// What an answer to a verifiable read proves besides what is disclosed.
    public enum ReadProofs: Sendable, Hashable {
        case none
        /// That each position is in the log of one checkpoint.
        case inclusion
        /// The same, and that the log of a size is the beginning of it.
        case inclusionSince(Position)
    }

    private static let pageEntries = 256

    /// Reads entries in verifiable form: each as the log has it, with the disclosures a reader may have, and the hash of
    /// those it may not see. The form is docs/verifiable-reads.md; ``ReadVerifier`` verifies it with the log's key alone.
    ///
    /// Who may see what is decided as for ``read(_:_:for:asOf:)``, and whatever classified is disclosed in a line is in the
    /// access log before the line is handed over. It is read part by part: if a grant or a rule by which one was disclosed has
    /// ended when the next is read, the read stops, without a last line, as one in pages does.
    ///
    /// - Parameters:
    ///   - query: What to read. Tags that name persons are blinded as they were when the entries were sealed.
    ///   - claim: Who reads, as what and what for; the charter says whether that is so.
    ///   - earlier: If given, what could be seen at that time, so far as it may be seen now as well.
    ///   - proofs: Proofs end at the checkpoint of the time when reading begins; so does the range.
    ///   - write: Gets each line, without its newline: the first, those of the positions, the last.
    /// - Returns: What the last line says.
    /// - Throws: ``ExchangeError``: `.log` if a position or a size is beyond the head, `.limitExceeded` if what is disclosed
    ///   of one entry has more than ``VerifiableEntry/maximumLineBytes`` or all relies on more than 1,024 grants and rules,
    ///   `.grantEnded` or `.ruleEnded`, which name what has ended and how.
    /// - Complexity: As ``read(_:_:for:asOf:)``; with proofs, O(log *n*) hashes for each position. Memory is that of a page.
    @discardableResult
    public func readVerifiable(
        _ query: Query, _ range: ReadRange = ReadRange(), for claim: Reader, asOf earlier: Timestamp? = nil,
        proofs: ReadProofs = .none, write: (_ line: [UInt8]) -> Void
    ) async throws(ExchangeError) -> ReadEnding {
        try await readVerifiable(query, range, for: claim, asOf: earlier, proofs: proofs) { lines async in
            lines.forEach(write)
            return true
        }
    }

    /// As the other, handing over the lines of a page together and waiting until they are taken.
    ///
    /// - Parameter take: Gets lines without their newlines, and says whether to go on.
    @discardableResult
    package func readVerifiable(
        _ query: Query, _ range: ReadRange = ReadRange(), for claim: Reader, asOf earlier: Timestamp? = nil,
        proofs: ReadProofs = .none, take: (_ lines: [[UInt8]]) async -> Bool
    ) async throws(ExchangeError) -> ReadEnding {
        let query = try blind(query, for: claim)
        let heading = try heading(query, range, proofs)
        var rest = ReadRange(from: heading.from, to: heading.to, isBackwards: range.isBackwards)
        let began = try current { $0.now }
        var relied = ReliedTerms()
        var count = 0
        var isMore = await take([heading.line]) && range.limit > 0
        while isMore {
            rest.limit = min(range.limit - count, Self.pageEntries)
            let given = try await disclosed(query, rest, to: claim, asOf: earlier) { records throws(ExchangeError) in
                try rely(on: records, after: &relied, for: claim, since: began)
            }
            let goesOn = await take(
                try verifiable(given, heading).map { entry throws(ExchangeError) in try entry.line() })
            count += given.count
            if let last = given.last?.entry.position {
                if rest.isBackwards { rest.to = last } else { rest.from = last + 1 }
            }
            // What is left of the range was not looked at if a limit ended it, and else holds nothing.
            if given.count < rest.limit {
                (rest.from, rest.to) = range.isBackwards ? (heading.from, heading.from) : (heading.to, heading.to)
                isMore = false
            } else {
                isMore = goesOn && count < range.limit
            }
        }
        let ending =
            range.isBackwards
            ? ReadEnding(from: rest.to ?? heading.to, to: heading.to, entries: UInt64(count))
            : ReadEnding(from: heading.from, to: rest.from, entries: UInt64(count))
        _ = await take([ending.line])
        return ending
    }

    /// What a reader gets of the entries at some positions, each with its line of a verifiable read and the proof that it is in
    /// the log of a size. Whatever classified is disclosed is in the access log before this returns.
    ///
    /// - Parameters:
    ///   - size: That of the tree; beyond all positions.
    ///   - earlier: If given, what could be seen at that time, so far as it may be seen now as well.
    /// - Throws: ``ExchangeError``, as ``readVerifiable(_:_:for:asOf:proofs:write:)``.
    /// - Complexity: O(*n* log *size*) hashes for *n* positions.
    package func proved(
        at positions: [Position], inTreeOfSize size: Position, for claim: Reader, asOf earlier: Timestamp?
    ) async throws(ExchangeError) -> [ProvedEntry] {
        let (entries, proofs) = try ExchangeError.wrapping { () throws(LogError) in
            (try log.entries(at: positions), try log.inclusionProofs(of: positions, inTreeOfSize: size))
        }
        let given = try await disclosed(entries, to: claim, asOf: earlier)
        var proved: [ProvedEntry] = []
        for (disclosed, proof) in zip(given, proofs) {
            proved.append(
                ProvedEntry(
                    seen: disclosed.seen, leaf: disclosed.entry.leafHash, proof: proof,
                    line: try VerifiableEntry(disclosed, proof: proof).line()))
        }
        return proved
    }

    private func heading(
        _ query: Query, _ range: ReadRange, _ proofs: ReadProofs
    ) throws(ExchangeError) -> ReadHeading {
        try ExchangeError.wrapping { () throws(LogError) in
            let head = try log.head
            guard range.from <= head else {
                throw LogError(
                    .positionBeyondHead, "Position \(range.from) is beyond the head: the log has \(head) entries.")
            }
            guard proofs != .none else {
                return ReadHeading(
                    origin: log.verifier.name, query: query, from: range.from, to: min(range.to ?? head, head),
                    isBackwards: range.isBackwards)
            }
            let note = try log.checkpoint()
            let size = try Self.size(of: note)
            var consistency: ConsistencyProof?
            if case .inclusionSince(let old) = proofs, old > 0 {
                consistency = ConsistencyProof(
                    oldSize: old, hashes: try log.consistencyProof(from: old, to: size), checkpoint: nil)
            }
            return ReadHeading(
                origin: log.verifier.name, query: query, from: range.from, to: min(range.to ?? size, size),
                isBackwards: range.isBackwards, checkpoint: note, consistency: consistency)
        }
    }

    private static func size(of note: SignedNote) throws(LogError) -> Position {
        do throws(NoteError) {
            return try Checkpoint(note.text).size
        } catch {
            throw LogError(.corrupted, "The log's checkpoint is damaged: \(error)")
        }
    }

    private func verifiable(
        _ given: [DisclosedEntry], _ heading: ReadHeading
    ) throws(ExchangeError) -> [VerifiableEntry] {
        guard let note = heading.checkpoint else { return given.map { VerifiableEntry($0, proof: nil) } }
        let proofs = try ExchangeError.wrapping { () throws(LogError) in
            try log.inclusionProofs(of: given.map(\.entry.position), inTreeOfSize: Self.size(of: note))
        }
        return zip(given, proofs).map { VerifiableEntry($0, proof: $1) }
    }
}
