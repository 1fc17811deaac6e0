internal import EventLog
internal import Exchange
internal import ExchangeProtocol
internal import HTTPTypes
internal import JSON
internal import Views

/// `POST /events`.
///
/// One event, or several together, are durable when this answers: 201 if something was appended, 200 if all was there
/// already. What was answered or not, the same request may be made again.
struct AppendEndpoint: Sendable {
    let book: Rulebook
    let limits: ServerLimits
    let metrics: ServerMetrics

    func answer(_ call: Call) async throws(Problem) -> Answer {
        let agency = try call.caller.member()
        let form = try AppendForm(call)
        var parameters = try call.parameters()
        let options = try AppendOptions(&parameters)
        switch form {
        case .structured:
            let body = try await call.collect(upTo: limits.bodyBytes)
            return try await append([try draft(body, agency, options)], agency, options, isOne: true)
        case .binary(let type):
            let body = try await call.collect(upTo: limits.bodyBytes)
            let event = try EventHeaders.event(call.headers, body, contentType: type)
            return try await append([try draft(event, agency, options)], agency, options, isOne: true)
        case .batch:
            let body = try await call.collect(upTo: limits.bodyBytes)
            return try await append(try drafts(body, agency, options), agency, options, isOne: false)
        case .lines:
            guard options.conditions.isEmpty else {
                throw RequestParameters.bad("Conditions are for events that are appended together, not for lines.")
            }
            let lines = LineAppender(
                book: book, agency: agency, standing: call.standing, options: options, metrics: metrics)
            return .lines { stream in try await lines.run(call.body, &stream) }
        }
    }

    private func draft(_ body: [UInt8], _ agency: String, _ options: AppendOptions) throws(Problem) -> AgencyEvent {
        let reader = DraftReader(.init(agency: agency, tags: options.tags, takesSealed: true))
        return try Self.event(reader.draft(body), agency)
    }

    private func drafts(
        _ body: [UInt8], _ agency: String, _ options: AppendOptions
    ) throws(Problem) -> [AgencyEvent] {
        let reader = DraftReader(.init(agency: agency, tags: options.tags, takesSealed: true))
        guard body.first(where: { $0 > 0x20 }) == UInt8(ascii: "[") else {
            throw Problem(400, "notABatch", "The body is no batch", "A batch is a JSON array of events.")
        }
        var events: [AgencyEvent] = []
        for draft in reader.drafts(body) { events.append(try Self.event(draft, agency)) }
        return events
    }

    /// The event of a draft, which must be the caller's own.
    static func event(_ draft: Result<EventDraft, LogError>, _ agency: String) throws(Problem) -> AgencyEvent {
        switch draft {
        case .failure(let error): throw Problem(error)
        case .success(let draft) where draft.agency != agency:
            throw Problem(
                403, LogError.Code.invalidAgency.rawValue, "The agency may not do this",
                "The event says that it is of \(draft.agency.prefix(64)), but \(agency) appends it.")
        case .success(let draft):
            do throws(ExchangeError) {
                return try AgencyEvent(draft)
            } catch {
                throw Problem(error)
            }
        }
    }

    private func append(
        _ events: [AgencyEvent], _ agency: String, _ options: AppendOptions, isOne: Bool
    ) async throws(Problem) -> Answer {
        guard !events.isEmpty else { return .json { $0.array { _ in } } }
        let (receipts, warnings): ([Receipt], [RuleWarning])
        do throws(ExchangeError) {
            (receipts, warnings) = try await book.appendTelling(events, as: agency, on: options.conditions)
        } catch {
            metrics.refused(error.code.rawValue)
            throw Problem(error)
        }
        metrics.handedIn(receipts)
        let isNew = receipts.contains { if case .appended = $0 { true } else { false } }
        let writer = ReceiptWriter(log: book.ledger.log, wantsProof: options.wantsProof)
        let texts = try writer.texts(of: receipts, warnings)
        var answer = Answer.json(isNew ? .created : .ok) { json in
            if isOne, let text = texts.first {
                json.raw(text)
            } else {
                json.array { json in for text in texts { json.raw(text) } }
            }
        }
        if isOne, let receipt = receipts.first {
            answer.headers[.location] = "/events?from=\(receipt.position)&limit=1"
        }
        return answer
    }
}
