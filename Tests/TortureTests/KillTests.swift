import Foundation
import TestSupport
import Testing

extension TortureTests {
    @Suite("kill -9")
    struct KillTests {
        @Test("Killed at any moment, the ledger holds what it acknowledged and nothing half-written")
        func appends() throws {
            let lanes = Torture.scaled(1, full: 4)
            let kills = Torture.scaled(12, full: 55)
            Torture.report("kill", "plan", "", count: lanes * kills)
            for lane in 0..<lanes {
                let folder = try TemporaryFolder()
                var rounds = try KillLane(folder: folder, dice: Torture.dice("kill \(lane)"), largest: 4_000)
                try rounds.run(kills: kills, repeating: Torture.repeating("KillTests"))
            }
        }

        @Test("Killed while the index flushes and merges a hundred thousand events", .enabled(if: Torture.isFull))
        func flushes() throws {
            Torture.report("kill", "plan", "", count: 12)
            let folder = try TemporaryFolder()
            var rounds = try KillLane(folder: folder, dice: Torture.dice("kill flushes"), largest: 130_000)
            try rounds.run(kills: 12, repeating: Torture.repeating("KillTests"))
        }

        @Test(
            "An import killed again and again ends with the same entries as one that never was",
            .enabled(if: Torture.isFull && SharedFolder.has("corpus/kcs/declarations.csv")))
        func imports() throws {
            let kills = 20
            Torture.report("kill", "plan", "", count: kills)
            let folder = try TemporaryFolder()
            let source = SharedFolder.url.appendingPathComponent("corpus/kcs/declarations.csv").path
            let whole = try TestLedger.make(at: folder.path("whole"), keys: folder.path("keys"))
            let began = ContinuousClock.now
            let imported = try whole.run(["import", "kcs", source])
            try demand(imported.exitCode == 0, "import: \(imported.description)")
            let duration = (ContinuousClock.now - began) / .milliseconds(1)
            let expected = try Self.contents(of: whole)

            var dice = Torture.dice("kill import")
            let ledger = try TestLedger.make(at: folder.path("killed"), keys: folder.path("keys"))
            var seen: [String] = []
            for kill in 0..<kills {
                let command = try ledger.start(["import", "kcs", source])
                let outcome = try Self.kill(command, after: dice.below(Int(duration * 1_000)))
                Torture.report(
                    "kill", "import kcs", outcome.exitCode == 0 ? "finished before it" : "sound, nothing lost")
                let verification = try ledger.verify()
                try demand(verification.isSound, "after kill \(kill): \(verification.outcome.description)")
                let now = try Self.contents(of: ledger)
                try demand(now.starts(with: seen), "after kill \(kill) entries are not what they were")
                try demand(expected.starts(with: now), "after kill \(kill) there is what a whole import does not give")
                seen = now
            }
            let last = try ledger.run(["import", "kcs", source])
            try demand(last.exitCode == 0, "import: \(last.description)")
            #expect(try Self.contents(of: ledger) == expected)
            #expect(try ledger.verify().isSound)
        }

        @Test(
            "A snapshot that is killed is there whole or not at all, in and out; the next run completes it, and its source is untouched"
        )
        func snapshots() throws {
            let kills = Torture.scaled(3, full: 20)
            Torture.report("kill", "plan", "", count: kills * 3)
            let folder = try TemporaryFolder()
            var dice = Torture.dice("kill snapshots")
            let ledger = try TestLedger.make(at: folder.path("ledger"), keys: folder.path("keys"))
            let count = Torture.scaled(2_000, full: 20_000)
            try Self.append(0..<count, to: ledger, folder)
            let root = try ledger.verify().root
            let source = try Data(contentsOf: URL(fileURLWithPath: ledger.logFile))

            let file = folder.path("port.zst")
            let longest = try Self.time { try Self.succeed(ledger, ["snapshot", "export", file]) }
            for kill in 0..<kills {
                let target = folder.path("killed-\(kill).zst")
                let outcome = try Self.kill(
                    ledger.start(["snapshot", "export", target]), after: dice.below(longest))
                let isThere = FileManager.default.fileExists(atPath: target)
                if !isThere { try Self.succeed(ledger, ["snapshot", "export", target]) }
                let verified = try Command.run([Torture.binary, "snapshot", "verify", target])
                try demand(verified.exitCode == 0, "kill \(kill) left half a snapshot: \(verified.description)")
                let isLeft = FileManager.default.fileExists(atPath: target + ".partial")
                try demand(!isLeft || isThere, "kill \(kill): what was begun is still there")
                let result = isThere ? "a whole file" : "no file, made by a second try"
                Torture.report("kill", "snapshot export", outcome.signal == nil ? "finished before it" : result)
            }
            try demand(
                try Data(contentsOf: URL(fileURLWithPath: ledger.logFile)) == source, "an export changed the ledger")
            try Self.killImports(of: file, root, kills, folder, ledger.keys, &dice)
            try Self.killIncrements(of: ledger, since: file, count, kills, folder, &dice)
        }

        private static func killImports(
            of file: String, _ root: String, _ kills: Int, _ folder: TemporaryFolder, _ keys: String, _ dice: inout Dice
        ) throws {
            let whole = TestLedger(at: folder.path("whole"), keys: keys)
            let longest = try time { try succeed(whole, ["snapshot", "import", file]) }
            let copy = TestLedger(at: folder.path("copy"), keys: keys)
            for kill in 0..<kills {
                let command = try copy.start(["snapshot", "import", file])
                let outcome = try Self.kill(command, after: dice.below(longest))
                let isThere = FileManager.default.fileExists(atPath: copy.path + "/ledger.json")
                if !isThere {
                    // What is left of the attempt is in nobody's way, every second time.
                    guard kill % 2 == 1 else {
                        Torture.report(
                            "kill", "snapshot import", outcome.signal == nil ? "finished before it" : "no ledger")
                        continue
                    }
                    try succeed(copy, ["snapshot", "import", file])
                }
                try reopen(copy)
                let verification = try copy.verify()
                try demand(
                    verification.isSound && verification.root == root,
                    "kill \(kill): \(verification.outcome.description)")
                try FileManager.default.removeItem(atPath: copy.path)
                let result = isThere ? "a whole ledger" : "no ledger, made by a second try"
                Torture.report("kill", "snapshot import", outcome.signal == nil ? "finished before it" : result)
            }
        }

        /// Kills imports of what came since a snapshot onto a ledger that has it: it has all of it or nothing.
        private static func killIncrements(
            of ledger: TestLedger, since file: String, _ count: Int, _ kills: Int, _ folder: TemporaryFolder,
            _ dice: inout Dice
        ) throws {
            try append(count..<count * 2, to: ledger, folder)
            let more = folder.path("more.zst")
            try succeed(ledger, ["snapshot", "export", more, "--since", file])
            let root = try ledger.verify().root
            let before = TestLedger(at: folder.path("before"), keys: ledger.keys)
            try succeed(before, ["snapshot", "import", file])
            let first = try before.copy(to: folder.path("first"))
            let longest = try time { try succeed(first, ["snapshot", "import", more]) }
            for kill in 0..<kills {
                let copy = try before.copy(to: folder.path("onto-\(kill)"))
                let outcome = try Self.kill(copy.start(["snapshot", "import", more]), after: dice.below(longest))
                let now = try copy.verify()
                try demand(
                    now.isSound && (now.entries == UInt64(count) || now.root == root),
                    "kill \(kill): \(now.outcome.description)")
                let isThere = now.root == root
                if !isThere { try succeed(copy, ["snapshot", "import", more]) }
                try demand(try copy.verify().root == root, "kill \(kill): not what was exported")
                let result = isThere ? "all of it" : "nothing, imported by a second try"
                Torture.report("kill", "snapshot import since", outcome.signal == nil ? "finished before it" : result)
                try FileManager.default.removeItem(atPath: copy.path)
            }
        }

        private static func append(_ numbers: Range<Int>, to ledger: TestLedger, _ folder: TemporaryFolder) throws {
            let input = folder.path("input")
            try Data(numbers.map { TortureEvent($0).line }.joined().utf8).write(to: URL(fileURLWithPath: input))
            let outcome = try ledger.run(["append", "-"], input: input)
            try demand(outcome.exitCode == 0, outcome.description)
        }

        private static func succeed(_ ledger: TestLedger, _ arguments: [String]) throws {
            let outcome = try ledger.run(arguments)
            try demand(outcome.exitCode == 0, "\(arguments): \(outcome.description)")
        }

        /// How many microseconds something takes.
        private static func time(_ body: () throws -> Void) throws -> Int {
            let began = ContinuousClock.now
            try body()
            return Int((ContinuousClock.now - began) / .microseconds(1))
        }

        /// Kills a process after some microseconds.
        private static func kill(_ command: Command, after time: Int) throws -> Command.Outcome {
            usleep(UInt32(time))
            command.kill()
            return try command.wait()
        }

        /// Opens a ledger for writing, which mends its index.
        private static func reopen(_ ledger: TestLedger) throws {
            let outcome = try ledger.run(["append", "-"])
            try demand(outcome.exitCode == 0, "append of nothing: \(outcome.description)")
        }

        /// The entries without their recorded times.
        private static func contents(of ledger: TestLedger) throws -> [String] {
            try ledger.read().split(separator: 0x0A).map { line in
                let agency = line.firstRange(of: Array("\"agency\"".utf8))
                return String(decoding: line[(agency?.lowerBound ?? line.startIndex)...], as: UTF8.self)
            }
        }
    }
}
