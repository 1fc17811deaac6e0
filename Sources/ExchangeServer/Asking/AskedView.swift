internal import EventLog
internal import Exchange
internal import ExchangeProtocol
internal import HTTPTypes
internal import Views

/// What most requests to views say: who asks, as of when, and what must be in the view.
struct AskedView: Sendable {
    let reader: Reader
    let asOf: Timestamp?
    let at: Position?
    let reached: Position?

    /// Takes it from the parameters.
    ///
    /// - Parameter hasAsOf: Whether it can be asked as of an earlier time.
    init(_ caller: Caller, _ parameters: inout RequestParameters, hasAsOf: Bool = true) throws(Problem) {
        reader = try caller.reader(&parameters)
        asOf = hasAsOf ? try parameters.time("as-of") : nil
        at = try parameters.number("at")
        reached = try parameters.number("reached")
    }
}

extension Answer {
    /// Says of which position it is, and by which view.
    func of(_ view: ViewRunner, at position: Position) throws(Problem) -> Answer {
        var answer = self
        answer.headers[.position] = String(position)
        answer.headers[.view] = view.definition.title
        let parked = try ServedViews.status(of: view).parked
        if parked > 0 { answer.headers[.parked] = String(parked) }
        answer.headers[.cacheControl] = "no-store"
        return answer
    }
}

extension HTTPField.Name {
    static let position = HTTPField.Name("Sanhu-Position") ?? .eTag
    static let view = HTTPField.Name("Sanhu-View") ?? .eTag
    static let parked = HTTPField.Name("Sanhu-Parked") ?? .eTag
}

extension Route {
    /// One whose answer takes longer than a loop may be kept: it is made on the threads of the pool.
    static func apart(
        _ operation: APIOperation, _ answer: @escaping @Sendable (Call) async throws(Problem) -> Answer
    ) -> Route {
        Route(operation) { call async throws(Problem) in
            let result: Result<Answer, Problem> = await offLoop {
                do throws(Problem) {
                    return .success(try await answer(call))
                } catch {
                    return .failure(error)
                }
            }
            return try result.get()
        }
    }
}
