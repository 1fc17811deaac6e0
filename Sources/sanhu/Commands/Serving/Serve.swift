import ArgumentParser
import Clearance
import Exchange
import ExchangeServer
import Foundation
import JSON
import Logging
import ServiceLifecycle
import UnixSignals
import Views

/// `sanhu serve`.
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Serve a ledger over HTTP: append, read, follow, verify.",
        discussion: """
            Settings come from a JSON file and from environment variables of the same names (port is SANHU_PORT), which \
            win. Without a certificate it listens on this machine alone. It writes the ledger, so no other process may \
            meanwhile. It stops on SIGTERM and SIGINT: live answers end, what is under way is finished. docs/http.md says \
            what it serves, docs/operating.md how to run it.

            EXAMPLES
              sanhu serve --check-config --config server.json
              sanhu serve --config server.json --ledger port.ledger
            """)

    @OptionGroup var writing: WritingOptions

    @Option(name: .long, help: "The file of settings, JSON.")
    var config: String?

    @Flag(name: .long, help: "Say what the settings are, and whether they can be used; serve nothing.")
    var checkConfig = false

    @Flag(
        name: .long,
        help: "Believe the header Sanhu-As, on this machine alone, for eight hours at most. Only here, in no file.")
    var development = false

    func run() async throws {
        var settings = try SettingsReader.read(
            file: try config.map(InputFile.bytes), environment: ProcessInfo.processInfo.environment)
        settings.isDevelopment = development
        var logger = Logger(label: "sanhu") { _ in LineLog() }
        logger.logLevel = .info
        if checkConfig {
            try LedgerServer.check(settings)
            Output.standard.writeObject { json in
                json.member("host", settings.host)
                json.member("port", Int64(settings.port))
                json.member("secure", settings.tls == nil ? "no" : "yes")
            }
            return Output.standard.flush()
        }
        let ledger = try writing.openExchange()
        defer { ledger.finish() }
        let server = try LedgerServer(
            ledger, rules: try Rulebook(of: ledger, rules: PortRules.all), settings: settings, logger: logger)
        let scheme = settings.tls == nil ? "http" : "https"
        let serving = RunningServer(server) { [settings] port in
            Terminal.say("serving \(scheme)://\(settings.host):\(port)")
        }
        if development { Terminal.say("warning: in development, who calls is believed; for eight hours at most") }
        let group = ServiceGroup(
            configuration: .init(
                services: [serving], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
        guard development else { return try await group.run() }
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            tasks.addTask {
                try await Task.sleep(for: .seconds(8 * 3_600))
                await group.triggerGracefulShutdown()
            }
            try await tasks.next()
            tasks.cancelAll()
        }
    }
}

/// A server that says on which port it listens.
private struct RunningServer: Service {
    let server: LedgerServer
    let say: @Sendable (Int) async -> Void

    init(_ server: LedgerServer, say: @escaping @Sendable (Int) async -> Void) {
        (self.server, self.say) = (server, say)
    }

    func run() async throws { try await server.run(onRunning: say) }
}
