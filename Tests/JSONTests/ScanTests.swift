import JSON
import TestSupport
import Testing

@Suite("Scanning a text for quotation marks")
struct ScanTests {
    @Test("finds the first that one of two bytes follows, wherever it stands", arguments: 1...300)
    func finds(_ seed: UInt64) {
        var dice = Dice(seed: seed)
        let letters = Array("\"_.#!a\u{7F}".utf8) + [0x80, 0xFF, 0]
        let rarity = dice.pick([2, 8, 100])
        let text = (0..<dice.below(200)).map { _ in dice.oneIn(rarity) ? dice.pick(letters) : UInt8(ascii: "x") }
        for _ in 0..<20 {
            let start = dice.below(text.count + 1)
            let end = dice.within(start..<text.count + 1)
            let naive = (start..<max(start, end - 1)).first {
                text[$0] == UInt8(ascii: "\"") && [UInt8(ascii: "_"), UInt8(ascii: ".")].contains(text[$0 + 1])
            }
            let found = JSONScan.firstQuote(
                before: UInt8(ascii: "_"), or: UInt8(ascii: "."), in: text.span, from: start, to: end)
            #expect(found == naive ?? end, "seed \(seed), \(start)..<\(end)")
        }
    }

    @Test("words are ordered as their bytes are")
    func words() {
        let text = Array("abcdefgh\u{FF}".utf8)
        #expect(JSONScan.word(text.span, at: 0) == 0x6162_6364_6566_6768)
        #expect(JSONScan.word(text.span, at: 1) > JSONScan.word(text.span, at: 0))
    }
}
