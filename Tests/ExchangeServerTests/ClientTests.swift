import Crypto
import EventLog
import Exchange
import ExchangeProtocol
import Foundation
import NIOConcurrencyHelpers
import TestSupport
import Testing
import Transparency

@testable import ExchangeClient

@Suite("The client library", .fewAtOnce)
struct ClientTests {
    private static func settings(_ url: String, as agency: String = "CUS", purpose: String? = nil) throws
        -> ClientSettings
    {
        var settings = ClientSettings(url: url)
        settings.credential = .key(
            AgencyCredential(
                agency: agency, keyID: agency + "-1", privateKey: try ServerLab.key(agency + "-1"), purpose: purpose))
        settings.retry = RetryPolicy(attempts: 40, first: .milliseconds(5), longest: .milliseconds(50))
        return settings
    }

    /// Calls with a client of CUS, which is closed in the end.
    private static func calling(
        _ settings: ClientSettings, _ body: (ExchangeClient) async throws -> Void
    ) async throws {
        let client = try ExchangeClient(settings)
        do {
            try await body(client)
        } catch {
            await client.close()
            throw error
        }
        await client.close()
    }

    private static func draft(_ id: String, _ number: Int = 1, price: String? = nil) -> EventDraft {
        EventDraft(agency: "CUS", event: Array(ServerLab.event(id, number, price: price).utf8))
    }

    private static func key() throws -> NoteVerifier {
        try NoteSigner(name: ServerLab.origin, seed: Array(1...32)).verifier
    }

    @Test("Events are appended together or each on its own; again they are known; refusals say why")
    func append() async throws {
        try await ServerLab.serving { lab in
            try await Self.calling(Self.settings(lab.url)) { client in
                let drafts = (0..<3).map { Self.draft("e\($0)", $0) }
                let receipts = try await client.append(drafts, wantsProof: true)
                #expect(receipts.map(\.receipt) == (1...3).map { .appended(Position($0)) })
                #expect(receipts.allSatisfy { $0.proof?.hasPrefix("c2sp.org/tlog-proof@v1") ?? false })
                #expect(try await client.append(drafts).map(\.receipt) == (1...3).map { .duplicate(Position($0)) })
                let query = Query(types: ["sanhu.declaration.lodged"], tags: [try Tag("declaration:2")])
                let late = AppendCondition(noneMatching: query, after: 2)
                let error = await #expect(throws: ClientError.self) {
                    try await client.append([Self.draft("e9")], conditions: [late])
                }
                #expect(
                    error?.problem?.code == "conditionFailed" && error?.isRetryable == false,
                    "\(String(describing: error))")
                // Each on its own: one that does not fit stops none.
                var told: [String] = []
                let bad = EventDraft(agency: "CUS", event: Array(#"{"specversion":"1.0"}"#.utf8))
                try await client.append(each: [Self.draft("e0", 0), bad, Self.draft("f", 7)]) { number, result in
                    switch result {
                    case .success(let receipt): told.append("\(number) \(receipt.receipt)")
                    case .failure(let problem): told.append("\(number) \(problem.status)")
                    }
                }
                #expect(told == ["0 \(Receipt.duplicate(1))", "1 422", "2 \(Receipt.appended(4))"])
                let entries = try await client.entries(ReadSelection(tags: [try Tag("declaration:7")])).reduce(into: [])
                {
                    $0.append($1.position)
                }
                #expect(entries == [4])
            }
        }
    }

    @Test(
        "Over connections that are cut again and again each event is appended once, told once, read once, followed once"
    )
    func cut() async throws {
        var dice = LongForm.dice("client cut")
        let seed = dice.next()
        try await ServerLab.serving { lab in
            let proxy = try await CuttingProxy(
                to: lab.url,
                .init(cut: { dice in dice.oneIn(16) ? nil : 500 + dice.below(30_000) }, seed: seed))
            try await Self.calling(Self.settings(proxy.url)) { client in
                let count = 2_000
                let followed = NIOLockedValueBox<[Position]>([])
                let following = Task {
                    try await Self.calling(Self.settings(proxy.url)) { client in
                        for try await element in client.follow(ReadSelection(from: 1)) {
                            guard case .event(let entry) = element else { continue }
                            let all = followed.withLockedValue { all in
                                all.append(entry.position)
                                return all.count
                            }
                            if all == count { return }
                        }
                    }
                }
                var told: [Int] = []
                try await client.append(each: (0..<count).map { Self.draft("e\($0)", $0) }) { number, result in
                    told.append(number)
                    let receipt = try result.get()
                    #expect(receipt.receipt.position == Position(number + 1), "seed \(seed)")
                }
                #expect(told == Array(0..<count), "seed \(seed)")
                #expect(try lab.ledger.log.head == Position(count + 1), "seed \(seed)")
                var read: [Position] = []
                for try await entry in client.entries(ReadSelection(from: 1)) { read.append(entry.position) }
                #expect(read == (1...count).map { Position($0) }, "seed \(seed)")
                var back: [Position] = []
                var selection = ReadSelection(from: 1)
                (selection.isBackwards, selection.limit) = (true, 1_500)
                for try await entry in client.entries(selection) { back.append(entry.position) }
                #expect(back == (501...count).reversed().map { Position($0) }, "seed \(seed)")
                try await following.value
                #expect(followed.withLockedValue { $0 } == read, "seed \(seed)")
                #expect(proxy.cuts > 0, "\(proxy.cuts) cuts, seed \(seed)")
            }
            await proxy.close()
        }
    }

    @Test("What is read is held against the pinned key: a changed byte, another key, another history are found out")
    func verified() async throws {
        try await ServerLab.serving { lab in
            for number in 0..<40 { try await lab.append(ServerLab.event("e\(number)", number, price: "\(number)")) }
            let key = try Self.key()
            try await Self.calling(Self.settings(lab.url, as: "TAX", purpose: "duty")) { client in
                var prices = 0
                let read = try await client.verified(ReadSelection(), key: key) { entry in
                    if case .entry(let event) = entry.seen, event.position > 0,
                        String(decoding: event.event, as: UTF8.self).contains("price")
                    {
                        prices += 1
                    }
                }
                #expect(read.isComplete && read.entries + read.stubs == 41 && read.checkpoint?.size == 41)
                #expect(prices == 40 && read.disclosures == 40, "\(prices) \(read)")
                let note = try await client.checkpoint(key: key)
                try await lab.append(ServerLab.event("more"))
                let later = try await client.verified(ReadSelection(from: 41), key: key, known: note) { _ in }
                #expect(later.known?.size == 41 && later.entries == 1)
                let other = try NoteSigner(name: ServerLab.origin, seed: Array(9...40)).verifier
                let error = await #expect(throws: ClientError.self) {
                    _ = try await client.verified(ReadSelection(), key: other) { _ in }
                }
                #expect(error?.code == .notVerified)
                await #expect(throws: ClientError.self) { _ = try await client.checkpoint(key: other) }
            }
            let proxy = try await CuttingProxy(
                to: lab.url, .init(changes: [(#""number":"17""#, #""number":"71""#)]))
            try await Self.calling(Self.settings(proxy.url)) { client in
                var seen = 0
                let error = await #expect(throws: ClientError.self) {
                    _ = try await client.verified(ReadSelection(), key: key) { _ in seen += 1 }
                }
                #expect(error?.code == .notVerified && seen == 18, "what came before it holds")
                // Who does not verify is deceived.
                let lied = try await client.entries().reduce(into: 0) { $0 += $1.text.contains(#""71""#) ? 1 : 0 }
                #expect(lied == 1)
            }
            await proxy.close()
        }
    }

    @Test("A follower that verifies and keeps its place goes on after a crash, and refuses a file of another ledger")
    func follow() async throws {
        try await ServerLab.serving { lab in
            let (path, key) = (lab.folder.path("cus.state"), try Self.key())
            let taken = NIOLockedValueBox<[Position]>([])
            struct Crash: Error {}
            for round in 0..<4 {
                for number in 0..<25 { try await lab.append(ServerLab.event("r\(round)-\(number)", number)) }
                let end = Position(1 + 25 * (round + 1))
                try await Self.calling(Self.settings(lab.url)) { client in
                    await #expect(throws: Crash.self) {
                        try await client.follow(key: key, state: path) { entry in
                            // In the second round it crashes in the middle of a stretch.
                            if round == 1, entry.seen.position == 40 { throw Crash() }
                            taken.withLockedValue { $0.append(entry.seen.position) }
                        } caughtUp: { head in
                            if head >= end { throw Crash() }
                        }
                    }
                }
            }
            let all = taken.withLockedValue { $0 }
            #expect(Set(all) == Set((0..<101).map { Position($0) }), "none is missing")
            // What was taken before a crash within a stretch comes again, and nothing else.
            #expect(all.filter { $0 < 26 }.count == 26 && all.filter { $0 >= 51 }.count == 50)
            #expect(try FollowedLog.read(path, key: key).checkpoint != nil)
            let other = try NoteSigner(name: "other.example", seed: Array(9...40)).verifier
            #expect(throws: ClientError.self) { try FollowedLog.read(path, key: other) }
            try Data("{}".utf8).write(to: URL(fileURLWithPath: path))
            #expect(throws: ClientError.self) { try FollowedLog.read(path, key: key) }
        }
    }

    @Test("A server that nobody reaches, a token it does not take and plain text to others are told apart")
    func failures() async throws {
        var nowhere = ClientSettings(url: "http://127.0.0.1:1")
        nowhere.retry = .none
        nowhere.connectSeconds = 1
        try await Self.calling(nowhere) { client in
            let error = await #expect(throws: ClientError.self) { _ = try await client.lines(of: ["checkpoint"]) }
            #expect(error?.code == .unreachable && error?.isRetryable == true)
        }
        try await ServerLab.serving { lab in
            var stranger = ClientSettings(url: lab.url, credential: .token("x.y.z"))
            stranger.retry = .none
            try await Self.calling(stranger) { client in
                let error = await #expect(throws: ClientError.self) { _ = try await client.append([Self.draft("e")]) }
                #expect(error?.problem?.code == "malformedToken")
            }
        }
        for url in [
            "http://port.example", "ftp://port.example", "port.example", "https://a b", "https://u@port.example",
        ] {
            #expect(throws: ClientError.self, "\(url)") { try ExchangeClient(ClientSettings(url: url)) }
        }
    }

    @Test("Waits double up to the longest, heed what the server asks for, and end")
    func waits() {
        let policy = RetryPolicy(attempts: 4, first: .milliseconds(100), longest: .milliseconds(300))
        #expect(
            (1...5).map { policy.wait(after: $0, chance: 1) } == [
                .milliseconds(100), .milliseconds(200), .milliseconds(300), .milliseconds(300), nil,
            ])
        #expect(policy.wait(after: 1, chance: 0) == .milliseconds(50))
        #expect(policy.wait(after: 1, asked: 2, chance: 0) == .seconds(2))
        #expect(policy.wait(after: 1, asked: -5, chance: 0) == .milliseconds(50))
        #expect(RetryPolicy.none.wait(after: 1, chance: 1) == nil)
    }

    @Test("What is asked for stands percent-encoded in the target")
    func targets() throws {
        var selection = ReadSelection(Query(types: ["sanhu.a"], tags: [try Tag("permit:A 1&b")]), from: 3)
        selection.asOf = Timestamp("2026-03-01T08:00:00+08:00")
        let request = ClientRequest(path: ["cases", "declaration:1/2"], parameters: selection.parameters())
        #expect(
            request.target
                == "/cases/declaration%3A1%2F2?type=sanhu.a&tag=permit%3AA%201%26b&from=3&as-of=2026-03-01T00%3A00%3A00.000000Z"
        )
    }
}
