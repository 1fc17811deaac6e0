package import EventLog

/// For deliveries that are planned first and decided when they are made.
extension ExchangeLedger {
    /// Looks what there is for a reader from a position on. Nothing is opened, so nothing is recorded; what a reader gets of
    /// an entry is decided when it is delivered.
    ///
    /// Of a query, what is a stub to the reader is left out, as every read leaves it out; without one stubs are there.
    ///
    /// - Parameter limit: How many entries to look at, at the most.
    /// - Throws: ``ExchangeError``: `.log` with `.positionBeyondHead`; `.accessDenied` if the charter does not confirm the
    ///   reader.
    /// - Complexity: O(*n*) in the entries that are looked at.
    package func outlines(
        _ query: Query, from start: Position, limit: Int, for claim: Reader
    ) throws(ExchangeError) -> EntryOutlines {
        let stored = try blind(query, for: claim)
        let (head, entries) = try ExchangeError.wrapping { () throws(LogError) in
            let head = try log.head
            return (head, try log.read(stored, ReadRange(from: start, to: max(start, head), limit: limit)))
        }
        let found = try outlines(of: entries, for: claim)
        return EntryOutlines(
            entries: stored.matchesAll ? found : found.filter { !$0.isStub },
            next: entries.count < limit ? head : entries.last.map { $0.position + 1 } ?? head, head: head)
    }

    /// Looks what the entries at some positions are about, stubs too.
    package func outlines(
        at positions: [Position], for claim: Reader
    ) throws(ExchangeError) -> [EntryOutline] {
        try outlines(
            of: ExchangeError.wrapping { () throws(LogError) in try log.entries(at: positions) }, for: claim)
    }

    /// What a reader is given of the entries at some positions, in their order: as every read gives it, and recorded before this
    /// returns.
    ///
    /// - Parameter upcasters: If given, events of older versions of their schemas are brought up to the latest.
    /// - Throws: ``ExchangeError``, with code `.accessDenied` if the charter does not confirm the reader.
    package func delivered(
        _ positions: [Position], to claim: Reader, upcasting upcasters: Upcasters?
    ) async throws(ExchangeError) -> ReadPage {
        let entries = try ExchangeError.wrapping { () throws(LogError) in try log.entries(at: positions) }
        try checkStands(claim)
        var isRecorded = false
        let seen = try await see(entries, for: claim, asOf: nil) { records throws(ExchangeError) in
            isRecorded = isRecorded || !records.isEmpty
        }
        return ReadPage(
            entries: try upcasters.map { upcasters throws(ExchangeError) in try upcast(seen, by: upcasters) } ?? seen,
            next: nil, isRecorded: isRecorded)
    }

    /// Looks what entries that were read are about, in their order, stubs too.
    ///
    /// - Parameter earlier: If given, as they could be seen at that time, so far as they may be seen now as well.
    package func outlines(
        of entries: [Entry], for claim: Reader, asOf earlier: Timestamp? = nil
    ) throws(ExchangeError) -> [EntryOutline] {
        try checkStands(claim)
        guard !entries.isEmpty else { return [] }
        var discloser = EntryDiscloser(keys: keys, terms: try readingTerms(claim, asOf: earlier))
        var outlines: [EntryOutline] = []
        outlines.reserveCapacity(entries.count)
        for entry in entries { outlines.append(try discloser.outline(of: entry)) }
        return outlines
    }

    /// Refuses who claims to be a member and is none any more, or has not the role: it would be given what the public is.
    private func checkStands(_ claim: Reader) throws(ExchangeError) {
        guard let agency = claim.agency else { return }
        let reader = try current { state throws(ExchangeError) in
            try state.charter().confirmed(claim, at: state.now)
        }
        guard reader.kind == .public else { return }
        throw ExchangeError(
            .accessDenied,
            "\(agency.prefix(64)) is no longer a member, or nobody there holds the role any more.")
    }
}
