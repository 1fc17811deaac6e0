import EventLog
import Synchronization
import TestSupport
import Testing

@testable import Exchange

/// What a reader is given is decided by rules and grants that are kept between reads: never longer than they hold.
@Suite("Rules and grants that are kept between reads", .fewAtOnce)
struct StandingSharingTests {
    private static let day: Int64 = 86_400_000_000
    private static let start = Timestamp(microseconds: 1_772_323_200_000_000)

    /// A clock that a test sets.
    private final class Clock: Sendable {
        private let time = Mutex(StandingSharingTests.start)

        func set(day: Int64) {
            time.withLock {
                $0 = Timestamp(microseconds: StandingSharingTests.start.microseconds + day * StandingSharingTests.day)
            }
        }

        var now: Timestamp { time.withLock { $0 } }
    }

    private static func date(_ day: Int64) -> String {
        Timestamp(microseconds: start.microseconds + day * Self.day).description
    }

    private static func price(_ lab: LedgerLab, _ reader: Reader) async throws -> Bool {
        try await lab.seen(by: reader).contains { $0.contains(#""price":"#) }
    }

    @Test("A rule that begins and ends by its date, with no event between, opens from its first day to its last")
    func ruleByDate() async throws {
        let clock = Clock()
        let lab = try await LedgerLab(options: ExchangeOptions(anchorInterval: nil) { clock.now })
        _ = try await lab.ledger.append([LedgerLab.declaration("1")], as: "CUS")
        let rule = #"""
            {"id":"bor-price","effect":"permit","readers":{"agencies":["BOR"]},"fields":{"compartments":["trade-secret"]},
             "purposes":["case"],"validity":{"from":"\#(Self.date(10))","to":"\#(Self.date(20))"}}
            """#
        _ = try await lab.ledger.amend(
            LedgerLab.amendment(CharterLab.put("rule", rule), id: "r", basis: lab.ledger.charter().position))
        let (open, closed) = (
            Reader(.authority, agency: "BOR", purpose: "case"), Reader(.authority, agency: "BOR", purpose: "duty")
        )
        for day in [0, 9, 10, 15, 19, 20, 30] as [Int64] {
            clock.set(day: day)
            // Twice: what was kept by the first read is used by the second.
            for _ in 0..<2 {
                #expect(try await Self.price(lab, open) == (10..<20).contains(day), "day \(day)")
                #expect(try await Self.price(lab, closed) == false, "day \(day)")
            }
        }
    }

    @Test(
        "Whatever is amended, granted and revoked between reads, each is by what holds then",
        arguments: 1...6 as ClosedRange<UInt64>)
    func differential(_ seed: UInt64) async throws {
        var dice = Dice(seed: seed)
        let lab = try await LedgerLab()
        try await lab.declare(3)
        let readers = [
            LedgerLab.investigator, Reader(.authority, agency: "TAX", purpose: "duty"),
            Reader(.authority, agency: "BOR", purpose: "case"), Reader(.auditor, agency: "AUD"), .public,
        ]
        var grants: [Position] = []
        var isOpen = false
        for step in 0..<14 {
            switch dice.below(4) {
            case 0: grants.append(try await lab.grant(id: "g\(step)"))
            case 1 where !grants.isEmpty: _ = try await lab.revoke(grants.removeLast())
            case 2:
                let rule =
                    #"{"id":"x","effect":"permit","readers":{"agencies":["BOR"]},"fields":{"compartments":["personal"]},"purposes":["case"]}"#
                let change = isOpen ? CharterLab.end("rule", #"{"id":"x"}"#) : CharterLab.put("rule", rule)
                isOpen.toggle()
                _ = try await lab.ledger.amend(
                    LedgerLab.amendment(change, id: "a\(step)", basis: lab.ledger.charter().position))
            default: break
            }
            for reader in readers {
                let kept = try await lab.ledger.read(.all, for: reader)
                // As if nobody had read before.
                lab.ledger.state.withLock { $0.standing = nil }
                #expect(try await lab.ledger.read(.all, for: reader) == kept, "seed \(seed), step \(step)")
            }
        }
    }

    @Test("Of more readers than are kept, each is given what is its own")
    func manyReaders() async throws {
        let lab = try await LedgerLab()
        try await lab.declare(1)
        for turn in 0..<2 {
            for number in stride(from: 0, to: StandingSharing.maximumReaders + 40, by: turn == 0 ? 1 : 97) {
                let isDuty = number.isMultiple(of: 2)
                let reader = Reader(
                    .authority, agency: "TAX", purpose: isDuty ? "duty" : "case", caseName: "C-\(number)")
                #expect(try await Self.price(lab, reader) == isDuty, "reader \(number)")
            }
        }
    }
}
