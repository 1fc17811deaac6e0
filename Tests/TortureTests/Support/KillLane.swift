import Foundation
import TestSupport
import Testing

/// Rounds of work on one ledger, most of which are cut short by a kill, so that damage would add up.
struct KillLane {
    /// What a round does.
    private enum Work {
        /// Events on their own, some of them sent before.
        case stream
        /// Events that are appended together or not at all.
        case together
        /// The index made anew.
        case rebuild
        /// Events on their own, to the end: then the index on disk grows.
        case undisturbed
    }

    private let folder: TemporaryFolder
    private let ledger: TestLedger
    private var witness: Witness
    private var dice: Dice
    private let largest: Int
    /// How long rounds take, as a factor to the first guess.
    private var pace = 1.0
    /// Whether a rebuild was cut off: then the index may be wanting until the ledger is opened for writing.
    private var isIndexDoubtful = false
    private var kills = 0

    /// - Parameter largest: The most events of a round.
    init(folder: TemporaryFolder, dice: Dice, largest: Int) throws {
        self.folder = folder
        self.dice = dice
        self.largest = largest
        ledger = try TestLedger.make(at: folder.path("ledger"), keys: folder.path("keys"))
        witness = Witness(ledger)
    }

    /// Works until so many kills have hit, then sends what is missing and looks at everything.
    mutating func run(kills wanted: Int, repeating: String) throws {
        var round = 0
        do {
            while kills < wanted, round < wanted * 4 {
                round += 1
                try work()
            }
            try demand(kills == wanted, "only \(kills) kills hit in \(round) rounds")
            try finish()
        } catch {
            Torture.report("kill", "round \(round)", "FAILED: \(error)")
            Issue.record(
                """
                round \(round), after \(kills) kills: \(error)
                kept: \(ledger.keep())
                \(repeating)
                """)
        }
    }

    private mutating func work() throws {
        let kinds: [Work] = [.stream, .stream, .stream, .stream, .together, .together, .rebuild, .undisturbed]
        switch dice.pick(kinds) {
        case .stream: try append(streamEvents(), [], "append", isKilled: true)
        case .undisturbed: try append(streamEvents(), [], "append", isKilled: false)
        case .together:
            let sent = witness.fresh(dice.within(100..<min(largest, 4_000)))
            let new = try append(sent, ["--atomic"], "append --atomic", isKilled: true)
            try demand(new.isEmpty || new == sent, "\(new.count) of \(sent.count) events appended together are there")
        case .rebuild: try rebuild()
        }
        if !isIndexDoubtful { try witness.checkQuery(object: dice.below(TortureEvent.objects)) }
    }

    /// Some events that did not arrive, some that did, and new ones.
    private mutating func streamEvents() -> [Int] {
        var numbers = Array(witness.missing.prefix(500))
        for _ in 0..<min(20, witness.numbers.count) {
            let known = dice.pick(witness.numbers)
            if !numbers.contains(known) { numbers.append(known) }
        }
        return numbers + witness.fresh(dice.within(largest / 8..<largest))
    }

    @discardableResult
    private mutating func append(
        _ numbers: [Int], _ options: [String], _ name: String, isKilled: Bool
    ) throws -> [Int] {
        let input = folder.path("input")
        try Data(numbers.map { TortureEvent($0).line }.joined().utf8).write(to: URL(fileURLWithPath: input))
        let reader = dice.oneIn(4) ? try ledger.start(["read", "--follow", "--from", "\(witness.numbers.count)"]) : nil
        let command = try ledger.start(["append", "-"] + options, input: input)
        let outcome = isKilled ? try kill(command, 60 + Double(numbers.count) / 15) : try command.wait()
        reader?.kill()
        let seen = try reader?.wait()
        let isWhole = outcome.signal == nil
        try demand(isWhole ? outcome.exitCode == 0 : true, "append: \(outcome.description)")
        let receipts = try witness.takeReceipts(outcome.output, for: numbers)
        try demand(
            !isWhole || receipts == numbers.count, "append ended well with \(receipts) of \(numbers.count) receipts")
        try reopenIfDoubtful()
        let new = try witness.check(mayBeNew: numbers)
        let watched = try seen.map { try witness.checkSeen($0.output) }
        if !isWhole {
            count(name, watched == nil ? "sound, nothing lost" : "sound, nothing lost, a reader saw no more")
        }
        return new
    }

    private mutating func rebuild() throws {
        let outcome = try kill(ledger.start(["index", "rebuild"]), 60 + Double(witness.numbers.count) / 400)
        isIndexDoubtful = true
        // Without its index the ledger answers no queries and says so; nothing else may be wrong with it.
        let asked = try ledger.run(["read", "--tag", "object:\(dice.below(TortureEvent.objects))"])
        try demand(
            asked.exitCode == 0 || asked.exitCode == 2 && asked.errors.contains("sanhu index rebuild"),
            "a query after rebuild: \(asked.description)")
        let verification = try ledger.verify()
        try demand(
            verification.isSound || verification.concernsOnlyIndex, "after rebuild: \(verification.outcome.description)"
        )
        if outcome.signal != nil {
            count("index rebuild", verification.isSound ? "sound, nothing lost" : "index wanting, nothing lost")
        }
        if dice.oneIn(2) { try reopenIfDoubtful() }
    }

    private mutating func reopenIfDoubtful() throws {
        guard isIndexDoubtful else { return }
        let outcome = try ledger.run(["append", "-"])
        try demand(outcome.exitCode == 0, "append of nothing: \(outcome.description)")
        isIndexDoubtful = false
    }

    /// Kills a process at a random moment of the time that it is thought to take.
    private mutating func kill(_ command: Command, _ milliseconds: Double) throws -> Command.Outcome {
        let longest = dice.oneIn(4) ? 60 : milliseconds * pace
        usleep(UInt32(Double(dice.below(1_000)) * longest))
        command.kill()
        let outcome = try command.wait()
        // Half of the kills shall come late enough for something to be written.
        pace = outcome.signal == nil ? max(0.2, pace * 0.9) : min(4, pace * 1.05)
        return outcome
    }

    private mutating func count(_ name: String, _ result: String) {
        kills += 1
        Torture.report("kill", name, result)
    }

    /// Sends all that is missing and some that is not, and looks at everything once more.
    private mutating func finish() throws {
        let known = (0..<min(500, witness.numbers.count)).map { _ in dice.pick(witness.numbers) }
        try append(witness.missing + Array(Set(known)), [], "append", isKilled: false)
        try demand(witness.missing.isEmpty, "\(witness.missing.count) events are still missing")
        for object in stride(from: 0, to: TortureEvent.objects, by: 16) { try witness.checkQuery(object: object) }
    }
}
