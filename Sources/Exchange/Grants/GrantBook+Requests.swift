internal import EventLog

extension GrantBook {
    func requested(
        _ request: DisclosureRequest, by agency: String, at moment: RecordedAt
    ) throws(ExchangeError) -> GrantChange {
        try checkCanAsk(request.scope, by: agency, at: moment)
        if let under = request.assistance {
            let assistance = try openAssistance(under, pointer: "/assistance")
            guard assistance.agency == agency else {
                throw notOwner("Only \(assistance.agency) may ask under its request for assistance", "/assistance")
            }
            guard assistance.request.scope.contains(request.scope) else {
                throw ExchangeError(
                    .outsideRequest,
                    "It asks for more than the request for assistance at position \(under); ask within its scope.")
            }
        }
        return .request(RequestRecord(at: moment, agency: agency, request: request))
    }

    func assistanceRequested(
        _ request: AssistanceRequest, by agency: String, at moment: RecordedAt
    ) throws(ExchangeError) -> GrantChange {
        try checkCanAsk(request.scope, by: agency, at: moment)
        guard request.deadline > moment.time else { throw isOver("/deadline") }
        return .assistance(AssistanceRecord(at: moment, agency: agency, request: request))
    }

    private func checkCanAsk(
        _ scope: DisclosureScope, by agency: String, at moment: RecordedAt
    ) throws(ExchangeError) {
        guard scope.owner != agency else {
            throw ExchangeError(.conflict, "\(agency) need not ask itself; it sees what it owns.", pointer: "/owner")
        }
        guard scope.to > moment.time else { throw isOver("/to") }
        guard openCounts[agency, default: 0] < Self.maximumOpenRequests else {
            throw ExchangeError(
                .limitExceeded,
                "\(agency) has \(Self.maximumOpenRequests) open requests; wait for decisions or close some.")
        }
    }

    func checked(
        _ position: Position, _ conforms: Bool, _ reasons: [String], by agency: String, at moment: RecordedAt
    ) throws(ExchangeError) -> GrantChange {
        let record = try openRequest(position)
        guard record.request.scope.owner == agency else {
            throw notOwner("Only \(record.request.scope.owner) checks this request", "/request")
        }
        guard record.check == nil else {
            throw ExchangeError(.conflict, "The request at position \(position) has been checked.", pointer: "/request")
        }
        return .check(request: position, RequestRecord.Check(at: moment, conforms: conforms, reasons: reasons))
    }

    func assistanceAnswered(
        _ answer: AssistanceAnswer, by agency: String, at moment: RecordedAt
    ) throws(ExchangeError) -> GrantChange {
        let record = try openAssistance(answer.assistance, pointer: "/assistance")
        guard record.request.scope.owner == agency else {
            throw notOwner("Only \(record.request.scope.owner) answers this request", "/assistance")
        }
        guard record.answers.count < Self.maximumRepetitions else {
            throw ExchangeError(.limitExceeded, "It has \(Self.maximumRepetitions) answers; ask for it to be closed.")
        }
        return .answer(answer)
    }

    func assistanceClosed(
        _ position: Position, _ reasons: [String], by agency: String
    ) throws(ExchangeError) -> GrantChange {
        let record = try openAssistance(position, pointer: "/assistance")
        guard record.agency == agency else {
            throw notOwner("Only \(record.agency) closes its request for assistance", "/assistance")
        }
        return .closing(assistance: position, reasons: reasons)
    }

    func openAssistance(_ position: Position, pointer: String) throws(ExchangeError) -> AssistanceRecord {
        guard let record = assistances[position] else {
            throw ExchangeError(
                .unknownRequest, "There is no request for assistance at position \(position).", pointer: pointer)
        }
        if let closed = record.closed { throw caseClosed(position, closed, pointer) }
        return record
    }

    /// A request for disclosure on which a decision may come.
    func openRequest(_ position: Position) throws(ExchangeError) -> RequestRecord {
        guard let record = requests[position] else {
            throw ExchangeError(
                .unknownRequest, "There is no request for disclosure at position \(position).", pointer: "/request")
        }
        if let closed = record.closed { throw caseClosed(position, closed, "/request") }
        if let lapsed = record.lapsed {
            throw ExchangeError(
                .outsideRequest,
                "The time that the request at position \(position) asked for was over, as position \(lapsed.position) "
                    + "notes; ask anew.", pointer: "/request")
        }
        if let ended = record.ended {
            throw ExchangeError(
                .conflict, "The request was decided or given back at position \(ended.position); ask anew.",
                pointer: "/request")
        }
        return record
    }

    func notOwner(_ reason: String, _ pointer: String) -> ExchangeError {
        ExchangeError(.notOwner, reason + ".", pointer: pointer)
    }

    func isOver(_ pointer: String) -> ExchangeError {
        ExchangeError(.outsideRequest, "This time is over; give one that is to come.", pointer: pointer)
    }

    private func caseClosed(_ position: Position, _ closed: RecordedAt, _ pointer: String) -> ExchangeError {
        ExchangeError(
            .caseClosed, "What position \(position) asked for was closed at position \(closed.position); ask anew.",
            pointer: pointer)
    }
}
