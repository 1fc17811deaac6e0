internal import EventLog

extension GrantBook {
    /// How a matter stands at a time after all that the book holds.
    ///
    /// - Parameter isPublished: Whether what it asks for was in the exchange when it was asked for.
    func standing(
        _ matter: DisclosureStanding.Matter, at now: Timestamp, _ deadlines: DisclosureDeadlines, isPublished: Bool,
        detail: String?
    ) -> DisclosureStanding {
        switch matter {
        case .request(let record):
            let moments: [(DisclosureDeadlines.Stage, Timestamp?)] = [
                (.check, record.check?.at.time ?? record.ended?.time), (.answer, record.ended?.time),
            ]
            let due = moments.map { stage, done in
                let at = deadlines.due(stage, recorded: record.at.time, isPublished: isPublished)
                return deadlines.due(stage, at, done: done, now: now, isPublished: stage == .check || isPublished)
            }
            return DisclosureStanding(
                matter: matter, state: state(record, at: now), due: due,
                decision: record.decision.flatMap { decisions[$0.position] }, detail: detail)
        case .assistance(let record):
            let done = record.answers.first?.at.time ?? record.closed?.time
            let due = deadlines.due(.answer, record.request.deadline, done: done, now: now, isPublished: true)
            return DisclosureStanding(
                matter: matter, state: state(record, at: now), due: [due], decision: nil, detail: detail)
        case .grant(let record):
            return DisclosureStanding(
                matter: matter, state: state(record, at: now), due: [], decision: decisions[record.at.position],
                detail: nil)
        }
    }

    private func state(_ record: RequestRecord, at now: Timestamp) -> DisclosureStanding.State {
        if let decision = record.decision.flatMap({ decisions[$0.position] }) {
            return switch decision.ruling.outcome {
            case .granted: .granted
            case .partly: .partly
            case .denied: .denied
            }
        }
        if record.closed != nil { return .closed }
        if record.check?.conforms == false { return .returned }
        if record.lapsed != nil || record.request.scope.to <= now { return .lapsed }
        return record.check == nil ? .open : .checked
    }

    private func state(_ record: AssistanceRecord, at now: Timestamp) -> DisclosureStanding.State {
        if record.request.scope.to <= record.closed?.time ?? now { return .lapsed }
        if record.closed != nil { return .closed }
        return record.answers.isEmpty ? .open : .answered
    }

    private func state(_ record: GrantRecord, at now: Timestamp) -> DisclosureStanding.State {
        if let end = record.end {
            return switch end.cause {
            case .expired: .expired
            case .revoked: .revoked
            case .closed: .closed
            }
        }
        if let to = record.grant.validity.to, to <= now { return .expired }
        return record.grant.validity.contains(now) ? .inForce : .pending
    }
}

extension DisclosureDeadlines {
    /// What is due, with the working days that are left or late.
    fileprivate func due(
        _ stage: Stage, _ at: Timestamp, done: Timestamp?, now: Timestamp, isPublished: Bool
    ) -> DisclosureStanding.Due {
        let last = Timestamp(microseconds: at.microseconds - 1)
        let moment = done ?? now
        let isLate = moment >= at
        return DisclosureStanding.Due(
            stage: stage, isPublished: isPublished, at: at, done: done, isLate: isLate,
            workingDays: isLate ? workingDays(after: last, to: moment) : workingDays(after: moment, to: last))
    }
}
