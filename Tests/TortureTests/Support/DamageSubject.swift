import Foundation
import JSON
import TestSupport
import Testing
import Transparency

/// A ledger that is damaged again and again, each time from the same whole files.
struct DamageSubject {
    /// What is damaged on purpose: where its bytes stand is found by searching the file for them.
    enum Target: String {
        case entry, node, checkpoint, state
    }

    private static let events = 2_200
    private static let earlierEvents = 1_100
    let folder: TemporaryFolder
    let ledger: TestLedger
    /// The file of the log as it should be.
    let original: DamagedFile
    /// The file of the index as it should be.
    let originalIndex: DamagedFile
    /// The log's file a thousand events earlier.
    let earlier: DamagedFile
    private let contents: [UInt8]
    private let answers: [Int: [UInt8]]
    private let entries: [[UInt8]]
    /// Where the nodes of the tree stand: each node's places, and how long it is.
    private let nodes: [(places: [Int], count: Int)]
    private let checkpoint: (places: [Int], count: Int)

    init() throws {
        folder = try TemporaryFolder()
        ledger = try TestLedger.make(at: folder.path("ledger"), keys: folder.path("keys"))
        try Self.append(0..<Self.earlierEvents, to: ledger, folder.path("input"))
        earlier = try DamagedFile(of: ledger.logFile)
        try Data((0..<Self.events).map { TortureEvent($0).line }.joined().utf8)
            .write(to: URL(fileURLWithPath: folder.path("all")))
        try Self.append(Self.earlierEvents..<Self.events, to: ledger, folder.path("input"))
        let file = try DamagedFile(of: ledger.logFile)
        original = file
        originalIndex = try DamagedFile(of: ledger.indexFile)
        contents = try ledger.read()
        var answers: [Int: [UInt8]] = [:]
        for object in [3, 50] { answers[object] = try ledger.read(["--tag", "object:\(object)"]) }
        self.answers = answers
        let entries = contents.split(separator: 0x0A).map { line in
            Array("{".utf8) + line[(line.firstIndex(of: 0x2C).map { $0 + 1 } ?? line.startIndex)...]
        }
        self.entries = entries
        try demand(entries.count == Self.events, "the ledger has \(entries.count) entries")
        nodes = Self.nodes(of: entries).map { (file.places(of: $0), $0.count) }
        let printed = try ledger.run(["checkpoint"])
        try demand(printed.exitCode == 0, "checkpoint: \(printed.description)")
        let note = Array(String(decoding: printed.output, as: UTF8.self).utf8)
        checkpoint = (file.places(of: note), note.count)
        try demand(
            nodes.allSatisfy { !$0.places.isEmpty }, "a node of the tree is not in the file where the format says")
        try demand(
            storedEntry(0).count > 0 && storedEntry(Self.events - 1).count > 48, "an entry is not where the format says"
        )
        try demand(storedEntry(Self.events - 1).count < entries[Self.events - 1].count, "nothing is compressed")
        try demand(!checkpoint.places.isEmpty, "the checkpoint is not in the file as it is printed")
    }

    private static func append(_ numbers: Range<Int>, to ledger: TestLedger, _ input: String) throws {
        try Data(numbers.map { TortureEvent($0).line }.joined().utf8).write(to: URL(fileURLWithPath: input))
        let outcome = try ledger.run(["append", "-"], input: input)
        try demand(outcome.exitCode == 0, outcome.description)
    }

    /// What the tree of entries must have in the file: full tiles of leaf hashes, and the root of each.
    private static func nodes(of entries: [[UInt8]]) -> [[UInt8]] {
        var nodes: [[UInt8]] = []
        for tile in 0..<entries.count / 256 {
            let leaves = entries[tile * 256..<(tile + 1) * 256].map { MerkleHash.leaf($0.span) }
            nodes.append(leaves.flatMap(\.bytes))
            var frontier = MerkleFrontier()
            for leaf in leaves { frontier.append(leaf) }
            nodes.append(frontier.root.bytes)
        }
        return nodes
    }

    /// Where an entry's value stands in the file, and how long it is: found by the leaf hash in its header, for it may be stored
    /// compressed. LMDB puts before a value its length, flags and the length of its key, two bytes each but the first of four, and
    /// the key.
    private func storedEntry(_ position: Int) -> (places: [Int], count: Int) {
        let entry = entries[position]
        func number(_ at: Int, _ bytes: Int) -> Int {
            (0..<bytes).reduce(0) { $0 | Int(original.bytes[at + $1]) << (8 * $1) }
        }
        let places = original.places(of: MerkleHash.leaf(entry.span).bytes).map { $0 - 16 }.filter {
            $0 >= 16 && original.bytes[$0] <= 1 && number($0 + 4, 4) == entry.count && number($0 - 10, 2) == 8
        }
        return (places, places.first.map { number($0 - 16, 4) } ?? 0)
    }

    /// The pages that were otherwise on the earlier day.
    var changedPages: [Int] {
        (0..<earlier.pages).filter { earlier.page($0) != original.page($0) }
    }

    /// Damages a copy of the log's file and looks at what comes of it.
    ///
    /// - Parameter change: Changes the bytes, and returns what must then hold.
    func damage(_ name: String, _ test: String, _ change: (inout DamagedFile) -> () throws -> String) throws {
        var file = original
        let check = change(&file)
        try file.write(to: ledger.logFile)
        try originalIndex.write(to: ledger.indexFile)
        try recording(name, "log/data.mdb", test, check)
    }

    /// Does a check and notes what came of it.
    func recording(_ name: String, _ place: String, _ test: String, _ check: () throws -> String) throws {
        do {
            Torture.report("damage", name, try check())
        } catch {
            Torture.report("damage", name, "FAILED: \(place): \(error)")
            Issue.record("\(name), \(place): \(error)\nkept: \(ledger.keep())\n\(Torture.repeating(test))")
        }
    }

    /// Changes a byte of a target.
    ///
    /// - Returns: The entry's position, or the number of the node.
    func flip(_ target: Target, _ file: inout DamagedFile, _ dice: inout Dice) -> Int {
        switch target {
        case .entry:
            let position = dice.below(entries.count)
            let (places, count) = storedEntry(position)
            file.flip(at: places, plus: dice.below(count), &dice)
            return position
        case .node:
            let node = dice.below(nodes.count)
            file.flip(at: nodes[node].places, plus: dice.below(nodes[node].count), &dice)
            return node
        case .checkpoint:
            file.flip(at: checkpoint.places, plus: dice.below(checkpoint.count), &dice)
            return 0
        case .state:
            // Version, size, time, root, count, the frontier's hashes and the note's length stand before the note.
            let before = 52 + 32 * Self.events.nonzeroBitCount
            file.flip(at: checkpoint.places, plus: -1 - dice.below(before), &dice)
            return 0
        }
    }

    /// Verify must find a changed target and say where it is.
    func checkFound(_ target: Target, _ place: Int) throws -> String {
        let verification = try ledger.verify()
        try demand(!verification.isSound, "a changed \(target) (\(place)) goes unnoticed")
        let parts = Set(verification.problems.map(\.part))
        let says = verification.outcome.description
        switch target {
        case .entry:
            try demand(
                verification.problems.contains { $0.position == UInt64(place) },
                "position \(place) is not named: \(says)")
        case .node:
            // The last node of a level also stands in the state.
            try demand(!parts.isDisjoint(with: ["tree", "state"]), "the tree is not named: \(says)")
        case .checkpoint: try demand(parts.contains("checkpoint") || parts.contains("state"), says)
        case .state: try demand(!parts.isDisjoint(with: ["state", "checkpoint", "tree"]), says)
        }
        return "found, place named"
    }

    /// Verify must find the damage, or everything must still be there as it was.
    func checkFoundOrUnharmed(_ place: String) throws -> String {
        let verification = try ledger.verify()
        let read = try ledger.run(["read"])
        guard verification.isSound else {
            let isCrash = read.signal != nil
            try demand(
                read.exitCode != 0 || contents == read.output || !verification.problems.isEmpty,
                "\(place): nothing is said")
            return verification.problems.contains { $0.part == "file" }
                ? "found: the file is damaged\(isCrash ? ", reading it crashes" : "")" : "found"
        }
        try demand(
            read.exitCode == 0 && read.output == contents,
            "\(place): said to be sound, but reads otherwise: \(read.outputSummary)")
        try checkAnswers(place)
        return "of no consequence"
    }

    /// Asks what only the index can answer: some objects, and where each event is by its id.
    private func checkAnswers(_ place: String) throws {
        let again = try ledger.run(["append", "-"], input: folder.path("all"))
        let duplicates = (0..<entries.count).map { "{\"duplicate\":\($0)}\n" }.joined()
        try demand(
            again.exitCode == 0 && again.output.elementsEqual(duplicates.utf8),
            "\(place): ids are not known any more: \(again.outputSummary)")
        for (object, answer) in answers {
            let found = try ledger.run(["read", "--tag", "object:\(object)"])
            try demand(
                found.exitCode == 0 && found.output == answer,
                "\(place): a query gives something else: \(found.outputSummary)")
        }
    }

    /// Puts a damaged file in the place of the index.
    func damageIndex(_ file: DamagedFile, _ place: String) throws {
        let whole = ledger
        let damaged = try whole.copy(to: folder.path("copy"))
        defer { try? FileManager.default.removeItem(atPath: damaged.path) }
        try file.write(to: damaged.indexFile)
        let subject = DamageSubject(self, damaged)
        try subject.recording("index", place, "DamageTests/index") {
            let verification = try damaged.verify()
            guard !verification.isSound else {
                try subject.checkAnswers(place)
                return "of no consequence"
            }
            try demand(
                verification.concernsOnlyIndex, "\(place): not named as the index: \(verification.outcome.description)")
            let rebuilt = try damaged.run(["index", "rebuild"])
            try demand(rebuilt.exitCode == 0, "\(place): rebuild: \(rebuilt.description)")
            let after = try damaged.verify()
            try demand(after.isSound, "\(place): after rebuild: \(after.outcome.description)")
            try subject.checkAnswers(place)
            return "found, made anew"
        }
    }

    private init(_ other: DamageSubject, _ ledger: TestLedger) {
        folder = other.folder
        self.ledger = ledger
        original = other.original
        originalIndex = other.originalIndex
        earlier = other.earlier
        contents = other.contents
        answers = other.answers
        entries = other.entries
        nodes = other.nodes
        checkpoint = other.checkpoint
    }

    /// Puts the log, but not the index, back to an earlier day.
    func rollBack() throws {
        try recording("log of an earlier day", "log/data.mdb", "DamageTests/rolledBack") {
            try earlier.write(to: ledger.logFile)
            let verification = try ledger.verify()
            try demand(verification.concernsOnlyIndex, verification.outcome.description)
            let refused = try ledger.run(["append", "-"])
            try demand(
                refused.exitCode == 2 && refused.errors.contains("rolled back"), "append: \(refused.description)")
            let rebuilt = try ledger.run(["index", "rebuild"])
            try demand(rebuilt.exitCode == 0, "rebuild, as it was advised: \(rebuilt.description)")
            let after = try ledger.verify()
            try demand(after.isSound && after.entries == UInt64(Self.earlierEvents), after.outcome.description)
            return "noticed, index made anew"
        }
    }
}

extension Command.Outcome {
    /// How a run ended and how much it said.
    var outputSummary: String {
        "\(exitCode.map { "exit code \($0)" } ?? "signal \(signal ?? 0)"), \(output.count) bytes; \(errors.suffix(300))"
    }
}
