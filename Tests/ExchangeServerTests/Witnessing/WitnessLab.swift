import AsyncHTTPClient
import Foundation
import Logging
import NIOCore
import NIOHTTP1
import ServiceLifecycle
import TestSupport
import Testing
import Transparency
import Witnessing

@testable import ExchangeClient
@testable import ExchangeServer

/// A witness in a folder of its own, served if it is asked for.
final class WitnessLab: Sendable {
    let folder: TemporaryFolder
    let witness: WitnessFolder

    static func ledgerKey() throws -> NoteVerifier { try ledgerSigner().verifier }

    /// What signs for the ledgers of ``ServerLab``.
    static func ledgerSigner() throws -> NoteSigner { try NoteSigner(name: ServerLab.origin, seed: Array(1...32)) }

    static func signer(_ name: String) throws -> CosignatureSigner {
        let seed = Array(name.utf8) + [UInt8](repeating: 1, count: 32)
        return CosignatureSigner(try NoteSigner(name: "\(name).example/witness", seed: Array(seed.prefix(32))))
    }

    init(_ name: String) throws {
        folder = try TemporaryFolder()
        try WitnessFolder.create(at: folder.path("w"), for: Self.signer(name).verifier)
        witness = try WitnessFolder(at: folder.path("w"), signer: Self.signer(name))
    }

    /// Looks once at what a server shows.
    func look(at url: String, peers: [String] = []) async throws -> WitnessRound {
        let client = try Self.client(url)
        let others = try peers.map { ($0, try Self.client($0)) }
        let round = try await Result.catching {
            try await LedgerWitness(client, self.witness, key: Self.ledgerKey(), peers: others).round()
        }
        await client.close()
        for (_, other) in others { await other.close() }
        return try round.get()
    }

    static func client(_ url: String, demanding demand: WitnessDemand? = nil) throws -> ExchangeClient {
        var settings = ClientSettings(url: url)
        (settings.retry, settings.connectSeconds) = (.none, 1)
        settings.witnesses = demand
        return try ExchangeClient(settings)
    }

    /// Serves it for as long as something runs.
    func served(
        _ change: (inout ServerSettings) -> Void = { _ in }, _ body: (_ url: String) async throws -> Void
    ) async throws {
        var settings = ServerSettings()
        settings.port = 0
        change(&settings)
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let server = try WitnessServer(witness, settings: settings, logger: logger)
        let (ports, told) = AsyncStream.makeStream(of: Int.self)
        let group = ServiceGroup(
            configuration: .init(services: [Running(server: server) { told.yield($0) }], logger: logger))
        let serving = Task { try await group.run() }
        var port = 0
        for await first in ports {
            port = first
            break
        }
        let result = try await Result.catching { try await body("http://127.0.0.1:\(port)") }
        await group.triggerGracefulShutdown()
        _ = await serving.result
        try result.get()
    }

    private struct Running: Service {
        let server: WitnessServer
        let tell: @Sendable (Int) -> Void

        func run() async throws { try await server.run { tell($0) } }
    }

    struct Reply {
        let status: Int
        let type: String?
        let text: String
    }

    /// Asks a served witness.
    static func ask(_ method: HTTPMethod, _ url: String, _ body: [UInt8]? = nil) async throws -> Reply {
        var request = HTTPClientRequest(url: url)
        request.method = method
        if let body { request.body = .bytes(body) }
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(20))
        let bytes = try await response.body.collect(upTo: 1 << 20)
        return Reply(
            status: Int(response.status.code), type: response.headers["Content-Type"].first,
            text: String(buffer: bytes))
    }
}

extension Result where Failure == any Error {
    /// What something gives, or throws.
    static func catching(_ body: () async throws -> Success) async throws -> Result {
        do { return .success(try await body()) } catch { return .failure(error) }
    }
}

extension ServerLab {
    /// As ``serving(_:_:)``, with witnesses by name and how many of them there must be.
    static func serving(
        witnesses names: [String], _ threshold: Int,
        _ body: (_ lab: ServerLab, _ policy: WitnessPolicy) async throws -> Void
    ) async throws {
        let folder = try TemporaryFolder()
        let policy = try WitnessPolicy(
            witnesses: names.map { .init($0, try WitnessLab.signer($0).verifier) },
            groups: [.init("enough", threshold, of: names)], quorum: "enough")
        let file = folder.url.appendingPathComponent("policy")
        try Data(policy.description.utf8).write(to: file)
        try await serving({ $0.witnesses = file.path }) { lab in try await body(lab, policy) }
    }
}
