import ArgumentParser
import ExchangeServer
import Foundation
import Logging
import ServiceLifecycle
import Transparency
import UnixSignals
import Witnessing

/// `sanhu witness serve`.
struct WitnessServe: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Serve a witness over HTTP, for logs that submit their checkpoints.",
        discussion: """
            Answers POST /add-checkpoint as C2SP tlog-witness says, GET /HASH/checkpoint with the latest checkpoint of a log, \
            GET /key and GET /. Settings are those of `sanhu serve` that are not of a ledger: host, port, certificate, limits.

            EXAMPLES
              sanhu witness serve --state witness/ --config witness.json \\
                --log port.example/ledger+2d3c…+AT…
            """)

    @OptionGroup var options: WitnessOptions

    @Option(name: .long, help: "The public key of a log to follow; may be given several times. Those known stay.")
    var log: [String] = []

    @Option(name: .long, help: "The file of settings, JSON.")
    var config: String?

    func run() async throws {
        let keys = try log.map(PublicKeyOptions.verifier)
        let settings = try SettingsReader.read(
            file: try config.map(InputFile.bytes), environment: ProcessInfo.processInfo.environment)
        var logger = Logger(label: "sanhu") { _ in LineLog() }
        logger.logLevel = .info
        let folder = try options.open()
        defer { folder.close() }
        for key in keys { try folder.follow(key) }
        let server = try WitnessServer(folder, settings: settings, logger: logger)
        let scheme = settings.tls == nil ? "http" : "https"
        let serving = ServedWitness(server: server) { port in
            Terminal.say("serving \(scheme)://\(settings.host):\(port)")
        }
        let group = ServiceGroup(
            configuration: .init(
                services: [serving], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
        try await group.run()
    }
}

/// A witness that says on which port it listens.
private struct ServedWitness: Service {
    let server: WitnessServer
    let say: @Sendable (Int) async -> Void

    func run() async throws { try await server.run(onRunning: say) }
}
