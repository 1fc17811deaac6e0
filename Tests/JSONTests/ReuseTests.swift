import JSON
import TestSupport
import Testing

@Suite("Many texts with one parser and one tape")
struct ReuseTests {
    /// A node, so that tapes can be compared.
    private struct Shape: Equatable {
        let place: [UInt32]
        let kind: JSONTape.Kind
        let isEscaped: Bool

        init(_ node: JSONTape.Node) {
            place = [node.offset, node.length, node.end]
            kind = node.kind
            isEscaped = node.isEscaped
        }
    }

    private static func shapes(_ tape: JSONTape) -> [Shape] { tape.nodes.map(Shape.init) }

    @Test(
        "each is parsed, or refused, as by a parser of its own, and documents made before stay as they are",
        arguments: 1...100)
    func agrees(_ seed: UInt64) {
        var random = RandomJSON(dice: Dice(seed: seed))
        let limits = JSONParser.Limits(
            maximumBytes: random.dice.pick([200, 4_000]), maximumDepth: random.dice.within(1..<6))
        var parser = JSONParser(limits: limits)
        var way = JSONTape()
        var made: [(document: JSONDocument, alone: JSONDocument)] = []
        for _ in 0..<40 {
            var text = random.text(of: random.meaning(depth: 3))
            if random.dice.oneIn(3) { text = random.mutated(text) }
            let comment: Comment = "seed \(seed): \(Hex.encode(text))"
            let expected = fault(in: text, limits: limits)
            do throws(JSONError) {
                let document = try JSONDocument(parsing: text, with: &parser, by: &way)
                #expect(expected == nil, comment)
                made.append((document, try JSONDocument(parsing: text, limits: limits)))
            } catch {
                #expect(error == expected, comment)
            }
        }
        for (document, alone) in made {
            let comment: Comment = "seed \(seed): \(Hex.encode(alone.bytes))"
            #expect(document.bytes == alone.bytes, comment)
            #expect(Self.shapes(document.tape) == Self.shapes(alone.tape), comment)
            #expect(document.tape.whitespaceBytes == alone.tape.whitespaceBytes, comment)
            #expect(Meaning(document.root) == Meaning(alone.root), comment)
        }
    }

    @Test("texts of both kinds are drawn: some are taken, some refused")
    func coverage() {
        var (taken, refused) = (0, 0)
        for seed in 1...20 as ClosedRange<UInt64> {
            var random = RandomJSON(dice: Dice(seed: seed))
            for _ in 0..<40 {
                let isSound = fault(in: random.mutated(random.text(of: random.meaning(depth: 3)))) == nil
                if isSound { taken += 1 } else { refused += 1 }
            }
        }
        #expect(taken > 50 && refused > 50)
    }
}
