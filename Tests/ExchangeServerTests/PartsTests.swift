import EventLog
import ExchangeProtocol
import Foundation
import NIOCore
import TestSupport
import Testing

@testable import ExchangeServer

struct PartsTests {
    @Test func `a bucket gives its burst at once and then its rate`() {
        var bucket = TokenBucket(perSecond: 10, burst: 5, at: 0)
        for _ in 0..<5 {
            let wait = bucket.take(at: 0)
            #expect(wait == nil)
        }
        let wait = bucket.take(at: 0)
        #expect(wait.map { abs($0 - 0.1) < 1e-9 } == true)
        let (then, again) = (bucket.take(at: 0.1), bucket.take(at: 0.1))
        #expect(then == nil && again != nil)
        var taken = 0
        for step in 0..<1_000 where bucket.take(at: 0.1 + Double(step) / 100) == nil { taken += 1 }
        #expect((95...105).contains(taken), "in ten seconds at ten a second: \(taken)")
    }

    @Test(arguments: [
        ("a%20b", "a b"), ("%E4%B8%89%E4%BA%92", "三互"), ("a+b", "a+b"), ("", ""), ("%2", nil), ("%zz", nil),
        ("%ff", nil), ("%C0%80", nil),
    ]) func `percent-encoding is read strictly`(_ text: String, _ expected: String?) {
        #expect(PercentEncoding.decode(text) == expected)
    }

    @Test func `lines are cut alike however their body is cut into pieces`() {
        var dice = Dice(seed: 11)
        for _ in 0..<200 {
            let lines = (0..<Int.random(in: 0...20, using: &dice)).map { _ in
                [UInt8](repeating: 0x61, count: Int.random(in: 0...9, using: &dice))
            }
            let body = Array(lines.joined(separator: [0x0a]))
            var splitter = LineSplitter(maximumBytes: 100)
            var found: [[UInt8]] = []
            var rest = body[...]
            while !rest.isEmpty {
                let piece = rest.prefix(Int.random(in: 1...7, using: &dice))
                rest = rest.dropFirst(piece.count)
                let fits = splitter.add(ByteBuffer(bytes: piece))
                #expect(fits)
                found += splitter.take(atMost: 3)
            }
            splitter.end()
            while case let more = splitter.take(atMost: 2), !more.isEmpty { found += more }
            #expect(found == (lines.isEmpty ? [[]] : lines))
        }
        var splitter = LineSplitter(maximumBytes: 4)
        let fits = splitter.add(ByteBuffer(string: "12345"))
        #expect(!fits)
    }

    @Test func `a date is written as HTTP writes it`() {
        #expect(DateHeader.text(784_111_777) == "Sun, 06 Nov 1994 08:49:37 GMT")
    }

    @Test func `settings come from the file, the environment wins, and what is not known is refused`() throws {
        let file = Array(#"{"port":9000,"streams":5,"host":"127.0.0.1"}"#.utf8)
        let read = try SettingsReader.read(file: file, environment: ["SANHU_STREAMS": "7", "SANHU_KEYS": "x"])
        #expect(read.port == 9_000 && read.limits.streams == 7)
        func fails(_ text: String, _ environment: [String: String] = [:]) -> Bool {
            (try? SettingsReader.read(file: Array(text.utf8), environment: environment)) == nil
        }
        #expect(fails(#"{"prot":1}"#))
        #expect(fails(#"{"port":"x"}"#))
        #expect(fails(#"{"port":70000}"#))
        #expect(fails(#"{"certificate":"c.pem"}"#))
        #expect(fails(#"{"host":"0.0.0.0"}"#))
        #expect(fails("{}", ["SANHU_PORT": "-1"]))
        #expect(fails("[1]"))
    }

    @Test func `who waits is woken by what it asked for and by nothing else`() throws {
        var dice = Dice(seed: 23)
        let tags = try (0..<6).map { try Tag("c:\($0)") }
        let types = ["a", "b", "c"]
        var waiters = TailWaiters<Int>(seen: 0)
        var naive: [Int: (query: Query, from: Position)] = [:]
        var head: Position = 0
        for round in 0..<2_000 {
            let query = Query(
                (0..<Int.random(in: 0...2, using: &dice)).map { _ in
                    Query.Item(
                        types: types.filter { _ in Bool.random(using: &dice) },
                        tags: tags.filter { _ in Int.random(in: 0...3, using: &dice) == 0 })
                })
            let from = head + Position.random(in: 0...2, using: &dice)
            let number = waiters.number()
            let wake = waiters.add(number, query, from: from, until: .now, round)
            #expect(wake == nil)
            naive[round] = (query, from)
            let came = (0..<Int.random(in: 0...3, using: &dice)).map { offset in
                (
                    position: head + Position(offset),
                    facts: EntryFacts(
                        type: types.randomElement(using: &dice) ?? "a",
                        tags: tags.filter { _ in Bool.random(using: &dice) })
                )
            }
            let old = head
            head += Position(came.count)
            let woken = waiters.grow(to: head, by: came)
            let expected = naive.filter { waiter in
                waiter.value.query.matchesAll
                    ? waiter.value.from < head && head > old
                    : came.contains { entry in
                        entry.position >= waiter.value.from
                            && waiter.value.query.matches(type: entry.facts.type, tags: entry.facts.tags)
                    }
            }
            #expect(Set(woken) == Set(expected.keys), "seed \(dice.seed), round \(round)")
            for number in woken { naive[number] = nil }
        }
        let rest = waiters.takeAll()
        #expect(rest.count == naive.count)
        let late = waiters.add(waiters.number(), .all, from: 0, until: .now, 0)
        #expect(late == .grown, "what came is not waited for")
        _ = waiters.close()
        let closed = waiters.add(waiters.number(), .all, from: head, until: .now, 0)
        #expect(closed == .closed)
    }
}
