internal import EventLog

extension GrantBook {
    func decided(
        _ ruling: DisclosureRuling, by agency: String, at moment: RecordedAt
    ) throws(ExchangeError) -> GrantChange {
        guard !ruling.reasons.isEmpty else {
            throw ExchangeError(.eventInvalid, "A decision needs its reasons.", pointer: "/reasons")
        }
        let asked: (scope: DisclosureScope, by: String, request: Position?, assistance: Position?)
        if assistances[ruling.request] != nil {
            let record = try openAssistance(ruling.request, pointer: "/request")
            guard record.grants.count < Self.maximumGrantsOfAssistance else {
                throw ExchangeError(
                    .limitExceeded,
                    "There are \(Self.maximumGrantsOfAssistance) grants under this request; revoke some.")
            }
            asked = (record.request.scope, record.agency, nil, ruling.request)
        } else {
            let record = try openRequest(ruling.request)
            asked = (record.request.scope, record.agency, ruling.request, record.request.assistance)
        }
        guard asked.scope.owner == agency else {
            throw notOwner("Only \(asked.scope.owner), which owns the fields, decides on this request", "/request")
        }
        let decision = DecisionRecord(at: moment, agency: asked.by, owner: agency, ruling: ruling)
        guard ruling.outcome != .denied else {
            return .decision(decision, request: asked.request, grant: nil)
        }
        let grant = try grant(ruling, of: asked.scope, to: asked.by, at: moment)
        return .decision(
            decision, request: asked.request,
            grant: GrantRecord(grant: grant, at: moment, request: ruling.request, assistance: asked.assistance))
    }

    /// What a ruling grants; it must lie within what was asked for and still have time to run.
    private func grant(
        _ ruling: DisclosureRuling, of asked: DisclosureScope, to agency: String, at moment: RecordedAt
    ) throws(ExchangeError) -> Grant {
        let given = ruling.outcome == .granted ? DisclosureRuling.Part() : ruling.part
        let scope = DisclosureRuling(on: ruling.request, ruling.outcome, reasons: ruling.reasons, part: given)
            .scope(of: asked, notBefore: moment.time)
        let isEarly = given.from.map { from in asked.from.map { from < $0 } ?? false } ?? false
        guard asked.contains(scope), !isEarly, !scope.objects.isEmpty else {
            throw ExchangeError(
                .outsideRequest, "The grant goes beyond the request at position \(ruling.request); grant within it.")
        }
        guard let from = scope.from, from < scope.to else { throw isOver("/to") }
        return Grant(
            position: moment.position, owner: scope.owner, agency: agency, roles: scope.roles, fields: scope.fields,
            objects: scope.objects, purpose: scope.purpose, caseName: scope.caseName,
            validity: Validity(from: from, to: scope.to))
    }

    func expired(_ position: Position, at moment: RecordedAt) throws(ExchangeError) -> GrantChange {
        let record = try knownGrant(position)
        guard record.end == nil else { throw ended(record) }
        if let to = record.grant.validity.to, moment.time < to {
            throw ExchangeError(
                .conflict, "The grant at position \(position) holds until \(to); its owner may revoke it.",
                pointer: "/grant")
        }
        return .end(grant: position, .expired, reasons: [])
    }

    func revoked(
        _ position: Position, _ reasons: [String], by agency: String, at moment: RecordedAt
    ) throws(ExchangeError) -> GrantChange {
        let record = try knownGrant(position)
        guard record.grant.owner == agency else {
            throw notOwner("Only \(record.grant.owner), which gave the grant, revokes it", "/grant")
        }
        let isOver = record.grant.validity.to.map { $0 <= moment.time } ?? false
        guard record.end == nil, !isOver else { throw ended(record) }
        return .end(grant: position, .revoked, reasons: reasons)
    }

    func disputed(
        _ position: Position, _ reasons: [String], by agency: String, at moment: RecordedAt
    ) throws(ExchangeError) -> GrantChange {
        guard let record = decisions[position] else {
            throw ExchangeError(
                .unknownRequest, "There is no decision at position \(position).", pointer: "/decision")
        }
        guard record.agency == agency else {
            throw notOwner("Only \(record.agency), which asked, disputes this decision", "/decision")
        }
        guard record.disputes.count < Self.maximumRepetitions else {
            throw ExchangeError(.limitExceeded, "It has been disputed \(Self.maximumRepetitions) times.")
        }
        return .dispute(decision: position, reasons: reasons)
    }

    private func knownGrant(_ position: Position) throws(ExchangeError) -> GrantRecord {
        guard let record = grants[position] else {
            throw ExchangeError(.unknownGrant, "There is no grant at position \(position).", pointer: "/grant")
        }
        return record
    }

    private func ended(_ record: GrantRecord) -> ExchangeError {
        let how = record.end.map { "\($0.cause.rawValue) at position \($0.at.position)" } ?? "over"
        return ExchangeError(
            .grantEnded, "The grant at position \(record.at.position) has ended: \(how).", pointer: "/grant")
    }
}
