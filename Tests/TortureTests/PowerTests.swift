import Foundation
import TestSupport
import Testing
import Transparency

extension TortureTests {
    /// A killed process loses nothing that it wrote; a machine without power loses what was not synced. So the writes of a
    /// run are recorded, and the file is put together as a power cut may have left it.
    @Suite("Power cuts", .enabled(if: Strace.works, "strace is missing or may not trace here"))
    struct PowerTests {
        @Test("After a power cut the ledger holds every commit that was synced, whole")
        func cuts() throws {
            let folder = try TemporaryFolder()
            let ledger = try TestLedger.make(at: folder.path("ledger"), keys: folder.path("keys"))
            let input = folder.path("input")
            try Self.write(0..<300, to: input)
            try demand(try ledger.run(["append", "-"], input: input).exitCode == 0, "append")
            let pristine = try ledger.copy(to: folder.path("pristine"))
            let base = try DamagedFile(of: ledger.logFile).bytes

            let count = Torture.scaled(2_300, full: 4_300)
            try Self.write(300..<count, to: input)
            let calls = ["write", "writev", "pwrite64", "pwritev", "lseek", "fsync", "fdatasync", "msync", "ftruncate"]
            let (outcome, lines) = try Strace.record(
                ledger.arguments(["append", "-"]), calls: calls, on: ledger.logFile, input: input,
                environment: ledger.environment)
            try demand(outcome.exitCode == 0, "append under strace: \(outcome.description)")
            let record = try WriteRecord(lines)
            try demand(record.commits.count > 1, "strace saw only \(record.commits.count) commits")
            let roots = try Self.roots(of: ledger)
            var dice = Torture.dice("power")
            let whole = record.image(of: base, cutAfter: record.steps.count, &dice)
            try demand(whole == DamagedFile(of: ledger.logFile).bytes, "the record is not all that was written")

            let trials = Torture.scaled(6, full: 150)
            Torture.report("power", "plan", "", count: trials)
            for trial in 0..<trials {
                // Every second time in the middle of writing a commit, else anywhere.
                let cut =
                    trial % 2 == 0 ? dice.pick(record.commits) - dice.below(3) : dice.below(record.steps.count + 1)
                let done = record.commits.count { $0 <= cut }
                try FileManager.default.removeItem(atPath: ledger.path)
                _ = try pristine.copy(to: ledger.path)
                let image = record.image(of: base, cutAfter: cut, &dice)
                try Data(image).write(to: URL(fileURLWithPath: ledger.logFile))
                do {
                    let least = try Self.size(afterCommit: done, record, base)
                    let most = try Self.size(afterCommit: min(done + 1, record.commits.count), record, base)
                    let found = try ledger.verify()
                    try demand(found.isSound, found.outcome.description)
                    try demand(
                        found.entries == least || found.entries == most,
                        "\(found.entries) entries instead of \(least) or \(most)")
                    try demand(found.root == roots[Int(found.entries)], "the entries are not those that were appended")
                    let again = try ledger.run(["append", "-"], input: input)
                    let after = try ledger.verify()
                    try demand(
                        again.exitCode == 0 && after.isSound && after.entries == UInt64(count),
                        "append after the cut: \(again.exitCode ?? -1), \(after.outcome.description)")
                    Torture.report(
                        "power", "append", found.entries == least ? "sound, all synced commits" : "sound, one more")
                } catch {
                    Torture.report("power", "append", "FAILED: cut after step \(cut): \(error)")
                    Issue.record(
                        "cut after step \(cut): \(error)\nkept: \(ledger.keep())\n\(Torture.repeating("PowerTests"))")
                }
            }
        }

        private static func write(_ numbers: Range<Int>, to path: String) throws {
            try Data(numbers.map { TortureEvent($0).line }.joined().utf8).write(to: URL(fileURLWithPath: path))
        }

        /// How many entries the log has after so many commits of a record, as the newer of its root pages leads to them:
        /// the size stands in the state, after its key and version.
        private static func size(afterCommit number: Int, _ record: WriteRecord, _ base: [UInt8]) throws -> UInt64 {
            guard number > 0 else { return 300 }
            let start = number > 1 ? record.commits[number - 2] : 0
            for case .write(_, let bytes) in record.steps[start..<record.commits[number - 1]].reversed() {
                // The signed checkpoint tells its size in its second line.
                guard let origin = bytes.firstRange(of: Array("torture.example/ledger\n".utf8)) else { continue }
                let digits = bytes[origin.upperBound...].prefix { $0 != 0x0A }
                if let size = UInt64(String(decoding: digits, as: UTF8.self)) { return size }
            }
            throw TortureFailure("commit \(number) wrote no checkpoint")
        }

        /// The root of the tree at each size.
        private static func roots(of ledger: TestLedger) throws -> [String] {
            var frontier = MerkleFrontier()
            var roots = [frontier.root.base64]
            for line in try ledger.read().split(separator: 0x0A) {
                let rest = line[(line.firstIndex(of: 0x2C).map { $0 + 1 } ?? line.startIndex)...]
                let entry = Array("{".utf8) + rest
                frontier.append(MerkleHash.leaf(entry.span))
                roots.append(frontier.root.base64)
            }
            return roots
        }
    }
}
