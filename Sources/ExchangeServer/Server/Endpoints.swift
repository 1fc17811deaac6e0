internal import EventLog
internal import Exchange
internal import ExchangeProtocol
internal import HTTPTypes
internal import HummingbirdCore
internal import Logging
internal import NIOCore
internal import Views

/// Finds who answers a request, and writes the answer.
final class Endpoints: Sendable {
    let gatekeeper: Gatekeeper
    let limiter: CallerLimiter
    private let settings: ServerSettings
    private let connections: ConnectionBook
    private let append: AppendEndpoint
    private let tokens: TokenEndpoint
    private let read: ReadEndpoint
    private let transparency: TransparencyEndpoints
    private let health: HealthEndpoints
    private let subscriptions: SubscriptionEndpoints
    private let metrics = ServerMetrics()
    private let measured: MetricsEndpoint
    private let dates = DateHeader()
    private let logger: Logger
    private let closing: Closing

    init(
        _ ledger: ExchangeLedger, _ rules: Rulebook, _ settings: ServerSettings, tail: Tail, desk: SubscriptionDesk,
        closing: Closing, connections: ConnectionBook, logger: Logger
    ) throws(LogError) {
        self.logger = logger
        self.settings = settings
        self.connections = connections
        self.closing = closing
        let revoked = try RevokedTokens(path: ledger.log.path + "/state/revoked-tokens.json")
        gatekeeper = Gatekeeper(ledger, revoked: revoked)
        tokens = TokenEndpoint(revoked: revoked, gatekeeper: gatekeeper)
        limiter = CallerLimiter(settings.limits)
        append = AppendEndpoint(book: rules, limits: settings.limits, metrics: metrics)
        let following = Following(
            ledger: ledger, tail: tail, closing: closing, metrics: metrics,
            heartbeat: .seconds(settings.heartbeatSeconds))
        read = ReadEndpoint(ledger: ledger, following: following)
        subscriptions = SubscriptionEndpoints(desk: desk, following: following)
        transparency = TransparencyEndpoints(ledger: ledger)
        health = HealthEndpoints(ledger: ledger, closing: closing, desk: desk)
        measured = MetricsEndpoint(ledger: ledger, metrics: metrics, limiter: limiter, desk: desk)
    }

    /// Answers a request.
    @concurrent func respond(
        to request: Request, _ writer: consuming ResponseWriter, _ channel: any Channel
    ) async throws {
        let start = ContinuousClock.now
        var agency: String?
        var answer: Answer
        do throws(Problem) {
            let call = try call(request, channel)
            agency = call.caller.agency
            answer = try await self.answer(call)
        } catch {
            answer = .problem(error)
            note(error, request, agency)
            // What was not read of the body is not waited for.
            if request.isUnread { answer.headers[.connection] = "close" }
        }
        answer.headers[.date] = dates.text
        metrics.answered(
            Self.route(of: request), request.method.rawValue, answer.status.code,
            (ContinuousClock.now - start) / .seconds(1), agency: agency)
        if settings.isDevelopment { answer.headers[.development] = "true" }
        try await write(answer, agency, writer, channel)
        if answer.headers[.connection] == "close" { throw ConnectionEnds() }
    }

    private struct ConnectionEnds: Error {}

    private func call(_ request: Request, _ channel: any Channel) throws(Problem) -> Call {
        let target = request.head.path ?? "/"
        let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        var path: [String] = []
        for part in (parts.first ?? "").split(separator: "/", omittingEmptySubsequences: true) {
            guard let name = PercentEncoding.decode(part) else {
                throw RequestParameters.bad("The path is not percent-encoded UTF-8.")
            }
            path.append(name)
        }
        let caller = try caller(request.headers, channel)
        try limiter.take(caller.agency)
        return Call(
            method: request.method, path: path, query: parts.count > 1 ? String(parts[1]) : "",
            headers: request.headers, body: request.body, caller: caller, connection: channel,
            bodySeconds: settings.limits.bodySeconds)
    }

    private func caller(_ headers: HTTPFields, _ channel: any Channel) throws(Problem) -> Caller {
        if settings.isDevelopment, let agency = headers[.actAs] {
            return Caller(
                agency: agency, officer: nil, role: nil, purpose: nil, caseName: nil, basis: .development,
                until: Timestamp(microseconds: .max))
        }
        // Who means to be an agency should not be taken for the public.
        guard headers[.actAs] == nil else {
            throw Problem(
                401, "noToken", "Nobody is believed by a header",
                "This server is not in development mode: Sanhu-As counts for nothing. Send a token of the agency.")
        }
        return try gatekeeper.caller(
            authorization: headers[.authorization], certificate: connections.certificate(of: channel))
    }

    private func answer(_ call: Call) async throws(Problem) -> Answer {
        switch (call.path.first, call.path.count) {
        case ("events", 1):
            switch call.method {
            case .post: return try await append.answer(call)
            case .get: return try await read.answer(call)
            default: throw Self.methods("GET, POST")
            }
        case ("subscriptions", _): return try await subscriptions.answer(call)
        case ("checkpoint", 1):
            try Self.only(.get, call)
            return try transparency.checkpoint(call)
        case ("tile", 3...):
            try Self.only(.get, call)
            return try transparency.tile(call)
        case ("proofs", 2):
            try Self.only(.get, call)
            return try transparency.proof(call, at: call.path[1])
        case ("consistency", 1):
            try Self.only(.get, call)
            return try transparency.consistency(call)
        case ("tokens", 2) where call.path[1] == "revocations":
            try Self.only(.post, call)
            return try await tokens.answer(call)
        case ("metrics", 1):
            try Self.only(.get, call)
            return try measured.answer(call)
        case ("health", 2):
            try Self.only(.get, call)
            return try health.answer(call)
        default:
            throw Problem(
                404, "unknownPath", "There is nothing here",
                "There is nothing at this path; /openapi.json lists what there is.")
        }
    }

    /// The first part of a path, if there is anything below it: paths themselves name what may be classified.
    private static func route(of request: Request) -> String {
        let first = (request.head.path ?? "").dropFirst().prefix { $0 != "/" && $0 != "?" }
        return routes.contains(String(first)) ? "/" + first : "other"
    }

    private static let routes: Set = [
        "events", "checkpoint", "tile", "proofs", "consistency", "health", "metrics", "tokens", "subscriptions",
    ]

    /// Tells the operator of what is wrong with the ledger, not with a request.
    private func note(_ problem: Problem, _ request: Request, _ agency: String?) {
        guard problem.status >= 500, problem.code != Follower.stopping.code else { return }
        logger.error(
            "a request could not be served",
            metadata: [
                "route": .string(Self.route(of: request)), "code": .string(problem.code),
                "status": .stringConvertible(problem.status), "agency": .string(agency ?? "public"),
                "cause": .string(problem.cause ?? problem.detail),
            ])
    }

    private static func only(_ method: HTTPRequest.Method, _ call: Call) throws(Problem) {
        guard call.method == method else { throw methods(method.rawValue) }
    }

    static func methods(_ allowed: String) -> Problem {
        Problem(405, "methodNotAllowed", "The method is not for this", "Here there is \(allowed).")
    }

    @concurrent private func write(
        _ answer: Answer, _ agency: String?, _ writer: consuming ResponseWriter, _ channel: any Channel
    ) async throws {
        var head = HTTPResponse(status: answer.status, headerFields: answer.headers)
        switch answer.body {
        case .bytes(let bytes):
            head.headerFields[.contentLength] = String(bytes.count)
            try await writer.write(response: head, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
        case .stream(let body):
            do throws(Problem) {
                try limiter.begin(agency)
            } catch {
                try await write(.problem(error), agency, writer, channel)
                return
            }
            defer { limiter.end(agency) }
            let guarding = StallGuard(channel, limit: .seconds(Int64(settings.limits.stallSeconds)), metrics)
            var stream = AnswerStream(try await writer.writeHead(head), guarding)
            try await body(&stream)
            try await stream.finish()
        }
    }
}

extension Request {
    /// Whether there is a body of some size that nobody may have read.
    fileprivate var isUnread: Bool {
        headers[.transferEncoding] != nil || headers[.contentLength].flatMap { Int($0) }.map { $0 > 0 } ?? false
    }
}

extension HTTPField.Name {
    /// In development, who is to be believed to call.
    static let actAs = HTTPField.Name("Sanhu-As") ?? .authorization
    /// Says that who calls is believed.
    static let development = HTTPField.Name("Sanhu-Development") ?? .server
}
