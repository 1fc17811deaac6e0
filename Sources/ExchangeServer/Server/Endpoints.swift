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
    let table: RouteTable
    private let metrics = ServerMetrics()
    private let dates = DateHeader()
    private let logger: Logger
    private let closing: Closing

    init(
        _ ledger: ExchangeLedger, _ rules: Rulebook, _ settings: ServerSettings, tail: Tail, desk: SubscriptionDesk,
        views: ServedViews, automations: ServedAutomations, closing: Closing, connections: ConnectionBook,
        cosignatures: CosignatureBook,
        logger: Logger
    ) throws(LogError) {
        self.logger = logger
        self.settings = settings
        self.connections = connections
        self.closing = closing
        let revoked = try RevokedTokens(path: ledger.log.path + "/state/revoked-tokens.json")
        gatekeeper = Gatekeeper(ledger, revoked: revoked)
        limiter = CallerLimiter(settings.limits)
        let following = Following(
            ledger: ledger, tail: tail, closing: closing, metrics: metrics,
            heartbeat: .seconds(settings.heartbeatSeconds))
        let groups: [any Routing] = [
            EventRoutes(
                append: AppendEndpoint(book: rules, limits: settings.limits, metrics: metrics),
                read: ReadEndpoint(ledger: ledger, following: following)),
            SubscriptionEndpoints(desk: desk, following: following), CaseEndpoint(views: views),
            BoardEndpoint(views: views), ReportEndpoint(views: views), ViewEndpoints(views: views),
            ReplayEndpoints(views: views),
            CharterEndpoint(ledger: ledger), DisclosureEndpoints(book: rules), AccessEndpoint(ledger: ledger),
            TransparencyEndpoints(ledger: ledger, book: cosignatures),
            ServerRoutes(
                health: HealthEndpoints(ledger: ledger, closing: closing, desk: desk),
                metrics: MetricsEndpoint(
                    ledger: ledger, metrics: metrics, limiter: limiter, desk: desk, cosignatures: cosignatures,
                    views: views, automations: automations),
                tokens: TokenEndpoint(revoked: revoked, gatekeeper: gatekeeper)),
        ]
        let routes = groups.flatMap(\.routes)
        table = RouteTable(routes + [APIEndpoint.route(beside: routes)])
    }

    /// Answers a request.
    @concurrent func respond(
        to request: Request, _ writer: consuming ResponseWriter, _ channel: any Channel
    ) async throws {
        let start = ContinuousClock.now
        var agency: String?
        var answer: Answer
        do throws(Problem) {
            let path = try Self.path(of: request)
            let standing = try standing(request.headers, channel)
            agency = standing.caller.agency
            try limiter.take(agency)
            answer = try await self.answer(request, path, standing, channel)
        } catch {
            answer = .problem(error)
            note(error, request, agency)
            // What was not read of the body is not waited for.
            if request.isUnread { answer.headers[.connection] = "close" }
        }
        answer.headers[.date] = dates.text
        metrics.answered(
            table.label(request.head.path ?? ""), Self.name(of: request.method), answer.status.code,
            (ContinuousClock.now - start) / .seconds(1), agency: agency)
        if settings.isDevelopment { answer.headers[.development] = "true" }
        try await write(answer, agency, writer, channel)
        if answer.headers[.connection] == "close" { throw ConnectionEnds() }
    }

    private struct ConnectionEnds: Error {}

    /// The parts of a path, percent-decoded.
    static func path(of request: Request) throws(Problem) -> [String] {
        var path: [String] = []
        let text = (request.head.path ?? "/").prefix { $0 != "?" }
        for part in text.split(separator: "/", omittingEmptySubsequences: true) {
            guard let name = PercentEncoding.decode(part) else {
                throw RequestParameters.bad("The path is not percent-encoded UTF-8.")
            }
            path.append(name)
        }
        return path
    }

    private func standing(_ headers: HTTPFields, _ channel: any Channel) throws(Problem) -> Standing {
        if settings.isDevelopment, let agency = headers[.actAs] {
            return Standing(
                believing: Caller(
                    agency: agency, officer: nil, role: nil, purpose: nil, caseName: nil, basis: .development,
                    until: Timestamp(microseconds: .max)))
        }
        // Who means to be an agency should not be taken for the public.
        guard headers[.actAs] == nil else {
            throw Problem(
                401, "noToken", "Nobody is believed by a header",
                "This server is not in development mode: Sanhu-As counts for nothing. Send a token of the agency.")
        }
        return try Standing(
            authorization: headers[.authorization], certificate: connections.certificate(of: channel), by: gatekeeper)
    }

    private func answer(
        _ request: Request, _ path: [String], _ standing: Standing, _ channel: any Channel
    ) async throws(Problem) -> Answer {
        switch table.find(request.method, path) {
        case .route(let route):
            let parts = (request.head.path ?? "").split(
                separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
            return try await route.answer(
                Call(
                    method: request.method, path: path, query: parts.count > 1 ? String(parts[1]) : "",
                    headers: request.headers, body: request.body, standing: standing, connection: channel,
                    bodySeconds: settings.limits.bodySeconds, names: route.names))
        case .otherMethods(let methods):
            var answer = Answer.problem(Self.methods(methods.joined(separator: ", ")))
            answer.headers[.allow] = methods.joined(separator: ", ")
            if request.isUnread { answer.headers[.connection] = "close" }
            return answer
        case .nothing:
            throw Problem(
                404, "unknownPath", "There is nothing here",
                "There is nothing at this path; /openapi.json lists what there is.")
        }
    }

    /// A method that there is; whatever else somebody calls one is counted together.
    private static func name(of method: HTTPRequest.Method) -> String {
        [.get, .post, .put, .delete, .head, .options, .patch].contains(method) ? method.rawValue : "other"
    }

    /// Tells the operator of what is wrong with the ledger, not with a request.
    private func note(_ problem: Problem, _ request: Request, _ agency: String?) {
        // That the ledger's key has signed another history is no fault of who shows it.
        guard problem.status >= 500 || problem.code == CosignatureBook.otherHistory,
            problem.code != Follower.stopping.code
        else { return }
        logger.error(
            "a request could not be served",
            metadata: [
                "route": .string(table.label(request.head.path ?? "")), "code": .string(problem.code),
                "status": .stringConvertible(problem.status), "agency": .string(agency ?? "public"),
                "cause": .string(problem.cause ?? problem.detail),
            ])
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
    var isUnread: Bool {
        headers[.transferEncoding] != nil || headers[.contentLength].flatMap { Int($0) }.map { $0 > 0 } ?? false
    }
}

extension HTTPField.Name {
    /// In development, who is to be believed to call.
    static let actAs = HTTPField.Name("Sanhu-As") ?? .authorization
    /// Says that who calls is believed.
    static let development = HTTPField.Name("Sanhu-Development") ?? .server
}
