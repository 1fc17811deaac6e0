/// A request on its way, and who waits for its answer.
struct Submission: Sendable {
    let request: PreparedRequest
    let byteCount: Int
    let reply: @Sendable (Result<[Receipt], LogError>) -> Void

    init(_ request: PreparedRequest, reply: @escaping @Sendable (Result<[Receipt], LogError>) -> Void) {
        self.request = request
        byteCount = request.byteCount
        self.reply = reply
    }
}

/// A submission that has its place in the order.
struct OrderedSubmission: Sendable {
    let ordered: OrderedRequest
    let submission: Submission
}
