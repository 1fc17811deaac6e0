import Foundation
import TestSupport
import Testing
import Transparency

@testable import EventLog

@Suite("Cutting disclosures", .fewAtOnce)
struct CuttingTests {
    /// A log of entries with three disclosures of 40 bytes each beside them.
    private static func log(_ entries: Int) async throws -> TestLedger {
        let ledger = try TestLedger()
        let drafts = (0..<entries).map { number in
            draft("\(number)", disclosures: (0..<3).map { Array(repeating: UInt8(10 * $0 + number % 10), count: 40) })
        }
        _ = try await ledger.log.append(AppendRequest(drafts))
        return ledger
    }

    private static func place(_ position: Position, _ ordinal: Int) -> DisclosurePlace {
        DisclosurePlace(position: position, ordinal: ordinal)
    }

    @Test("What is cut keeps its beginning, the rest its bytes, and every proof and hash holds as before")
    func cut() async throws {
        let ledger = try await Self.log(20)
        try await Self.cutSome(of: ledger.log)
        try ledger.reopen()
        #expect(try ledger.log.cutMark == 8 && ledger.log.disclosures(at: 19)[2].count == 5)
        #expect(ledger.log.verify().isSound)
    }

    private static func cutSome(of log: Log) async throws {
        let (note, root) = (try log.checkpoint().description, try log.root(atSize: 20))
        let before = try (0..<20).map { try log.disclosures(at: $0) }
        #expect(try log.cutMark == 0)
        let places = [place(3, 1), place(19, 2), place(7, 9), place(400, 0)]
        try log.cutDisclosures(at: places, keeping: 5, mark: 8)
        for position in 0..<Position(20) {
            for ordinal in 0..<3 {
                let old = before[Int(position)][ordinal]
                let isCut = places.contains(place(position, ordinal))
                #expect(try log.disclosures(at: position)[ordinal] == (isCut ? Array(old.prefix(5)) : old))
            }
        }
        #expect(try log.cutMark == 8 && log.head == 20)
        #expect(try log.checkpoint().description == note && log.root(atSize: 20) == root)
        #expect(log.verify().isSound, "a row that was cut is not one that is lost")
        try log.cutDisclosures(at: places, keeping: 9)
        #expect(try log.disclosures(at: 3)[1].count == 5 && log.cutMark == 8)
        _ = try await log.append(AppendRequest([draft("after", disclosures: [[1]])]))
        #expect(try log.disclosures(at: 20) == [[1]])
    }

    @Test("A row that is lost, or was cut by other hands, is found beside those that were cut")
    func lost() async throws {
        let ledger = try await Self.log(9)
        try ledger.log.cutDisclosures(at: [Self.place(4, 0)], keeping: 5)
        let path = ledger.path
        ledger.close()
        for (position, value) in [(Position(5), [UInt8]?.none), (6, [1, 2, 3, 4, 5, 6, 7, 8, 9])] {
            let sound = try Self.put(value, at: position, in: path)
            let report = try Log.verify(at: path)
            #expect(report.problems.map(\.part) == [.disclosures] && report.problems.first?.position == position)
            _ = try Self.put(sound, at: position, in: path)
        }
        #expect(try Log.verify(at: path).isSound)
    }

    /// Puts something in the place of the second row of an entry, and returns what stood there.
    private static func put(_ value: [UInt8]?, at position: Position, in path: String) throws -> [UInt8]? {
        let store = try LogStore(path: LedgerFolder(opening: path).logPath, isReadOnly: false)
        let key = LogStore.disclosureKey(position: position, ordinal: 1)
        let old = try store.environment.value(store.disclosures, key)
        try store.environment.set(store.disclosures, key, value)
        return old
    }

    @Test("A scan goes through all disclosures before a position, in order and over more than one page")
    func scan() async throws {
        let ledger = try await Self.log(3_000)
        var places: [DisclosurePlace] = []
        var bytes = 0
        try ledger.log.scanDisclosures(before: 2_999) { place, disclosure in
            places.append(place)
            bytes += disclosure.count
        }
        #expect(places == (0..<2_999).flatMap { at in (0..<3).map { Self.place(at, $0) } })
        #expect(bytes == 2_999 * 3 * 40)
        var count = 0
        try ledger.log.scanDisclosures(before: 0) { _, _ in count += 1 }
        #expect(count == 0)
    }

    @Test("Cuts and appends that come at once are all done, in the order of the writer", .timeLimit(.minutes(15)))
    func together() async throws {
        let ledger = try await Self.log(200)
        let log = ledger.log
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<40 {
                group.addTask {
                    _ = try await log.append(AppendRequest([draft("n\(number)", disclosures: [[1, 2, 3]])]))
                }
                group.addTask {
                    let places = (0..<5).map { Self.place(Position(number * 5 + $0), 1) }
                    try log.cutDisclosures(at: places, keeping: 1, mark: UInt64(number + 1))
                }
            }
            try await group.waitForAll()
        }
        #expect(try log.head == 240)
        #expect(try (0..<Position(200)).allSatisfy { try log.disclosures(at: $0).map(\.count) == [40, 1, 40] })
        #expect(log.verify().isSound)
    }

    @Test("A log that is open for reading cuts nothing, and too many at once are refused")
    func refusals() async throws {
        let ledger = try await Self.log(2)
        let many = Array(repeating: Self.place(0, 0), count: Log.cutsPerRequest + 1)
        let error = #expect(throws: LogError.self) { try ledger.log.cutDisclosures(at: many, keeping: 1) }
        #expect(error?.code == .limitExceeded)
        #expect(throws: LogError.self) { try ledger.log.cutDisclosures(at: [], keeping: 0) }
        let path = ledger.path
        ledger.close()
        let reading = try Log.open(readingAt: path)
        let denied = #expect(throws: LogError.self) { try reading.cutDisclosures(at: [], keeping: 1) }
        #expect(denied?.code == .permissionDenied)
    }
}
