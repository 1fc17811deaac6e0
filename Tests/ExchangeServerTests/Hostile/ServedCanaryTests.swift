import Foundation
import Glibc
import JSON
import NIOConcurrencyHelpers
import NIOHTTP1
import TestSupport
import Testing

@testable import ExchangeServer

/// What is classified is in no log line, metric, problem, state file or crash report, however it came in.
@Suite(.fewAtOnce)
struct ServedCanaryTests {
    /// What nobody else may read: the values, and tokens, which open all.
    private struct Canaries {
        var texts: [String]

        /// Each as it may be spelt: plain, in base64 at any of the three offsets, in hexadecimal, percent-encoded.
        var spellings: [[UInt8]] {
            texts.flatMap { text -> [[UInt8]] in
                let bytes = Array(text.utf8)
                let hex = bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
                let base64 = (0..<3).map { shift in
                    // Without the characters that depend on what stands beside it.
                    let whole = Data(repeating: 0, count: shift) + Data(bytes)
                    return String(whole.base64EncodedString().dropFirst(shift == 0 ? 0 : 4).prefix(bytes.count))
                }
                return [bytes, Array(hex.utf8), Array(hex.uppercased().utf8)] + base64.map { Array($0.utf8) }
            }
        }

        func found(in bytes: some Collection<UInt8>) -> Bool {
            let data = Data(bytes)
            return spellings.contains { data.range(of: Data($0)) != nil }
        }
    }

    private static let price = "CANARYprice7f3a"
    private static let broken = "CANARYbroken91cc"
    private static let officer = "CANARYofficer5e0d"

    /// Asks in every way that is refused or answered without the value, and gives all answers.
    private static func ask(_ lab: ServerLab, _ tokens: inout [String]) async throws -> [ServerLab.Reply] {
        var replies: [ServerLab.Reply] = []
        func post(
            _ body: String, _ type: String = "application/cloudevents+json", as agency: String = "CUS",
            _ path: String = "/events"
        )
            async throws
        {
            replies.append(try await lab.ask(.POST, path, as: agency, type: type, body))
        }
        let good = ServerLab.event("good", price: price)
        try await post(good)
        try await post(good.replacing(price, with: broken))
        try await post(ServerLab.secret("sealed"))
        try await post(good, as: "TAX")
        try await post(String(good.dropLast(9)).replacing(price, with: broken))
        for wrong in [
            #""commercial":"\#(broken)""#, #""commercial":{"price":"\#(broken)"},"unknown":"\#(broken)""#,
            #""commercial":{"price":"\#(String(repeating: broken, count: 9))"}"#, #""number":["\#(broken)"]"#,
            #""commercial":{"price":"\#(broken)\u0000"}"#,
        ] {
            let event = ServerLab.event("wrong").replacing(#""number":"1""#, with: #""number":"1","# + wrong)
            try await post(event)
            try await post("[\(ServerLab.event("a")),\(event)]", "application/cloudevents-batch+json")
            try await post(event + "\n" + ServerLab.event("b-\(wrong.count)") + "\n", "application/x-ndjson")
        }
        let unknown = ServerLab.secret("unknown").replacing("secret.noted:1", with: "secret.unknown:1")
        try await post(unknown)
        try await post(#"{"commercial":{"price":"\#(broken)"}}"#, "application/json")
        try await post(
            #"{"query":"type=sanhu.declaration.lodged","reason":"\#(broken)"}"#, "application/json", "/subscriptions/x")
        for path in [
            "/events", "/events?stored", "/events?verifiable&proofs=true", "/events?field=/commercial",
            "/events?tag=declaration:1",
            "/checkpoint", "/health/live", "/health/ready", "/metrics", "/openapi.json", "/tile/entries/0", "/proofs/2",
            "/nowhere",
            "/cases/declaration:1", "/who-saw",
        ] {
            for agency in ["TER", "AUD", nil] as [String?] { replies.append(try await lab.ask(.GET, path, as: agency)) }
        }
        // Tokens that are refused say who the officer is.
        for (key, seconds) in [("CUS-1", Int64(-900)), ("CUS-9", 600), ("TAX-1", 600)] {
            let token = try ServerLab.token(
                "CUS", key: key, seconds: seconds, officer: officer, name: "j\(seconds)\(key)")
            tokens.append(token)
            replies.append(try await lab.ask(.GET, "/events", headers: [("Authorization", "Bearer " + token)]))
        }
        let token = try ServerLab.token("CUS")
        tokens.append(token)
        replies.append(try await lab.ask(.GET, "/metrics", headers: [("Authorization", "Bearer " + token)]))
        return replies
    }

    @Test func `no log line, metric, problem or file beside the log has a classified value, spelt in any way`()
        async throws
    {
        let heard = NIOLockedValueBox<[String]>([])
        try await ServerLab.serving { lab in
            await lab.halt()
            lab.heard.withLockedValue { $0 = heard }
            try await lab.start()
            var tokens: [String] = []
            let replies = try await Self.ask(lab, &tokens)
            let canaries = Canaries(
                texts: [Self.price, Self.broken, ServerLab.canary] + tokens.map { String($0.suffix(40)) })
            #expect(replies.contains { $0.status == 201 } && replies.count { $0.status >= 400 } > 10)
            for reply in replies {
                #expect(!canaries.found(in: reply.body), "\(reply.status) \(reply.text.prefix(600))")
                #expect(!canaries.found(in: "\(reply.headers)".utf8), "\(reply.headers)")
            }
            // Who may, reads them: what was looked for is there.
            let own = try await lab.ask(.GET, "/events")
            #expect(canaries.found(in: own.body))
            for line in heard.withLockedValue(\.self) { #expect(!canaries.found(in: line.utf8), "\(line.prefix(600))") }
            #expect(!heard.withLockedValue(\.self).isEmpty, "nothing was logged, so nothing was looked at")
            for part in ["log", "index", "state", "views", "access"] {
                let root = lab.folder.url.appendingPathComponent("ledger/" + part)
                for case let file as URL in FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil)
                    ?? .init()
                {
                    guard let bytes = try? Data(contentsOf: file) else { continue }
                    #expect(!canaries.found(in: bytes), "\(file.path)")
                }
            }
            #expect(
                Canaries(texts: [Self.price]).found(in: Data("x\(Self.price)".utf8).base64EncodedData()),
                "the search finds")
        }
    }

    @Test func `what a process says, also when it crashes, has no classified value`() async throws {
        try await ServerLab.serving { lab in
            await lab.halt()
            try await lab.startProcess()
            let (process, said) = try #require(
                lab.running.withLockedValue { running in
                    running?.process.flatMap { process in running?.said.map { (process, $0) } }
                })
            var tokens: [String] = []
            _ = try await Self.ask(lab, &tokens)
            // A crash in the middle of an append.
            async let appended = try? lab.append(ServerLab.event("last", price: Self.price))
            kill(process, SIGABRT)
            _ = await appended
            try await Task.sleep(for: .milliseconds(500))
            let canaries = Canaries(
                texts: [Self.price, Self.broken, Self.officer, ServerLab.canary] + tokens.map { String($0.suffix(40)) })
            let text = try Data(contentsOf: URL(fileURLWithPath: said))
            #expect(
                !text.isEmpty && !canaries.found(in: text), "\(String(decoding: text.suffix(4_000), as: UTF8.self))")
        }
    }
}
