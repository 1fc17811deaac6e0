import EventLog
import TestSupport
import Testing

@Suite("The kind of a tag")
struct TagKindTests {
    private static let kinds = [
        "a", "b", "ab", "a-", "a-b", "a1", "agency", "agencies", "z" + String(repeating: "9", count: 31),
    ]
    private static let values = ["1", "a", ":", "a:", "b:1", "a:b:c", "x y", "é", "e\u{301}", "货物"]

    @Test("A tag is of the kind that stands before its first colon, and of no other", arguments: UInt64(1)...40)
    func agrees(seed: UInt64) throws {
        var dice = Dice(seed: seed)
        var kinds = 0
        for _ in 0..<300 {
            let tag = try Tag(kind: dice.pick(Self.kinds), value: dice.pick(Self.values))
            // A kind, the beginning of a tag however far, or something else.
            let asked =
                switch dice.below(4) {
                case 0: String(tag.kind)
                case 1: dice.pick(Self.kinds)
                case 2: String(tag.text.prefix(dice.below(tag.text.count + 1)))
                default: dice.pick(["", ":", "A", "a:", "é", tag.text + ":", tag.text + "1"])
                }
            #expect(tag.isOf(kind: asked) == (tag.kind == asked), "seed \(seed): “\(tag)”, “\(asked)”")
            if tag.kind == asked { kinds += 1 }
        }
        #expect(kinds > 30 && kinds < 270, "seed \(seed)")
    }
}
