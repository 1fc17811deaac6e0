internal import EventLog
internal import Exchange
internal import ExchangeProtocol
internal import JSON

/// Whether the server lives, and whether it can do its work.
struct HealthEndpoints: Sendable {
    let ledger: ExchangeLedger
    let closing: Closing
    let desk: SubscriptionDesk

    /// `GET /health/live` and `GET /health/ready`.
    func answer(_ call: Call) throws(Problem) -> Answer {
        let parameters = try call.parameters()
        try parameters.end()
        switch call.path[1] {
        case "live": return .json { json in json.object { $0.member("status", "live") } }
        case "ready":
            guard !closing.isClosed else { throw Follower.stopping }
            let head = try head()
            if let failure = ledger.anchoringFailure {
                throw Problem(
                    503, "notAnchored", "The access log is not anchored",
                    "Who was given what can be recorded, but not anchored in the log: see the operator's log.",
                    retry: .later, retryAfter: failure.isEmpty ? 1 : 5)
            }
            if let failure = desk.failure {
                throw Problem(
                    503, "subscriptionsFailed", "Acknowledgements cannot be kept",
                    "What consumers acknowledge cannot be written: see the operator's log.", retry: .later,
                    retryAfter: 5,
                    cause: failure.reason)
            }
            return .json { json in
                json.object { json in
                    json.member("status", "ready")
                    json.member("head", Int64(clamping: head))
                }
            }
        default:
            throw Problem(404, "unknownPath", "There is nothing here", "There is /health/live and /health/ready.")
        }
    }

    private func head() throws(Problem) -> Position {
        do throws(ExchangeError) {
            return try ledger.currentHead()
        } catch {
            throw Problem(error)
        }
    }
}
