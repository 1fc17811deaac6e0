import TestSupport
import Testing

@testable import EventLog

/// What is read by one cursor that goes on from where it stands is what a look-up for each position gives.
@Suite("The disclosures beside several entries", .fewAtOnce)
struct DisclosureBatchTests {
    /// A log, and what lies beside its entries.
    private struct Laid {
        let ledger: TestLedger
        var rows: [[[UInt8]]] = []

        init(_ dice: inout Dice) async throws {
            ledger = try TestLedger()
            let rarity = dice.pick([1, 1, 2, 10, 1_000])
            var drafts: [EventDraft] = []
            for number in 0..<dice.within(1..<90) {
                // Over 256 now and then, so that the ordinal takes both of its bytes.
                let count = dice.oneIn(60) ? 300 : 1 + dice.below(4)
                let beside = dice.oneIn(rarity) ? (0..<count).map { _ in dice.bytes(dice.below(30)) } : []
                rows.append(beside)
                drafts.append(draft("\(number)", disclosures: beside))
            }
            _ = try await ledger.log.append(AppendRequest(drafts))
        }

        /// What lies beside a position, by the list.
        func naive(_ position: Position) -> [[UInt8]] { position < rows.count ? rows[Int(position)] : [] }

        /// Positions as a reading may ask for them.
        func positions(_ dice: inout Dice) -> [Position] {
            let count = rows.count
            let start = dice.below(count)
            let some = (0..<dice.below(40)).map { _ in Position(dice.below(count + 10)) }
            switch dice.below(8) {
            case 0: return (start..<count + dice.below(5)).map { Position($0) }
            case 1: return stride(from: start, to: count, by: 1 + dice.below(6)).map { Position($0) }
            case 2: return some.sorted()
            case 3: return some.sorted(by: >)
            case 4: return some
            case 5: return some.sorted().flatMap { Array(repeating: $0, count: 1 + dice.below(3)) }
            case 6: return some + [.max, .max - 1, .max, Position(start)]
            default: return dice.oneIn(2) ? [] : [Position(dice.below(count + 2))]
            }
        }

        /// Does something with the store of the ledger, which must be closed.
        func withStore<Result>(_ body: (LogStore) throws -> Result) throws -> Result {
            try body(try LogStore(path: ledger.path + "/log", isReadOnly: false))
        }
    }

    private static func read(_ positions: [Position], _ log: Log) throws -> [[[UInt8]]] {
        let batch = try log.disclosures(at: positions)
        return positions.indices.map { Array(batch[$0]) }
    }

    @Test("What is read of any positions in any order is what lies beside each of them", arguments: UInt64(1)...24)
    func agrees(seed: UInt64) async throws {
        var dice = Dice(seed: seed)
        let laid = try await Laid(&dice)
        for trial in 0..<60 {
            let positions = laid.positions(&dice)
            let found = try Self.read(positions, laid.ledger.log)
            #expect(found == positions.map(laid.naive), "seed \(seed), trial \(trial): \(positions)")
        }
        for position in 0..<Position(laid.rows.count + 2) {
            #expect(try laid.ledger.log.disclosures(at: position) == laid.naive(position), "seed \(seed): \(position)")
        }
        #expect(try laid.ledger.log.disclosures(at: .max).isEmpty, "seed \(seed)")
    }

    /// Damages a row and returns its position, or nil if there are none, and what puts it right again.
    private static func damage(
        _ laid: Laid, _ dice: inout Dice
    ) throws -> (position: Position, undo: [(key: [UInt8], row: [UInt8]?)])? {
        let beside = laid.rows.indices.filter { !laid.rows[$0].isEmpty }
        guard !beside.isEmpty else { return nil }
        let at = dice.pick(beside)
        let ordinal = dice.below(laid.rows[at].count)
        let key = LogStore.disclosureKey(position: Position(at), ordinal: ordinal)
        // One that is missing is found by those behind it.
        let next = LogStore.disclosureKey(position: Position(at), ordinal: ordinal + 1)
        let isLast = ordinal + 1 == laid.rows[at].count
        return try laid.withStore { store in
            let row = try #require(try store.environment.value(store.disclosures, key))
            let after = try store.environment.value(store.disclosures, next)
            var undo: [(key: [UInt8], row: [UInt8]?)] = [(key, row), (next, after)]
            switch dice.below(4) {
            case 0 where !isLast: try store.environment.set(store.disclosures, key, nil)
            case 1: try store.environment.set(store.disclosures, key, Array(row.prefix(dice.below(8))))
            case 2:
                // A row in the place of another, or one too many.
                try store.environment.set(store.disclosures, next, row)
            default:
                try store.change(.disclosures, key) { $0[dice.below($0.count)] ^= UInt8(1 << dice.below(8)) }
            }
            if dice.oneIn(2) { undo.reverse() }
            return (Position(at), undo)
        }
    }

    @Test(
        "A row that was changed, is missing or stands for another refuses what asks for it, and nothing else",
        arguments: UInt64(1)...8)
    func damaged(seed: UInt64) async throws {
        var dice = Dice(seed: seed)
        var laid = try await Laid(&dice)
        while laid.rows.allSatisfy(\.isEmpty) { laid = try await Laid(&dice) }
        laid.ledger.close()
        var (refused, read) = (0, 0)
        for trial in 0..<12 {
            let (position, undo) = try #require(try Self.damage(laid, &dice))
            do {
                let log = try Log.open(readingAt: laid.ledger.path)
                defer { log.close() }
                for positions in [[position]] + (0..<12).map({ _ in laid.positions(&dice) }) {
                    let comment: Comment = "seed \(seed), trial \(trial): \(position) in \(positions)"
                    do throws(LogError) {
                        let batch = try log.disclosures(at: positions)
                        #expect(!positions.contains(position), comment)
                        #expect(positions.indices.map { Array(batch[$0]) } == positions.map(laid.naive), comment)
                        read += 1
                    } catch {
                        #expect(positions.contains(position), comment)
                        #expect(error.code == .corrupted, comment)
                        #expect(error.reason.contains("at position \(position)"), "\(error.reason)")
                        refused += 1
                    }
                }
            }
            try laid.withStore { store in
                for (key, row) in undo {
                    let stands = try store.environment.value(store.disclosures, key)
                    if row != nil || stands != nil { try store.environment.set(store.disclosures, key, row) }
                }
            }
        }
        #expect(refused >= 12 && read > 0, "seed \(seed)")
        try laid.ledger.open()
        #expect(laid.ledger.log.verify().isSound, "seed \(seed)")
    }

    @Test("Nothing is hidden by what stands under a key that is none: it is told", arguments: [7, 8, 9, 11])
    func keyThatIsNone(length: Int) async throws {
        let ledger = try TestLedger()
        let rows = (0..<260).map { [[UInt8($0 % 251)], [1]] }
        _ = try await ledger.log.append(
            AppendRequest(rows.enumerated().map { draft("\($0)", disclosures: $1) }))
        ledger.close()
        // Behind the rows of position 255, before those of 256 or, of 11 bytes, between these.
        let key = Array((LogStore.disclosureKey(position: 256, ordinal: 0) + [0]).prefix(length))
        do {
            let store = try LogStore(path: ledger.path + "/log", isReadOnly: false)
            try store.environment.set(store.disclosures, key, [1, 2, 3])
        }
        let log = try Log.open(readingAt: ledger.path)
        defer { log.close() }
        for positions in [Array(250..<260 as Range<Position>), [255, 256]] {
            let error = refusal { _ = try log.disclosures(at: positions) }
            #expect(error?.code == .corrupted, "\(positions)")
            #expect(error?.reason.contains("under a key that is none") == true, "\(error?.reason ?? "")")
        }
        let sound: [Position] = [257, 258, 2, 3, 254, 259]
        #expect(try Self.read(sound, log) == sound.map { rows[Int($0)] })
    }
}
