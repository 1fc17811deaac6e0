import Foundation
import TestSupport
import Testing

extension TortureTests {
    /// A witness that is killed, or whose system calls fail, at each step of cosigning.
    @Suite("A witness under faults", .enabled(if: Strace.works, "strace is missing or may not trace here"))
    struct WitnessFaultTests {
        private let folder: TemporaryFolder
        private let keys: String
        private let state: String
        private let key: String

        /// A witness that has cosigned a log of 3 entries, which has two histories since.
        init() throws {
            folder = try TemporaryFolder()
            (keys, state) = (folder.path("keys"), folder.path("witness"))
            let ledger = try TestLedger.make(at: folder.path("ledger"), keys: keys)
            try Self.append(0..<3, to: ledger, folder)
            let first = try Self.prove(0, ledger)
            let other = try ledger.copy(to: folder.path("other"))
            for (name, log, events) in [("one", ledger, 3..<5), ("two", other, 5..<7)] {
                try Self.append(events, to: log, folder)
                try Self.prove(3, log).write(to: folder.url.appendingPathComponent(name))
            }
            try first.write(to: folder.url.appendingPathComponent("first"))
            let description = try Data(contentsOf: URL(fileURLWithPath: ledger.path + "/ledger.json"))
            let json = try JSONSerialization.jsonObject(with: description) as? [String: Any]
            key = try #require(json?["verifier"] as? String)
            let made = try run(["witness", "init", "--name", "w.example", "--state", state])
            try demand(made.exitCode == 0, made.description)
            try demand(try cosign("first").exitCode == 0, "the first is not cosigned")
            try FileManager.default.copyItem(atPath: state, toPath: folder.path("pristine"))
        }

        private static func append(_ numbers: Range<Int>, to ledger: TestLedger, _ folder: TemporaryFolder) throws {
            let input = folder.path("input")
            try Data(numbers.map { TortureEvent($0).line }.joined().utf8).write(to: URL(fileURLWithPath: input))
            let outcome = try ledger.run(["append", "-"], input: input)
            try demand(outcome.exitCode == 0, outcome.description)
        }

        private static func prove(_ size: Int, _ ledger: TestLedger) throws -> Data {
            let outcome = try ledger.run(["consistency", String(size)])
            try demand(outcome.exitCode == 0, outcome.description)
            return Data(outcome.output)
        }

        private func run(_ arguments: [String]) throws -> Command.Outcome {
            try Command([Torture.binary] + arguments, environment: ["SANHU_KEYS": keys]).wait()
        }

        private func arguments(_ name: String) -> [String] {
            [Torture.binary, "witness", "cosign", folder.path(name), "--state", state, "--key", key]
        }

        private func cosign(_ name: String) throws -> Command.Outcome {
            try Command(arguments(name), environment: ["SANHU_KEYS": keys]).wait()
        }

        private static func isCosigned(_ outcome: Command.Outcome) -> Bool {
            outcome.lines.contains { $0.hasPrefix("— w.example ") }
        }

        @Test("Whatever call fails, and wherever it is killed, a witness never cosigns both of two histories")
        func faults() throws {
            let names = ["", "/state.json", "/state.json.new", "/lock", "/evidence"]
            let sites = try Strace.sites(
                arguments("one"), names.map { state + $0 }, input: "/dev/null", environment: ["SANHU_KEYS": keys])
            let calls = Set(sites.map(\.call))
            try demand(calls.contains("fsync") && calls.contains { $0.hasPrefix("rename") }, "\(sites)")
            // Written, synced, renamed, the folder synced: in this order, or a loss of power undoes what was cosigned.
            func place(_ call: String, _ path: String) -> Int? {
                sites.firstIndex { $0.call.hasPrefix(call) && $0.path == state + path }
            }
            let order = [
                place("write", "/state.json.new"), place("fsync", "/state.json.new"),
                sites.firstIndex { $0.call.hasPrefix("rename") }, place("fsync", ""),
            ]
            try demand(order.allSatisfy { $0 != nil }, "\(sites)")
            #expect(order.compactMap(\.self) == order.compactMap(\.self).sorted(), "\(sites)")
            // Each step of the write is killed; of the others the short form takes some.
            let steps = sites.filter { $0.path.hasSuffix(".new") || SystemFaults.isWrite($0) || $0.path == state }
            let kills = steps.map { (site: $0, fault: Strace.Fault.kill) }
            let others = SystemFaults.all(of: sites, sample: 12, Torture.dice("witness"), kind: "witness")
            var (cosigned, refused) = (0, 0)
            for (site, fault) in kills + others {
                try FileManager.default.removeItem(atPath: state)
                try FileManager.default.copyItem(atPath: folder.path("pristine"), toPath: state)
                let (outcome, faults) = try Strace.run(
                    arguments("one"), failing: site, fault, input: "/dev/null", environment: ["SANHU_KEYS": keys])
                try SystemFaults.checkEnd(outcome, fault)
                let isOne = Self.isCosigned(outcome)
                // Killed after it was printed, it is cosigned, too.
                try demand(
                    isOne ? outcome.exitCode == 0 || fault == .kill : outcome.exitCode != 0,
                    "\(site), \(fault): \(outcome.description)")
                let status = try run(["witness", "status", "--state", state])
                try demand(status.exitCode == 0, "\(site), \(fault): \(status.description)")
                let two = try cosign("two")
                try demand(
                    !(isOne && Self.isCosigned(two)), "\(site), \(fault): both are cosigned. \(two.description)")
                // What is known now stays: the one or the other is cosigned for ever, and never the base alone.
                let again = try cosign("one")
                try demand(!(Self.isCosigned(two) && Self.isCosigned(again)), "\(site), \(fault): both, in the end")
                for outcome in [two, again] where !Self.isCosigned(outcome) {
                    try demand([2, 3].contains(outcome.exitCode), "\(site), \(fault): \(outcome.description)")
                }
                if isOne { cosigned += 1 } else { refused += 1 }
                Torture.report("syscall", "witness: \(site.call)", faults > 0 ? "\(fault): one history" : "not reached")
            }
            #expect(refused > 5 && kills.count > 4, "\(cosigned) cosigned, \(refused) not, \(kills.count) kills")
        }
    }
}
