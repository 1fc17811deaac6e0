import EventLog
import Exchange
import Foundation
import JSON
import Synchronization
import TestSupport
import Testing

/// What is taken away while it is being used. `SANHU_TORTURE=full` runs 10,000 races of powers and 2,000 of grants.
@Suite("Powers and grants that end while they are used", .fewAtOnce, .serialized)
struct RaceTests {
    /// One after the other, and few rounds each: a ledger maps terabytes of addresses, and its charter grows.
    private static let roundsPerLedger = 250

    private static func charterEvent(_ changes: String, id: String, basis: Position) throws -> [UInt8] {
        let data = try CharterLab.amendment(changes, basis: basis)
        return Array(
            #"{"specversion":"1.0","id":"\#(id)","source":"/charter","type":"sanhu.charter.amended","data":"#.utf8)
            + Array(data.text) + Array("}".utf8)
    }

    // MARK: Powers

    private static let end = CharterLab.end("power", #"{"id":"cus"}"#)
    private static let put = CharterLab.put(
        "power", #"{"id":"cus","agency":"CUS","types":["sanhu.declaration.*","sanhu.disclosure.*"]}"#)

    @Test("While a power is revoked, nothing comes in after it that relied on it")
    func powers() async throws {
        var dice = LongForm.dice("power races")
        let rounds = LongForm.scaled(300, full: 10_000)
        LongForm.report("race", "plan", "", count: rounds)
        var (both, before, after) = (0, 0, 0)
        var done = 0
        while done < rounds {
            let lab = try await LedgerLab()
            var basis: Position = 0
            for _ in 0..<min(Self.roundsPerLedger, rounds - done) {
                done += 1
                let outcome = try await Self.powerRace(lab.ledger, done, &basis, &dice)
                if outcome.taken > 0, outcome.refused > 0 { both += 1 }
                before += outcome.taken
                after += outcome.refused
            }
        }
        LongForm.report("race", "power revoked", "nothing came after it", count: done)
        print("\(done) races of a power: \(before) events came before its end, \(after) were refused, both in \(both)")
        // If the end never came between the events, nothing was tried.
        #expect(both > rounds / 8, "seed \(dice.seed)")
    }

    private static func powerRace(
        _ ledger: ExchangeLedger, _ round: Int, _ basis: inout Position, _ dice: inout Dice
    ) async throws -> (taken: Int, refused: Int) {
        let ending = try charterEvent(end, id: "e\(round)", basis: basis)
        let (clients, delay) = (1 + dice.below(4), dice.below(4000))
        let sizes = (0..<clients).map { _ in 1 + dice.below(3) }
        let results = try await withThrowingTaskGroup(of: (end: Position?, taken: [Position], refused: Int).self) {
            group in
            group.addTask {
                try await Task.sleep(for: .microseconds(delay))
                return (try await ledger.amend(ending), [], 0)
            }
            for client in 0..<clients {
                group.addTask {
                    var taken: [Position] = []
                    for number in 0..<40 {
                        let events = (0..<sizes[client]).map {
                            LedgerLab.declaration("\(round)-\(client)-\(number)-\($0)")
                        }
                        do throws(ExchangeError) {
                            taken += try await ledger.append(events, as: "CUS").map(\.position)
                        } catch {
                            guard error.code == .noPower else { throw error }
                            return (nil, taken, 1)
                        }
                    }
                    return (nil, taken, 0)
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        let position = try #require(results.compactMap(\.end).first)
        let late = results.flatMap(\.taken).filter { $0 > position }
        #expect(late.isEmpty, "seed \(dice.seed), race \(round): \(late) came after \(position)")
        #expect(try ledger.log.head == max(position, results.flatMap(\.taken).max() ?? 0) + 1)
        basis = try await ledger.amend(charterEvent(put, id: "p\(round)", basis: position))
        return (results.reduce(0) { $0 + $1.taken.count }, results.reduce(0) { $0 + $1.refused })
    }

    // MARK: Grants

    /// Whether the receipt of the revocation has come.
    private final class Flag: Sendable {
        private let value = Mutex(false)

        var isSet: Bool { value.withLock { $0 } }

        func set() { value.withLock { $0 = true } }
    }

    /// What readers found in a race.
    private struct Reads {
        /// Reads that disclosed, and that did not.
        var open = 0
        var closed = 0
        /// Reads that began after the revocation's receipt and disclosed all the same; pages that went on after it.
        var wrong = 0
    }

    @Test("No read that began after the receipt of a grant's revocation discloses by it, and no page goes on")
    func grants() async throws {
        var dice = LongForm.dice("grant races")
        let rounds = LongForm.scaled(60, full: 2000)
        LongForm.report("race", "plan", "", count: rounds)
        var (both, open, closed) = (0, 0, 0)
        var done = 0
        while done < rounds {
            let lab = try await LedgerLab()
            try await lab.declare(2)
            for _ in 0..<min(Self.roundsPerLedger, rounds - done) {
                done += 1
                let reads = try await Self.grantRace(lab, done, &dice)
                #expect(reads.wrong == 0, "seed \(dice.seed), race \(done)")
                if reads.open > 0, reads.closed > 0 { both += 1 }
                open += reads.open
                closed += reads.closed
            }
        }
        LongForm.report("race", "grant revoked", "nothing was disclosed after it", count: done)
        print("\(done) races of a grant: \(open) reads disclosed, \(closed) did not, both in \(both)")
        #expect(both > rounds / 4, "seed \(dice.seed)")
    }

    private static func grantRace(_ lab: LedgerLab, _ round: Int, _ dice: inout Dice) async throws -> Reads {
        let ledger = lab.ledger
        let grant = try await lab.grant(id: "r\(round)")
        let revocation = Flag()
        let delay = dice.below(6000)
        return try await withThrowingTaskGroup(of: Reads.self) { group in
            group.addTask {
                try await Task.sleep(for: .microseconds(delay))
                _ = try await ledger.append(.revoked(grant: grant, reasons: ["race"]), as: "CUS")
                revocation.set()
                return Reads()
            }
            for _ in 0..<2 { group.addTask { try await Self.read(ledger, revocation) } }
            return try await group.reduce(into: Reads()) { sum, reads in
                sum.open += reads.open
                sum.closed += reads.closed
                sum.wrong += reads.wrong
            }
        }
    }

    /// Reads again and again until some reads after the revocation.
    private static func read(_ ledger: ExchangeLedger, _ revocation: Flag) async throws -> Reads {
        let query = Query(types: ["sanhu.declaration.lodged"])
        var reads = Reads()
        var after = 0
        while after < 2 {
            // Reads that disclose nothing wait for nothing, and would keep the others from their turn.
            await Task.yield()
            let wasRevoked = revocation.isSet
            let page = try await ledger.page(query, ReadRange(limit: 1), for: LedgerLab.investigator)
            let isOpen = !LedgerLab.buyers(page.entries).isEmpty
            if isOpen { reads.open += 1 } else { reads.closed += 1 }
            if isOpen, wasRevoked { reads.wrong += 1 }
            if wasRevoked { after += 1 }
            let isPageLate = revocation.isSet
            do throws(ExchangeError) {
                _ = try await ledger.page(
                    query, ReadRange(limit: 1), for: LedgerLab.investigator, after: page.next)
                if isOpen, isPageLate { reads.wrong += 1 }
            } catch {
                guard error.code == .grantEnded, isOpen else { throw error }
            }
        }
        return reads
    }
}
