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
                usleep(UInt32(dice.below(Int(duration * 1_000))))
                command.kill()
                let outcome = try command.wait()
                Torture.report("kill", "import kcs", outcome.exitCode == 0 ? "finished before it" : "sound, nothing lost")
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

        /// The entries without their recorded times.
        private static func contents(of ledger: TestLedger) throws -> [String] {
            try ledger.read().split(separator: 0x0A).map { line in
                let agency = line.firstRange(of: Array("\"agency\"".utf8))
                return String(decoding: line[(agency?.lowerBound ?? line.startIndex)...], as: UTF8.self)
            }
        }
    }
}
