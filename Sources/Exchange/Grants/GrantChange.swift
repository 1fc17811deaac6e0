internal import EventLog

/// What an event that may be applied changes in a book.
enum GrantChange {
    case request(RequestRecord)
    case check(request: Position, RequestRecord.Check)
    case lapse(request: Position)
    case decision(DecisionRecord, request: Position?, grant: GrantRecord?)
    case end(grant: Position, GrantRecord.End.Cause, reasons: [String])
    case dispute(decision: Position, reasons: [String])
    case assistance(AssistanceRecord)
    case answer(AssistanceAnswer)
    case closing(assistance: Position, reasons: [String])
}

extension GrantBook {
    mutating func commit(_ change: GrantChange, at moment: RecordedAt) {
        switch change {
        case .request(let record):
            requests[record.at.position] = record
            ends[record.at.position] = record.request.scope.to
            openCounts[record.agency, default: 0] += 1
            if let under = record.request.assistance { assistances[under]?.openRequests.insert(record.at.position) }
        case .check(let request, let check):
            requests[request]?.check = check
            if !check.conforms { settle(request) }
        case .lapse(let request):
            requests[request]?.lapsed = moment
            settle(request)
        case .decision(let decision, let request, let grant):
            decisions[moment.position] = decision
            if let request {
                requests[request]?.decision = moment
                settle(request)
            }
            if let grant { add(grant) }
        case .end(let grant, let cause, let reasons):
            end(grant, cause, reasons, at: moment)
        case .dispute(let decision, let reasons):
            decisions[decision]?.disputes.append(DecisionRecord.Dispute(at: moment, reasons: reasons))
        case .assistance(let record):
            assistances[record.at.position] = record
            ends[record.at.position] = record.request.scope.to
            openCounts[record.agency, default: 0] += 1
        case .answer(let answer):
            assistances[answer.assistance]?.answers.append(AssistanceRecord.Answer(at: moment, answer: answer))
        case .closing(let position, let reasons):
            close(position, reasons, at: moment)
        }
    }

    /// A request is no longer open.
    private mutating func settle(_ position: Position) {
        guard let record = requests[position] else { return }
        ends[position] = nil
        openCounts[record.agency, default: 1] -= 1
        if let under = record.request.assistance { assistances[under]?.openRequests.remove(position) }
    }

    private mutating func add(_ record: GrantRecord) {
        grants[record.at.position] = record
        ends[record.at.position] = record.grant.validity.to
        grantsByAgency[record.grant.agency, default: []].append(record.at.position)
        if let under = record.assistance { assistances[under]?.grants.append(record.at.position) }
    }

    private mutating func end(
        _ grant: Position, _ cause: GrantRecord.End.Cause, _ reasons: [String], at moment: RecordedAt
    ) {
        guard let record = grants[grant], record.end == nil else { return }
        // Whatever ends it afterwards, one whose time is over has ended by that.
        let isOver = record.grant.validity.to.map { $0 <= moment.time } ?? false
        grants[grant]?.end = GrantRecord.End(at: moment, cause: isOver ? .expired : cause, reasons: reasons)
        ends[grant] = nil
    }

    private mutating func close(_ position: Position, _ reasons: [String], at moment: RecordedAt) {
        guard let record = assistances[position] else { return }
        assistances[position]?.closed = moment
        ends[position] = nil
        openCounts[record.agency, default: 1] -= 1
        for grant in record.grants { end(grant, .closed, reasons, at: moment) }
        for request in record.openRequests {
            requests[request]?.closed = moment
            settle(request)
        }
    }
}
