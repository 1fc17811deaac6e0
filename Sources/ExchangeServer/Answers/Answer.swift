internal import ExchangeProtocol
internal import HTTPTypes
internal import JSON
internal import NIOCore

/// What a request is answered with.
struct Answer: Sendable {
    var status: HTTPResponse.Status
    var headers: HTTPFields
    let body: Body

    enum Body: Sendable {
        case bytes([UInt8])
        /// Written as it comes. What it throws ends the connection, so that who reads sees that it was cut short.
        case stream(@Sendable (inout AnswerStream) async throws -> Void)
    }

    init(_ status: HTTPResponse.Status = .ok, _ mediaType: String, _ body: Body) {
        self.status = status
        self.body = body
        headers = [.contentType: mediaType]
    }

    /// JSON.
    static func json(_ status: HTTPResponse.Status = .ok, _ write: (inout JSONWriter) -> Void) -> Answer {
        var json = JSONWriter()
        write(&json)
        json.endLine()
        return Answer(status, MediaType.json, .bytes(json.bytes))
    }

    /// A problem.
    static func problem(_ problem: Problem) -> Answer {
        var answer = Answer(
            .init(code: problem.status), Problem.mediaType, .bytes(problem.bytes + [UInt8(ascii: "\n")]))
        if let seconds = problem.retryAfter { answer.headers[.retryAfter] = String(seconds) }
        if problem.status == 401 { answer.headers[.wwwAuthenticate] = "Bearer realm=\"sanhu\"" }
        return answer
    }

    /// Newline-delimited JSON, as it comes.
    static func lines(_ body: @escaping @Sendable (inout AnswerStream) async throws -> Void) -> Answer {
        Answer(.ok, MediaType.lines, .stream(body))
    }
}
