public import EventLog
internal import Transparency

extension ExchangeLedger {
    /// The most bytes of a subject's name.
    private static let maximumSubjectBytes = 1_024

    /// Erases a subject: what was sealed for it, whoever owns it, can be read by nobody any more, and nothing can be
    /// appended about it. Entries, tree and proofs stay as they are.
    ///
    /// In this order, each durable before the next: the erasure is noted in the key store, from when on nothing is sealed
    /// for the subject; the order is appended, the fence; the subject's keys are destroyed; all others are wrapped anew and
    /// the old wrapping key is destroyed; the subject's rows are removed from the log. Once the fence is in the log the
    /// erasure cannot be taken back: if it stops there, opening the ledger finishes it, as does the next erasure.
    ///
    /// - Parameter progress: Gets how many entries of how many have been searched for rows.
    /// - Throws: ``ExchangeError``: `.legalHold` while a hold is in force, `.subjectErased`, `.unknownSubject` if nothing
    ///   was ever sealed for it, `.conflict` while another erasure is under way, and as ``append(_:as:)``: nothing is
    ///   erased then. `.log` if it is in the log and could not be finished, or if that cannot be told.
    /// - Complexity: O(*k* + *d*) in the keys and in the disclosures of the log.
    public func erase(
        _ order: ErasureOrder, as agency: String, progress: (Position, Position) -> Void = { _, _ in }
    ) async throws(ExchangeError) -> ErasureResult {
        try erasureTurn.take()
        defer { erasureTurn.giveBack() }
        try carryOutErasures(progress: progress)
        let subject = try Self.subject(order.subject)
        let (event, fence, count) = try begin(order, subject, agency)
        do throws(ExchangeError) {
            _ = try await append([AgencyEvent(event)], as: agency)
        } catch {
            guard try current({ state throws(ExchangeError) in state.erasures.fence(of: fence.subject) }) != nil else {
                // Where the log itself failed, the fence may be on the disk: that is decided when it is opened again.
                if error.code != .log { try keys.cancelErasure(fence) }
                throw error
            }
        }
        try probe.reached(.fenced)
        let rows = try carryOutErasures(progress: progress)
        let position = try current { state throws(ExchangeError) in
            state.erasures.fence(of: fence.subject)?.position
        }
        return ErasureResult(position: position ?? 0, fence: fence.number, keys: count, rows: rows)
    }

    /// Checks whether a subject may be erased and notes that it will be; from then on nothing is sealed for it.
    private func begin(
        _ order: ErasureOrder, _ subject: KeySubject, _ agency: String
    ) throws(ExchangeError) -> (event: [UInt8], fence: ErasureFence, keys: Int) {
        let blinded = try keys.blinded(subject)
        let (origin, lastFence) = try current { state throws(ExchangeError) in
            try state.erasures.checkNotHeld(blinded)
            return (try Self.origin(of: .ordered, order.grounds, agency, state), state.erasures.lastFence)
        }
        guard try !keys.isErased(subject) else {
            throw ExchangeError(.subjectErased, "The subject has been erased already.")
        }
        let count = try keys.keyCount(of: subject)
        guard count > 0 else {
            throw ExchangeError(
                .unknownSubject, "Nothing was ever sealed for this subject. Look how its name is written in the data.")
        }
        let fence = try keys.beginErasure(of: subject, logFence: lastFence)
        let event = ErasureEvent.ordered(fence, basis: order.grounds.basis).event(
            id: "erasure-\(fence.number)-\(Base64.encode(fence.subject, .url))", source: origin.source,
            schema: origin.schema, order.grounds)
        return (event, fence, count)
    }

    static func subject(_ name: String) throws(ExchangeError) -> KeySubject {
        guard (1...maximumSubjectBytes).contains(name.utf8.count) else {
            throw ExchangeError(.eventInvalid, "A subject's name has 1 to \(maximumSubjectBytes) bytes.")
        }
        return .named(name)
    }

    /// From which source an agency appends an event of erasure, and by which schema, if it has the power.
    static func origin(
        of kind: ErasureEvent.Kind, _ grounds: ErasureGrounds, _ agency: String, _ state: ExchangeState
    ) throws(ExchangeError) -> (source: String, schema: String) {
        let (charter, now) = (try state.charter(), state.now)
        guard charter.agency(agency, at: now) != nil else {
            throw ExchangeError(.unknownAgency, "\(agency.prefix(64)) is no member of the exchange.")
        }
        guard charter.power(of: agency, type: kind.rawValue, port: nil, at: now) != nil else {
            throw ExchangeError(.noPower, "\(agency) has no power to append \(kind.rawValue).", pointer: "/type")
        }
        var (source, schema): (String?, String?) = (grounds.source, nil)
        for case .source(let claim) in charter.values(of: .source, at: now)
        where source == nil && claim.agency == agency { source = claim.prefix }
        for case .schema(let registered) in charter.values(of: .schema, at: now)
        where registered.type == kind.rawValue {
            let successor = charter.successor(ofSchema: registered.uri)
            if successor.map({ charter.schema($0.uri, at: now) == nil }) ?? true { schema = registered.uri }
        }
        guard let source else {
            throw ExchangeError(.foreignSource, "The charter gives \(agency) no source to append from.")
        }
        guard let schema else {
            throw ExchangeError(.unknownSchema, "The charter has no schema in force for \(kind.rawValue).")
        }
        return (source, schema)
    }

    /// Whether an event of erasure follows from those before it. An order that ``erase(_:as:progress:)`` did not begin would
    /// be a fence that the key store does not know.
    func check(_ erasure: ErasureEvent, by agency: String, at time: Timestamp) throws(ExchangeError) {
        if case .ordered(let fence, _) = erasure, try keys.notedErasure() != fence {
            throw ExchangeError(
                .conflict, "An erasure is not appended as other events are. Order it by `erase`.", pointer: "/type")
        }
        try current { state throws(ExchangeError) in
            try state.erasures.check(erasure, by: agency, under: state.history.current, at: time)
        }
    }
}
