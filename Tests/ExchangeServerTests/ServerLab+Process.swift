import Exchange
import Foundation
import Glibc
import NIOConcurrencyHelpers
import TestSupport
import Testing
import Transparency

@testable import ExchangeServer

extension ServerLab {
    /// The program: `SANHU_BINARY`, else what was built beside the tests.
    private static let program: String = {
        if let path = ProcessInfo.processInfo.environment["SANHU_BINARY"], !path.isEmpty { return path }
        let own = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        return own.deletingLastPathComponent().appendingPathComponent("sanhu").path
    }()

    /// Lets go of the ledger, and has it served by the program itself; ``halt()`` then kills it.
    func startProcess() async throws {
        ledger.close()
        let (keys, out) = (folder.path("keys"), folder.path("out-\(UUID())"))
        try storeKeys(keys)
        let settings = [
            "SANHU_KEYS": keys, "SANHU_PORT": "0", "SANHU_HEARTBEAT_SECONDS": "1", "SANHU_AUTOMATIONS": "none",
            "NO_COLOR": "1",
        ]
        let process = try Spawn.start(
            [Self.program, "serve", "--ledger", folder.path("ledger")], input: .file("/dev/null"), output: out,
            errors: out,
            environment: ProcessInfo.processInfo.environment.merging(settings) { $1 })
        let end: @Sendable () async -> Void = {
            kill(-process, SIGKILL)
            var status: Int32 = 0
            while waitpid(process, &status, WNOHANG) == 0 { try? await Task.sleep(for: .milliseconds(2)) }
        }
        for _ in 0..<3_000 {
            let said = (try? String(contentsOfFile: out, encoding: .utf8)) ?? ""
            if let match = said.firstMatch(of: /serving (http:\/\/127\.0\.0\.1:\d+)\n/) {
                let running = Running(url: String(match.1), end: end, process: process, said: out)
                return self.running.withLockedValue { $0 = running }
            }
            try await Task.sleep(for: .milliseconds(20))
        }
        await end()
        Issue.record("\(Self.program) does not serve: \((try? String(contentsOfFile: out, encoding: .utf8)) ?? "")")
    }

    /// How much memory the process has that serves it; nil if it is served in this one.
    func residentBytes() -> Int? {
        guard let process = running.withLockedValue({ $0?.process }),
            let status = try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8),
            let match = status.firstMatch(of: /VmRSS:\s+(\d+) kB/)
        else { return nil }
        return Int(match.1).map { $0 << 10 }
    }

    private func storeKeys(_ keys: String) throws {
        guard !FileManager.default.fileExists(atPath: keys) else { return }
        try FileManager.default.createDirectory(atPath: keys, withIntermediateDirectories: true)
        let signers = [
            try NoteSigner(name: Self.origin, seed: Array(1...32)),
            try NoteSigner(name: Self.origin + "/access", seed: Array(2...33)),
        ]
        for signer in signers {
            let name = signer.verifier.name.replacingOccurrences(of: "/", with: "_")
            let path = "\(keys)/\(name)-\(String(signer.verifier.id, radix: 16)).key"
            try Data((signer.secretText + "\n").utf8).write(to: URL(fileURLWithPath: path))
            chmod(path, 0o600)
            if signer.verifier.name == Self.origin {
                try FileManager.default.copyItem(atPath: folder.path("wrapping"), toPath: path + ".wrapping")
            }
        }
    }
}
