import TestSupport
import Testing

@testable import Transparency

@Suite struct TileVerifierTests {
    /// The tiles of a log as the specification has them, made from the leaves by the definition alone.
    private struct NaiveTiles {
        let levels: [[MerkleHash]]

        init(_ leaves: [MerkleHash]) {
            var levels = [leaves]
            while let last = levels.last, last.count >= 256 {
                levels.append(
                    (0..<last.count / 256).map { index in Self.root(Array(last[index * 256..<(index + 1) * 256])) })
            }
            self.levels = levels
        }

        /// The root by RFC 6962, section 2.1.
        static func root(_ hashes: [MerkleHash]) -> MerkleHash {
            guard hashes.count > 1 else { return hashes.first ?? .emptyTree }
            var half = 1
            while half * 2 < hashes.count { half *= 2 }
            return MerkleHash.node(root(Array(hashes[..<half])), root(Array(hashes[half...])))
        }

        func bytes(_ path: TilePath) -> [UInt8] {
            guard case .hashes(let level) = path.content else { return [] }
            let first = Int(path.index) * 256
            return levels[level][first..<first + path.width].flatMap { $0.bytes }
        }
    }

    private static func leaves(_ count: Int) -> [MerkleHash] {
        (0..<count).map { MerkleHash.leaf(Array("entry \($0)".utf8).span) }
    }

    @Test(arguments: [0, 1, 255, 256, 257, 511, 512, 700, 65_535, 65_536, 65_793])
    func `tiles of a log lead up to its root, each asked for once`(size: Int) throws {
        let leaves = Self.leaves(size)
        let tiles = NaiveTiles(leaves)
        var verifier = TileVerifier(size: UInt64(size))
        let count = verifier.count
        var (asked, given) = ([TilePath](), [MerkleHash]())
        while let path = verifier.next {
            asked.append(path)
            let hashes = try verifier.take(tiles.bytes(path))
            if case .hashes(level: 0) = path.content { given += hashes }
        }
        #expect(verifier.root == NaiveTiles.root(leaves) && given == leaves)
        #expect(Set(asked).count == asked.count && UInt64(asked.count) == count)
        #expect(throws: TileFault.self) { try verifier.take([]) }
    }

    @Test func `any byte that is changed in any tile is found out, and so is a tile cut short`() throws {
        var dice = LongForm.dice("tile verifier")
        let seed = dice.seed
        for size in [3, 256, 700, 65_600] {
            let tiles = NaiveTiles(Self.leaves(size))
            let root = NaiveTiles.root(tiles.levels[0])
            var paths: [TilePath] = []
            var plain = TileVerifier(size: UInt64(size))
            while let path = plain.next {
                paths.append(path)
                try plain.take(tiles.bytes(path))
            }
            // The last of each level, and one by chance.
            for level in 0..<tiles.levels.count {
                let own = paths.filter { $0.content == .hashes(level: level) }
                for path in [try #require(own.last), dice.pick(own)] {
                    for isCut in [false, true] {
                        var verifier = TileVerifier(size: UInt64(size))
                        var fault: TileFault?
                        do throws(TileFault) {
                            while let next = verifier.next {
                                var bytes = tiles.bytes(next)
                                if next == path {
                                    if isCut {
                                        bytes.removeLast()
                                    } else {
                                        bytes[dice.below(bytes.count)] ^= 1 << UInt8(dice.below(8))
                                    }
                                }
                                try verifier.take(bytes)
                            }
                        } catch {
                            fault = error
                        }
                        #expect(fault != nil || verifier.root != root, "\(path) of \(size), seed \(seed)")
                        if isCut { #expect(fault?.path == path, "seed \(seed)") }
                    }
                }
            }
        }
    }

    @Test func `the leaves of a bundle are those of its entries, and a bundle that is cut short is none`() {
        let entries = [Array("{}".utf8), [], Array("entry".utf8)]
        let bundle = entries.flatMap { [UInt8(0), UInt8($0.count)] + $0 }
        #expect(TileVerifier.leaves(ofBundle: bundle) == entries.map { MerkleHash.leaf($0.span) })
        #expect(TileVerifier.leaves(ofBundle: []) == [])
        #expect(TileVerifier.leaves(ofBundle: bundle.dropLast()) == nil)
        #expect(TileVerifier.leaves(ofBundle: bundle + [0]) == nil)
    }
}
