internal import EventLog
public import Exchange
internal import ExchangeProtocol
internal import HTTPTypes
internal import HummingbirdCore
internal import HummingbirdTLS
public import Logging
internal import NIOCore
internal import NIOPosix
internal import NIOSSL
public import ServiceLifecycle
public import Views

/// Serves a ledger over HTTP: docs/http.md.
///
/// It writes the ledger, so no other process may; it is stopped by cancelling or by graceful shutdown, which ends live
/// answers, waits for what is under way, and leaves the ledger open: whoever opened it closes it.
public final class LedgerServer: Service {
    let settings: ServerSettings
    let endpoints: Endpoints
    private let book: ConnectionBook
    private let closing = Closing()
    private let tail: Tail
    private let desk: SubscriptionDesk
    private let views: ServedViews
    private let automations: ServedAutomations
    private let endings: EndingNotes
    private let logger: Logger

    /// - Throws: ``ServerFault`` for settings that are not safe, or that name files that are not there, or if what is kept of
    ///   subscriptions is of another ledger; ``LogError`` if that cannot be opened for writing; ``ViewError`` if a
    ///   view cannot be.
    public init(
        _ ledger: ExchangeLedger, rules: Rulebook, settings: ServerSettings, logger: Logger
    ) throws {
        try settings.check()
        self.settings = settings
        self.logger = logger
        book = ConnectionBook()
        tail = try Tail(ledger.log)
        desk = try SubscriptionDesk(ledger, tail: tail)
        views = try ServedViews(of: ledger, names: settings.views)
        automations = try ServedAutomations(
            beside: views.keeper, book: rules, names: settings.automations, logger: logger)
        endings = EndingNotes(ledger: ledger, logger: logger)
        endpoints = try Endpoints(
            ledger, rules, settings, tail: tail, desk: desk, views: views, automations: automations, closing: closing,
            connections: book,
            cosignatures: try CosignatureBook(ledger.log, policy: try settings.witnessPolicy()), logger: logger)
    }

    /// Refuses settings that are not safe, or that name files that are not there.
    public static func check(_ settings: ServerSettings) throws {
        try settings.check()
        _ = try settings.tls?.channel()
        _ = try settings.witnessPolicy()
    }

    /// Serves until it is told to stop.
    ///
    /// - Throws: What keeps it from listening.
    public func run() async throws {
        try await run { _ in }
    }

    /// As the other, and says on which port once it listens.
    public func run(onRunning: @escaping @Sendable (_ port: Int) async -> Void) async throws {
        let server = try builder().buildServer(
            configuration: ServerConfiguration(
                address: .hostname(settings.host, port: settings.port), backlog: 1_024,
                availableConnectionsDelegate: .maximum(settings.limits.connections, logger: logger)),
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton, logger: logger,
            responder: { [endpoints] request, writer, channel in
                try await endpoints.respond(to: request, writer, channel)
            },
            onServerRunning: { channel in await onRunning(channel.localAddress?.port ?? 0) })
        defer {
            desk.close()
            views.close()
        }
        automations.start()
        do {
            try await serve(server)
        } catch {
            await automations.close()
            throw error
        }
        await automations.close()
    }

    private func serve(_ server: any Service) async throws {
        let (closing, tail, desk, endings) = (closing, tail, desk, endings)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await tail.run() }
            group.addTask { await desk.run() }
            group.addTask { await endings.run() }
            group.addTask {
                try await withGracefulShutdownHandler {
                    try await server.run()
                } onGracefulShutdown: {
                    closing.close()
                    desk.stop()
                    tail.close()
                }
            }
            defer {
                closing.close()
                group.cancelAll()
            }
            // The tail ends by itself only if the log is closed under it.
            try await group.next()
            try await Self.ending(&group, settings.limits.shutdownSeconds)
        }
    }

    private static func ending(_ group: inout ThrowingTaskGroup<Void, any Error>, _ seconds: Int) async throws {
        group.cancelAll()
        _ = try? await group.next()
    }

    private func builder() throws -> HTTPServerBuilder {
        let (limits, book) = (settings.limits, book)
        let isSecure = settings.tls != nil
        let configuration = HTTP1Channel.Configuration(
            additionalChannelHandlers: [UnparsedHandler()] + (isSecure ? [CertificateReader(book)] : []),
            idleTimeout: .seconds(Int64(limits.idleSeconds)),
            httpDecoderConfiguration: .init(
                maxHeaderFieldSize: UnparsedHandler.fieldBytes, maxHeaderListSize: UnparsedHandler.headBytes,
                maxHeaderFieldCount: UnparsedHandler.fields))
        let executors = LoopExecutor.all(of: MultiThreadedEventLoopGroup.singleton)
        let plain = HTTPServerBuilder { responder in
            OnLoopChannel(HTTP1Channel(responder: responder, configuration: configuration), executors)
        }
        guard let tls = settings.tls else { return plain }
        return try .tls(plain, configuration: try tls.channel())
    }
}
