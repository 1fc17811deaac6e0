import Foundation
import JSON
import NIOHTTP1
import TestSupport
import Testing

@testable import ExchangeServer

/// What comes over a network from who means no good, or is broken: the server answers or closes, others are served meanwhile, and
/// nothing acknowledged is lost. `SANHU_TORTURE=full` for many more.
@Suite(.fewAtOnce, .serialized)
struct HostileNetworkTests {
    /// A server that waits for nobody long.
    static func serving(_ body: (ServerLab, UInt16) async throws -> Void) async throws {
        try await ServerLab.serving({ settings in
            settings.limits.idleSeconds = 2
            settings.limits.bodySeconds = 2
            settings.limits.stallSeconds = 2
        }) { lab in
            let port = try #require(UInt16(lab.url.split(separator: ":").last ?? ""))
            try await body(lab, port)
        }
    }

    static func request(_ method: String, _ path: String, _ headers: [String] = [], _ body: String = "") throws
        -> String
    {
        let token = try ServerLab.token("CUS")
        let lines = ["\(method) \(path) HTTP/1.1", "Host: port.example", "Authorization: Bearer \(token)"] + headers
        return lines.joined(separator: "\r\n") + "\r\n\r\n" + body
    }

    /// A good append.
    static func append(_ id: String) throws -> String {
        let event = ServerLab.event(id)
        return try request(
            "POST", "/events", ["Content-Type: application/cloudevents+json", "Content-Length: \(event.utf8.count)"],
            event)
    }

    /// Does something while another caller appends and reads, and checks that that one was served and lost nothing.
    static func whileOthersAreServed(_ lab: ServerLab, _ body: () async throws -> Void) async throws {
        let served = Task {
            var appended: [Int64] = []
            var slowest = Duration.zero
            while !Task.isCancelled {
                let begun = ContinuousClock.now
                guard let reply = try? await lab.append(ServerLab.event("good-\(appended.count)")) else {
                    // Cancelled under way: nobody was told of that one.
                    if Task.isCancelled { break }
                    Issue.record("append \(appended.count) was not answered")
                    break
                }
                slowest = max(slowest, .now - begun)
                appended.append(try #require(reply.json?["appended"]?.integer, "\(reply.status) \(reply.text)"))
                try? await Task.sleep(for: .milliseconds(20))
            }
            return (appended, slowest)
        }
        do {
            try await body()
        } catch {
            served.cancel()
            throw error
        }
        served.cancel()
        let (appended, slowest) = try await served.value
        #expect(!appended.isEmpty && slowest < .seconds(20), "\(appended.count) appends, the slowest took \(slowest)")
        let lines = try await lab.ask(.GET, "/events?type=sanhu.declaration.lodged").lines
        let found = Set(lines.compactMap { $0["position"]?.integer })
        #expect(found.isSuperset(of: appended))
    }

    @Test func `damaged requests are answered or closed, and none makes the server fail`() async throws {
        try await Self.serving { lab, port in
            var dice = LongForm.dice("damaged requests")
            let count = LongForm.scaled(160, full: 10_000)
            try await Self.whileOthersAreServed(lab) {
                let good = [
                    try Self.append("x"), try Self.request("GET", "/events?tag=declaration:1&limit=3"),
                    try Self.request("GET", "/checkpoint"),
                    try Self.request(
                        "POST", "/events", ["Content-Type: application/x-ndjson", "Transfer-Encoding: chunked"],
                        "5\r\n{\"a\":\r\n2\r\n1}\r\n0\r\n\r\n"),
                    try Self.request("PUT", "/subscriptions/a", ["Content-Length: 2"], "{}"),
                    "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "GET /\r\n", "\u{16}\u{03}\u{01}\u{02}\u{00}\u{01}",
                ].map { Array($0.utf8) }
                let atOnce = LongForm.scaled(32, full: 256)
                for start in stride(from: 0, to: count, by: atOnce) {
                    let damaged = (start..<min(count, start + atOnce)).map { _ in Self.damaged(dice.pick(good), &dice) }
                    await withTaskGroup(of: ([UInt8], RawConnection.Answer?).self) { group in
                        for bytes in damaged {
                            group.addTask {
                                guard let connection = try? RawConnection(port) else { return (bytes, nil) }
                                return (bytes, await connection.exchange([bytes], within: 25))
                            }
                        }
                        for await (bytes, answer) in group {
                            let note =
                                "seed \(LongForm.seed): \(String(decoding: bytes, as: UTF8.self).debugDescription)"
                            guard let answer else {
                                Issue.record("no connection, \(note)")
                                continue
                            }
                            #expect(answer.isClosed, "left open, \(note)")
                            #expect(answer.statuses.allSatisfy { $0 < 500 || $0 == 503 }, "\(answer.statuses), \(note)")
                        }
                    }
                }
            }
            LongForm.report("network", "damaged requests", "answered or closed", count: count)
        }
    }

    /// A request with something changed, cut, doubled or put in.
    private static func damaged(_ bytes: [UInt8], _ dice: inout Dice) -> [UInt8] {
        var bytes = bytes
        for _ in 0...dice.below(4) {
            let at = dice.below(max(1, bytes.count))
            switch dice.below(6) {
            case 0: if !bytes.isEmpty { bytes[at] ^= 1 << UInt8(dice.below(8)) }
            case 1: bytes.removeSubrange(at...)
            case 2: bytes.insert(contentsOf: dice.bytes(1 + dice.below(20)), at: min(at, bytes.count))
            case 3: bytes += bytes
            case 4: bytes.insert(contentsOf: "\r\n".utf8, at: min(at, bytes.count))
            default:
                let line = dice.pick([
                    "Content-Length: 7\r\n", "Transfer-Encoding: chunked\r\n", "Content-Length: -1\r\n",
                    "Expect: 100-continue\r\n",
                    "Connection: close\r\n", "Upgrade: h2c\r\n", "Host: \r\n", ": x\r\n", " folded\r\n",
                ])
                if let end = bytes.firstIndex(of: 0x0A) { bytes.insert(contentsOf: line.utf8, at: end + 1) }
            }
        }
        return bytes
    }

    @Test(arguments: ["head", "body", "reader"])
    func `who is slow is cut off, and keeps nobody waiting`(_ kind: String) async throws {
        try await Self.serving { lab, port in
            // More than buffers take, so that a reader who takes nothing is noticed.
            if kind == "reader" {
                for part in 0..<6 {
                    let lines = (0..<1_000).map {
                        ServerLab.event("f\(part)-\($0)", price: String(repeating: "9", count: 40))
                    }
                    _ = try await lab.ask(
                        .POST, "/events", type: "application/cloudevents-batch+json",
                        "[" + lines.joined(separator: ",") + "]")
                }
            }
            try await Self.whileOthersAreServed(lab) {
                let whole = Array(try Self.append("slow").utf8)
                let bodyStart = whole.count - ServerLab.event("slow").utf8.count
                let pieces: [[UInt8]] =
                    switch kind {
                    case "head": whole.map { [$0] }
                    case "body": [Array(whole[..<bodyStart])] + whole[bodyStart...].map { [$0] }
                    default: []
                    }
                if kind == "reader" {
                    let connections = try (0..<2).map { _ in try RawConnection(port, receiveBytes: 4_096) }
                    let many = String(repeating: try Self.request("GET", "/events"), count: 30)
                    for connection in connections { connection.send(many) }
                    var cutOff = 0
                    for _ in 0..<240 where cutOff < connections.count {
                        try await Task.sleep(for: .milliseconds(250))
                        let metrics = try await lab.ask(.GET, "/metrics", as: "AUD").text
                        cutOff =
                            metrics.firstMatch(of: /\nsanhu_readers_cut_off_total (\d+)/).flatMap { Int($0.1) } ?? 0
                    }
                    #expect(cutOff == connections.count)
                    return
                }
                await withTaskGroup(of: RawConnection.Answer?.self) { group in
                    for _ in 0..<8 {
                        group.addTask {
                            await (try? RawConnection(port))?.exchange(pieces, pause: 150_000, within: 30)
                        }
                    }
                    for await answer in group {
                        #expect(answer?.isClosed == true && answer?.seconds ?? 99 < 25, "\(String(describing: answer))")
                        #expect(answer?.statuses.allSatisfy { (400..<500).contains($0) } == true)
                    }
                }
            }
            LongForm.report("network", "slow \(kind)", "cut off", count: 8)
        }
    }

    @Test func `heads and framing beyond all measure are refused`() async throws {
        try await Self.serving { lab, port in
            let many = (0..<5_000).map { "X-\($0): y" }
            let requests = [
                "long line": try Self.request("GET", "/events?query=" + String(repeating: "a", count: 200_000)),
                "long header": try Self.request("GET", "/checkpoint", ["X: " + String(repeating: "a", count: 200_000)]),
                "many headers": try Self.request("GET", "/checkpoint", many),
                "long name": try Self.request("GET", "/checkpoint", [String(repeating: "X", count: 200_000) + ": y"]),
                "huge length": try Self.request(
                    "POST", "/events", ["Content-Type: application/cloudevents+json", "Content-Length: 999999999999"],
                    "{"),
                "endless chunk extension": try Self.request(
                    "POST", "/events", ["Content-Type: application/cloudevents+json", "Transfer-Encoding: chunked"],
                    "1;" + String(repeating: "e", count: 2_000_000)),
                "two lengths": try Self.request(
                    "POST", "/events", ["Content-Length: 4", "Content-Length: 5"], "{}  {"),
                "length and chunks": try Self.request(
                    "POST", "/events", ["Content-Length: 4", "Transfer-Encoding: chunked"],
                    "0\r\n\r\nGET /checkpoint HTTP/1.1\r\nHost: x\r\n\r\n"),
                "chunked twice": try Self.request(
                    "POST", "/events", ["Transfer-Encoding: chunked, identity"], "0\r\n\r\n"),
            ]
            try await Self.whileOthersAreServed(lab) {
                for (name, text) in requests.sorted(by: { $0.key < $1.key }) {
                    let answer = await (try RawConnection(port)).exchange([Array(text.utf8)], within: 25)
                    #expect(answer.isClosed, "\(name) is left open")
                    #expect(
                        answer.statuses.allSatisfy { (400..<500).contains($0) }, "\(name): \(answer.text.prefix(300))")
                    #expect(answer.statuses.count <= 1, "\(name) was taken for \(answer.statuses.count) requests")
                }
            }
        }
    }

    @Test func `thousands of connections that say nothing keep nobody from being served, in memory that is bounded`()
        async throws
    {
        let count = LongForm.scaled(800, full: 10_000)
        try await ServerLab.serving { lab in
            await lab.halt()
            try await lab.startProcess()
            let port = try #require(UInt16(lab.url.split(separator: ":").last ?? ""))
            let before = try #require(lab.residentBytes())
            let half = Array(try Self.append("half").utf8.dropLast(40))
            // Some say nothing, some begin, some have their answer and stay.
            let whole = Array(try Self.request("GET", "/checkpoint").utf8)
            var connections = await RawConnection.open(count, port, saying: [[], half, whole])
            #expect(connections.count == count, "not all could connect")
            let begun = ContinuousClock.now
            for number in 0..<20 {
                let reply = try await lab.append(ServerLab.event("beside-\(number)"))
                #expect(reply.status == 201, "\(reply.text)")
            }
            let took = ContinuousClock.now - begun
            #expect(took < .seconds(40), "twenty appends took \(took) beside \(count) connections")
            let grown = try #require(lab.residentBytes()) - before
            #expect(grown < 50 << 20 + count * 40_960, "\(grown >> 20) MiB for \(count) connections")
            print("\(count) connections: \(grown >> 10) KiB more, twenty appends took \(took)")
            connections.removeAll()
            let lines = try await lab.ask(.GET, "/events?type=sanhu.declaration.lodged").lines
            #expect(lines.count == 20)
            LongForm.report("network", "connections", "served beside", count: count)
        }
    }
}
