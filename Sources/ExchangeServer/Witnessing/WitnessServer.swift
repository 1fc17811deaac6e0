internal import EventLog
internal import ExchangeProtocol
internal import HTTPTypes
internal import HummingbirdCore
internal import HummingbirdTLS
public import Logging
internal import NIOCore
internal import NIOPosix
public import ServiceLifecycle
public import Witnessing

/// Serves a witness over HTTP: docs/witnesses.md. Nobody has to say who it is: what the logs have signed is all that counts.
public final class WitnessServer: Service {
    private let settings: ServerSettings
    private let endpoints: WitnessEndpoints
    private let limiter: CallerLimiter
    private let dates = DateHeader()
    private let logger: Logger

    /// - Parameter settings: Where it listens and its limits; what is of a ledger counts for nothing.
    /// - Throws: ``ServerFault`` for settings that are not safe.
    public init(_ folder: WitnessFolder, settings: ServerSettings, logger: Logger) throws {
        try settings.check()
        self.settings = settings
        self.logger = logger
        endpoints = WitnessEndpoints(folder: folder, logger: logger)
        limiter = CallerLimiter(settings.limits)
    }

    /// Serves until it is told to stop.
    public func run() async throws {
        try await run { _ in }
    }

    /// As the other, and says on which port once it listens.
    public func run(onRunning: @escaping @Sendable (_ port: Int) async -> Void) async throws {
        let configuration = HTTP1Channel.Configuration(
            additionalChannelHandlers: [UnparsedHandler()], idleTimeout: .seconds(Int64(settings.limits.idleSeconds)),
            httpDecoderConfiguration: .init(
                maxHeaderFieldSize: UnparsedHandler.fieldBytes, maxHeaderListSize: UnparsedHandler.headBytes,
                maxHeaderFieldCount: UnparsedHandler.fields))
        let plain = HTTPServerBuilder { responder in HTTP1Channel(responder: responder, configuration: configuration) }
        let builder =
            try settings.tls.map { try HTTPServerBuilder.tls(plain, configuration: try $0.channel()) } ?? plain
        let server = try builder.buildServer(
            configuration: ServerConfiguration(
                address: .hostname(settings.host, port: settings.port), backlog: 256,
                availableConnectionsDelegate: .maximum(settings.limits.connections, logger: logger)),
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton, logger: logger,
            responder: { [self] request, writer, channel in try await respond(to: request, writer, channel) },
            onServerRunning: { channel in await onRunning(channel.localAddress?.port ?? 0) })
        try await server.run()
    }

    private struct ConnectionEnds: Error {}

    @concurrent private func respond(
        to request: Request, _ writer: consuming ResponseWriter, _ channel: any Channel
    ) async throws {
        var answer: Answer
        do throws(Problem) {
            try limiter.take(nil)
            let path = try Endpoints.path(of: request)
            answer = try await endpoints.answer(
                Call(
                    method: request.method, path: path, query: "", headers: request.headers, body: request.body,
                    standing: Standing(believing: .public), connection: channel,
                    bodySeconds: settings.limits.bodySeconds, names: []))
        } catch {
            if error.status >= 500 {
                logger.error("a witness could not answer", metadata: ["cause": .string(error.detail)])
            }
            answer = .problem(error)
            if request.isUnread { answer.headers[.connection] = "close" }
        }
        answer.headers[.date] = dates.text
        guard case .bytes(let bytes) = answer.body else { return }
        var head = HTTPResponse(status: answer.status, headerFields: answer.headers)
        head.headerFields[.contentLength] = String(bytes.count)
        try await writer.write(response: head, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
        if answer.headers[.connection] == "close" { throw ConnectionEnds() }
    }
}
