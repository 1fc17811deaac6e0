import Foundation
import TestSupport
import Testing

extension TortureTests {
    @Suite("System calls that fail", .enabled(if: Strace.works, "strace is missing or may not trace here"))
    struct SystemCallTests {
        @Test("Each system call of an append fails in turn")
        func append() throws {
            try FaultyAppend(name: "append", base: 300, appended: 1).run(sample: 14)
        }

        @Test("Each system call of an append that also writes the index fails in turn", .enabled(if: Torture.isFull))
        func appendMany() throws {
            try FaultyAppend(name: "append, flush", base: 300, appended: 1_200).run(sample: 0)
        }

        @Test("Each system call of making the index anew fails in turn", .enabled(if: Torture.isFull))
        func rebuild() throws {
            try FaultyAppend(name: "index rebuild", base: 1_300, appended: 0, command: ["index", "rebuild"]).run(
                sample: 0)
        }

        @Test("Each system call of making a ledger fails in turn")
        func initialise() throws {
            let folder = try TemporaryFolder()
            try FileManager.default.createDirectory(atPath: folder.path("place"), withIntermediateDirectories: true)
            let ledger = TestLedger(at: folder.path("place/ledger"), keys: folder.path("place/keys"))
            let key = ledger.keys + "/torture.key"
            let arguments = ledger.arguments(["init", "--origin", "torture.example/ledger", "--key", key])
            let names = [
                "", "/..", "/ledger.json", "/ledger.json.new", "/writer.lock", "/log", "/log/data.mdb", "/log/lock.mdb",
                "/index", "/index/data.mdb", "/index/lock.mdb",
            ]
            let paths = names.map { ledger.path + $0 } + [folder.path("place"), ledger.keys, key, key + ".new"]
            let sites = try Strace.sites(arguments, paths, input: "/dev/null", environment: ledger.environment)
            try demand(sites.count > 20, "strace saw only \(sites.count) calls of init")
            for (site, fault) in SystemFaults.all(of: sites, sample: 5, Torture.dice("init"), kind: "init") {
                for path in [ledger.path, ledger.keys] where FileManager.default.fileExists(atPath: path) {
                    try FileManager.default.removeItem(atPath: path)
                }
                do {
                    let (outcome, faults) = try Strace.run(
                        arguments, failing: site, fault, input: "/dev/null", environment: ledger.environment)
                    try SystemFaults.checkEnd(outcome, fault)
                    let wasLedger = try check(ledger, key, mustBe: outcome.exitCode == 0)
                    let result = wasLedger ? "a sound ledger" : "none, made by a second try"
                    Torture.report("syscall", "init: \(site.call)", faults > 0 ? "\(fault): \(result)" : "not reached")
                } catch {
                    SystemFaults.record("init", site, fault, error, ledger)
                }
            }
        }

        /// Looks at what an init left behind; it must be a ledger or give way to one.
        private func check(_ ledger: TestLedger, _ key: String, mustBe: Bool) throws -> Bool {
            let isThere = FileManager.default.fileExists(atPath: ledger.path + "/ledger.json")
            try demand(isThere || !mustBe, "init said it was done, but there is no ledger")
            var key = key
            if !isThere {
                key += "2"
                let again = try ledger.run(["init", "--origin", "torture.example/ledger", "--key", key])
                try demand(again.exitCode == 0, "init again: \(again.description)")
            }
            let input = ledger.path + ".input"
            try Data(TortureEvent(0).line.utf8).write(to: URL(fileURLWithPath: input))
            let appended = try ledger.run(["append", "-", "--key", key], input: input)
            try demand(appended.exitCode == 0, "append after init: \(appended.description)")
            let verification = try ledger.verify()
            try demand(verification.isSound && verification.entries == 1, verification.outcome.description)
            return isThere
        }
    }
}
