internal import EventLog
internal import Exchange
internal import ExchangeProtocol
internal import HTTPTypes
internal import NIOConcurrencyHelpers

/// `GET /charter`: as `sanhu charter show --format json`, for those to whom its events are no stubs: authorities and auditors.
final class CharterEndpoint: Routing {
    private let ledger: ExchangeLedger
    /// The charter's text at the position where it was amended last.
    private let text = NIOLockedValueBox<(position: Position, bytes: [UInt8])?>(nil)

    init(ledger: ExchangeLedger) {
        self.ledger = ledger
    }

    var routes: [Route] {
        [.apart(Self.operation) { [self] call async throws(Problem) in try answer(call) }]
    }

    private func answer(_ call: Call) throws(Problem) -> Answer {
        let agency = try call.caller.member()
        var parameters = try call.parameters()
        let asOf = try parameters.time("as-of")
        try parameters.end()
        let charter: Charter?
        do throws(ExchangeError) {
            // The kind of an agency is the charter's to say; its events are sealed to nobody of these kinds.
            guard try ledger.mayKnowStatistics(Reader(member: agency, role: nil, purpose: nil, caseName: nil)) else {
                throw ExchangeError(
                    .accessDenied, "The events of the charter are for authorities and auditors to read, and so is it.")
            }
            charter = if let asOf { try ledger.charter(asOf: asOf) } else { try ledger.charter() }
        } catch {
            throw Problem(error)
        }
        guard let charter else {
            throw Problem(404, "noCharter", "There is no such thing", "At that time there was no charter.")
        }
        var answer = Answer(.ok, MediaType.json, .bytes(asOf == nil ? kept(charter) : charter.json()))
        answer.headers[.position] = String(charter.position)
        return answer
    }

    private func kept(_ charter: Charter) -> [UInt8] {
        if let known = text.withLockedValue({ $0 }), known.position == charter.position { return known.bytes }
        let bytes = charter.json()
        text.withLockedValue { $0 = (charter.position, bytes) }
        return bytes
    }

    private static let operation = APIOperation(
        method: .get, path: "/charter", id: "showCharter",
        summary:
            "Who belongs to the exchange, who may do what, and by which rules data are shared; for those who see the "
            + "charter's events.",
        parameters: [.query("as-of", .time, "As it was known at this time.", #""2099-01-01T00:00:00Z""#)],
        answers: [
            APIAnswer(
                200, "The charter, in the form of a founding charter's data.",
                [APIVocabulary.json(#"{"type":"object","required":["amendment","agencies","rules"]}"#)],
                headers: [("Sanhu-Position", .position, "Where it was founded or amended last.")])
        ], problems: [404])
}
