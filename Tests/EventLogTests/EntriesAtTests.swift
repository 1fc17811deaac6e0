import TestSupport
import Testing

@testable import EventLog

@Suite("Entries at several positions", .fewAtOnce)
struct EntriesAtTests {
    @Test("They come in the order they are asked for in, also twice; one beyond the head refuses all")
    func order() async throws {
        let ledger = try TestLedger()
        _ = try await ledger.log.append(AppendRequest((0..<20).map { draft("\($0)") }))
        var dice = LongForm.dice("entries at positions")
        for _ in 0..<50 {
            let positions = (0..<dice.below(30)).map { _ in Position(dice.below(20)) }
            let entries = try ledger.log.entries(at: positions)
            #expect(entries.map(\.position) == positions, "seed \(dice.seed)")
            for entry in entries { #expect(try ledger.log.entry(at: entry.position).bytes == entry.bytes) }
        }
        #expect(refusal { _ = try ledger.log.entries(at: [3, 20, 4]) }?.code == .positionBeyondHead)
        #expect(refusal { _ = try ledger.log.entry(at: 20) }?.code == .positionBeyondHead)
        #expect(try ledger.log.entries(at: []).isEmpty)
    }
}
