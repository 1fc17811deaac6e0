import Clearance
import Foundation
import TestSupport
import Testing

@Suite("S51 Draws by chance, which anyone can run again")
struct DrawTests {
    private static let seed = Array(UInt8(0)..<32)
    private static let pool = (0..<10).map { "container:C\($0)" } + ["container:é", "declaration:1"]

    @Test("The picks are those that Python's hmac and hashlib give")
    func vectors() throws {
        #expect(Draw.commitment(to: Self.seed) == "630dcd2966c4336691125448bbb25b4ff412a49c732db2c8abc1b8581bd710dd")
        let hash = "9f0709bd3f8be2423663999725bfc875f8312f5b436e30ee0c42f268e0c06010"
        #expect(try Draw.hash(ofPool: Self.pool) == hash)
        #expect(try Draw.hash(ofPool: Self.pool.reversed() + Self.pool) == hash, "order and repetition say nothing")
        let draw = try Draw(seed: Self.seed, pool: Self.pool.shuffled())
        #expect(draw.picks(4) == ["container:C1", "container:C9", "container:C3", "container:C5"])
        #expect(try draw.officers(2, of: ["e", "d", "c", "b", "a", "a"]) == ["d", "c"])
        #expect(draw.picks(100).count == 12 && draw.picks(0).isEmpty && draw.picks(-1).isEmpty)
    }

    @Test("Each object has the same chance, whatever its name: χ² over 4,000 draws")
    func uniform() throws {
        var dice = LongForm.dice("draws")
        let pool = (0..<20).map { "declaration:\($0)" }
        var counts: [String: Double] = [:]
        for _ in 0..<4_000 {
            let seed = (0..<32).map { _ in UInt8(dice.below(256)) }
            for pick in try Draw(seed: seed, pool: pool).picks(3) { counts[pick, default: 0] += 1 }
        }
        let expected = 4_000.0 * 3 / 20
        let chi = pool.map { pow(counts[$0, default: 0] - expected, 2) / expected }.reduce(0, +)
        // 19 degrees of freedom: above 60 once in some 200,000 runs.
        #expect(chi < 60, "seed \(dice.seed): \(chi)")
    }

    @Test("One object more or less changes no pick but by its own")
    func stable() throws {
        let draw = try Draw(seed: Self.seed, pool: Self.pool)
        for object in Self.pool {
            let without = try Draw(seed: Self.seed, pool: Self.pool.filter { $0 != object })
            #expect(without.picks(3) == draw.picks(4).filter { $0 != object }.prefix(3) + [])
        }
    }

    @Test("What is no seed and no pool is refused")
    func refused() {
        #expect(throws: DrawError.seed(bytes: 31)) { try Draw(seed: Array(Self.seed.dropLast()), pool: ["a"]) }
        #expect(throws: DrawError.pool(objects: 0)) { try Draw(seed: Self.seed, pool: []) }
        #expect(throws: DrawError.object("a\nb")) { try Draw(seed: Self.seed, pool: ["a", "a\nb"]) }
        #expect(throws: DrawError.object("")) { try Draw(seed: Self.seed, pool: [""]) }
        let many = (0...Draw.poolObjects).map { "o:\($0)" }
        #expect(throws: DrawError.pool(objects: many.count)) { try Draw(seed: Self.seed, pool: many) }
    }
}
