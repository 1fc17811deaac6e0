import Foundation
import TestSupport

/// Does something to copies of a ledger, each time with another system call made to fail, and looks at what is left.
struct FaultyAppend {
    private let name: String
    private let command: [String]
    private let folder: TemporaryFolder
    private let pristine: TestLedger
    /// The copy that faults are done to; at the same path each time.
    private let ledger: TestLedger
    private let witness: Witness
    private let sent: [Int]
    private let input: String

    /// - Parameters:
    ///   - base: How many events the ledger has.
    ///   - appended: How many are appended under the fault.
    init(name: String, base: Int, appended: Int, command: [String] = ["append", "-"]) throws {
        self.name = name
        self.command = command
        folder = try TemporaryFolder()
        input = folder.path("input")
        ledger = try TestLedger.make(at: folder.path("ledger"), keys: folder.path("keys"))
        var witness = Witness(ledger)
        let numbers = witness.fresh(base)
        try Self.write(numbers, to: input)
        let outcome = try ledger.run(["append", "-"], input: input)
        try demand(try witness.takeReceipts(outcome.output, for: numbers) == base, outcome.description)
        try witness.check(mayBeNew: numbers)
        sent = witness.fresh(appended)
        try Self.write(sent, to: input)
        pristine = try ledger.copy(to: folder.path("pristine"))
        self.witness = witness
    }

    private static func write(_ numbers: [Int], to path: String) throws {
        try Data(numbers.map { TortureEvent($0).line }.joined().utf8).write(to: URL(fileURLWithPath: path))
    }

    /// Does every fault to every call.
    func run(sample: Int) throws {
        let names = [
            "", "/ledger.json", "/writer.lock", "/log", "/log/data.mdb", "/log/lock.mdb", "/index", "/index/data.mdb",
            "/index/lock.mdb",
        ]
        let keys = try FileManager.default.contentsOfDirectory(atPath: ledger.keys).map { ledger.keys + "/" + $0 }
        let sites = try Strace.sites(
            ledger.arguments(command), names.map { ledger.path + $0 } + keys, input: input,
            environment: ledger.environment)
        try demand(sites.count > 20, "strace saw only \(sites.count) calls")
        for (site, fault) in SystemFaults.all(of: sites, sample: sample, Torture.dice(name), kind: name) {
            try FileManager.default.removeItem(atPath: ledger.path)
            _ = try pristine.copy(to: ledger.path)
            do {
                let (result, faults) = try inflict(fault, at: site)
                Torture.report("syscall", "\(name): \(site.call)", faults > 0 ? "\(fault): \(result)" : "not reached")
            } catch {
                SystemFaults.record(name, site, fault, error, ledger)
            }
        }
    }

    private func inflict(_ fault: Strace.Fault, at site: Strace.Site) throws -> (result: String, faults: Int) {
        var witness = witness
        let (outcome, faults) = try Strace.run(
            ledger.arguments(command), failing: site, fault, input: input, environment: ledger.environment)
        try SystemFaults.checkEnd(outcome, fault)
        let receipts =
            try command[0] == "append"
            ? witness.takeReceipts(outcome.output, for: sent, mayRefuse: outcome.exitCode != 0) : 0
        try demand(outcome.exitCode != 0 || receipts == sent.count, "it ended well, but gave \(receipts) receipts")
        if outcome.exitCode ?? 0 != 0, fault.injection == "error=ENOSPC", SystemFaults.isWrite(site) {
            try demand(outcome.exitCode == 5, "a full disk is exit code 5: \(outcome.description)")
        }
        if command[0] != "append" { try append([], &witness) }
        try witness.check(mayBeNew: sent)
        try append(sent, &witness)
        try witness.check(mayBeNew: sent)
        try demand(witness.missing.isEmpty, "\(witness.missing.count) events are missing after a second try")
        try witness.checkQuery(object: 5)
        return (
            outcome.exitCode == 0 ? "done all the same" : "\(outcome.exitCode.map { "exit \($0)" } ?? "killed"), sound",
            faults
        )
    }

    /// Appends without any fault.
    private func append(_ numbers: [Int], _ witness: inout Witness) throws {
        let outcome = try ledger.run(["append", "-"], input: numbers.isEmpty ? "/dev/null" : input)
        try demand(outcome.exitCode == 0, "append after the fault: \(outcome.description)")
        _ = try witness.takeReceipts(outcome.output, for: numbers)
    }
}
