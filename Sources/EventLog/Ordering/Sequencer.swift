/// The ordering step: gives requests their order and their recorded time. A pure value; the clock is handed in.
///
/// This is the seam: where several machines share a ledger, a replicated engine stands here instead.
struct Sequencer: Sendable {
    private var last: Timestamp

    /// - Parameter last: When the last entry in the log was recorded.
    init(last: Timestamp) {
        self.last = last
    }

    /// Orders a request that arrived at some time. Recorded times never go back, whatever the clock does.
    mutating func order(_ request: PreparedRequest, now: Timestamp) -> OrderedRequest {
        last = max(last, now)
        return OrderedRequest(request, recorded: last)
    }
}
