import Foundation
import TestSupport
import Testing

/// Durable subscriptions from the command line, against a server.
@Suite(.fewAtOnce)
struct SubscribeTests {
    private static func remote(_ url: String, _ agency: String) -> [String] {
        ["--server", url, "--agency-key", "\(agency).key", "--key-id", "\(agency)-1", "--as", agency]
    }

    private static func append(_ numbers: ClosedRange<Int>, _ url: String, _ workspace: Workspace) async throws {
        let input = numbers.map { RemoteTests.event("e\($0)", #""declaration":"\#($0)","kind":"goods""#) }.joined()
        let appended = try await workspace.run(["append", "-"] + remote(url, "SW"), input: Array(input.utf8))
        try #require(appended.status == 0, "\(appended)")
    }

    private static func positions(_ lines: [String]) throws -> [Int] {
        try lines.map { try #require(JSONLine.object($0)["position"] as? Int) }
    }

    @Test func `a subscription is defined, listed, shown, consumed and deleted`() async throws {
        try await RemoteTests.serving { workspace, url, _ in
            let own = Self.remote(url, "CUS")
            func run(_ arguments: String...) async throws -> SanhuProcess.Result {
                try await workspace.run(["subscribe"] + arguments + own)
            }
            let made = try await run(
                "define", "risk", "--type", "sanhu.declaration.lodged", "--key", "declaration", "--redeliver-after",
                "3600", "--maximum-in-flight", "50")
            #expect(made.status == 0 && made.text.contains(#""redeliverAfter":3600"#), "\(made)")
            try await Self.append(1...3, url, workspace)
            let listed = try await run("list")
            #expect(try listed.objects.map { $0["name"] as? String } == ["risk"], "\(listed)")
            let table = try await run("list", "--format", "table")
            #expect(table.lines.first?.hasPrefix("NAME  CURSOR  LAG") == true && table.lines.count == 2, "\(table)")

            let two = try await run("consume", "risk", "--consumer", "a", "--limit", "2")
            #expect(try two.status == 0 && Self.positions(two.lines).count == 2, "\(two)")
            let rest = try await run("consume", "risk", "--consumer", "b", "--until-caught-up")
            #expect(try rest.status == 0 && Self.positions(rest.lines).count == 1, "\(rest)")
            let all = try Self.positions(two.lines + rest.lines)
            #expect(all == all.sorted() && Set(all).count == 3, "each once, in order")
            let none = try await run("consume", "risk", "--consumer", "b", "--until-caught-up")
            #expect(none.status == 0 && none.text.isEmpty, "what was printed was acknowledged: \(none)")

            let shown = try await run("show", "risk")
            let state = try #require(try shown.objects.first?["state"] as? [String: Any], "\(shown)")
            #expect(state["inFlight"] as? Int == 0 && state["parked"] as? Int == 0)
            let unasked = try await run("delete", "risk")
            #expect(unasked.status == 64, "nobody can be asked: \(unasked)")
            #expect(try await run("delete", "risk", "--yes").text == #"{"deleted":"risk"}"# + "\n")
            let gone = try await run("consume", "risk", "--consumer", "a")
            #expect(gone.status == 4 && gone.errors.contains("unknownSubscription"), "\(gone)")
        }
    }

    @Test
    func `a consumer that goes on prints what comes, and is ended by a signal without losing what it acknowledged`()
        async throws
    {
        try await RemoteTests.serving { workspace, url, _ in
            let own = Self.remote(url, "CUS")
            let made = try await workspace.run(
                ["subscribe", "define", "s", "--type", "sanhu.declaration.lodged"] + own)
            #expect(made.status == 0, "\(made)")
            let consumer = try workspace.start(
                "subscribe", "consume", "s", "--consumer", "a", "--server", url, "--agency-key", "CUS.key", "--key-id",
                "CUS-1", "--as", "CUS")
            try await Self.append(1...2, url, workspace)
            _ = try await consumer.lines(2)
            try await Self.append(3...4, url, workspace)
            _ = try await consumer.lines(4)
            consumer.send(SIGTERM)
            let ended = try await consumer.finish(within: 10)
            #expect(try ended.status == 0 && Self.positions(ended.lines).count == 4, "\(ended)")
            let rest = try await workspace.run(
                ["subscribe", "consume", "s", "--consumer", "b", "--until-caught-up"] + own)
            #expect(rest.status == 0 && rest.text.isEmpty, "\(rest)")
        }
    }

    @Test func `whoever reads the deliveries says what became of them on standard input`() async throws {
        try await RemoteTests.serving { workspace, url, _ in
            let own = Self.remote(url, "CUS")
            let made = try await workspace.run(
                ["subscribe", "define", "s", "--type", "sanhu.declaration.lodged", "--redeliver-after", "3600"] + own)
            #expect(made.status == 0, "\(made)")
            try await Self.append(1...4, url, workspace)
            func start() throws -> SanhuProcess {
                try workspace.start(
                    "subscribe", "consume", "s", "--consumer", "a", "--acknowledge", "input", "--server", url,
                    "--agency-key", "CUS.key", "--key-id", "CUS-1", "--as", "CUS")
            }
            let consumer = try start()
            let given = try Self.positions(try await consumer.lines(4))
            try consumer.write("\(given[0])\n\n")
            try consumer.write(
                #"{"acknowledged":[\#(given[1])],"rejected":[{"position":\#(given[2]),"reason":"no such importer"}]}"#
                    + "\n")
            try consumer.closeInput()
            let ended = try await consumer.finish(within: 10)
            #expect(ended.status == 0, "\(ended)")

            let parked = try await workspace.run(["subscribe", "parked", "s"] + own)
            #expect(try parked.objects.map { $0["position"] as? Int } == [given[2]], "\(parked)")
            #expect(parked.text.contains("no such importer"))
            // The one of which nothing was said comes again, and what is parked when it is replayed.
            let replayed = try await workspace.run(["subscribe", "replay", "s", "\(given[2])"] + own)
            #expect(replayed.text == #"{"replayed":1}"# + "\n", "\(replayed)")
            let again = try start()
            #expect(try Set(Self.positions(try await again.lines(2))) == [given[2], given[3]])
            try again.write(#"{"rejected":[{"position":\#(given[2]),"reason":"still not"}]}"# + "\nnonsense\n")
            let refused = try await again.finish(within: 10)
            #expect(refused.status == 3 && refused.errors.contains("Line 2 of standard input"), "\(refused)")
            let given2 = try await workspace.run(["subscribe", "give-up", "s", "\(given[2])"] + own)
            #expect(given2.text == #"{"discarded":\#(given[2])}"# + "\n", "\(given2)")
            let twice = try await workspace.run(["subscribe", "give-up", "s", "\(given[2])"] + own)
            #expect(twice.status == 4 && twice.errors.contains("notParked"), "\(twice)")
        }
    }

    @Test
    func
        `what cannot be is refused with the reason: no server, no name, another agency, options that do not go together`()
        async throws
    {
        let workspace = try Workspace()
        for (arguments, word) in [
            (["list"], "Which server?"), (["consume", "s"], "--consumer"), (["replay", "s"], "--all"),
            (["replay", "s", "1", "--all"], "--all"), (["define", "s", "--from", "then"], "--from"),
            (["consume", "s", "--consumer", "a", "--acknowledge", "input", "--limit", "1"], "--limit"),
            (["consume", "s", "--consumer", "a", "--limit", "0"], "--limit"),
            (["define", "s", "--query", "*", "--tag", "a:b"], "--query"),
        ] {
            let result = try await workspace.run(["subscribe"] + arguments)
            #expect(result.status == 64 && result.errors.contains(word) && result.text.isEmpty, "\(result)")
        }
        try await RemoteTests.serving { workspace, url, _ in
            let made = try await workspace.run(["subscribe", "define", "s"] + Self.remote(url, "CUS"))
            #expect(made.status == 0, "\(made)")
            let other = try await workspace.run(
                ["subscribe", "consume", "s", "--consumer", "a"] + Self.remote(url, "SW"))
            #expect(other.status == 4 && other.errors.contains("unknownSubscription"), "\(other)")
            let nobody = try await workspace.run(["subscribe", "list", "--server", url])
            #expect(nobody.status == 3 && nobody.errors.contains("noToken"), "\(nobody)")
            let bad = try await workspace.run(["subscribe", "define", "a b"] + Self.remote(url, "CUS"))
            #expect(bad.status == 3 && bad.errors.contains("badParameter"), "\(bad)")
        }
    }
}
