import JSON
import TestSupport
import Testing

@Suite("Duplicate keys")
struct DuplicateKeyTests {
    static let duplicates: [Refusal] = [
        Refusal("{\"a\":1,\"a\":2}", .duplicateKey, 7, "the same key twice"),
        Refusal("{\"a\":1,\"\\u0061\":2}", .duplicateKey, 7, "a key and its escaped form"),
        Refusal("{\"\\u0061\":1,\"a\":2}", .duplicateKey, 12, "an escaped key and its plain form"),
        Refusal("{\"\\u0061\":1,\"\\u0061\":2}", .duplicateKey, 12, "an escaped key twice"),
        Refusal("{\"\":1,\"\":2}", .duplicateKey, 6, "the empty key twice"),
        Refusal("{\"😀\":1,\"\\uD83D\\ude00\":2}", .duplicateKey, 10, "a character and its pair of surrogates"),
        Refusal("{\"/\":1,\"\\/\":2}", .duplicateKey, 7, "a slash and an escaped slash"),
        Refusal("[{\"b\":{\"a\":1,\"c\":2,\"a\":3}}]", .duplicateKey, 19, "in an inner object"),
        Refusal(
            "{\"a\":{\"x\":[1,{\"a\":2}]},\"b\":3,\"a\":4}", .duplicateKey, 29, "after values that hold the same key"),
        Refusal("{\"a\":1,\"b\":2,\"b\":3,\"a\":4}", .duplicateKey, 13, "the first of two duplicates"),
        Refusal("{\"a\":1,\"a\":}", .duplicateKey, 7, "before another fault"),
    ]

    @Test("are refused at the second of them", arguments: duplicates)
    func refuses(_ refusal: Refusal) {
        #expect(fault(in: refusal.bytes) == refusal.fault)
    }

    @Test(
        "are not keys that only look alike",
        arguments: [
            "{\"a\":1,\"A\":2}", "{\"a\":{\"a\":{\"a\":1}}}", "[{\"a\":1},{\"a\":2}]", "{\"aXbYc\":1,\"aZbWc\":2}",
            "{\"\":1,\" \":2,\"\\u0000\":3}", "{\"caf\u{E9}\":1,\"cafe\u{301}\":2}", "{\"K\":1,\"\u{212A}\":2}",
            "{\"\\\\u0061\":1,\"a\":2}",
        ])
    func accepts(_ text: String) {
        #expect(fault(in: text) == nil)
    }

    @Test("are found among any number of keys, at any place, and never seen where there are none", arguments: 1...60)
    func amongMany(_ seed: UInt64) throws {
        var dice = Dice(seed: seed)
        let count = dice.pick([2, 3, 31, 32, 33, 34, 64, 100, 400])
        let keys = (0..<count).map { "k\($0 % 7)-\($0)-\($0 % 5)" }.shuffled(using: &dice)
        var text = "{"
        var offsets: [Int] = []
        for key in keys {
            offsets.append(text.utf8.count)
            text += "\"\(key)\":[{\"k0-0-0\":1}],"
        }
        #expect(fault(in: text.dropLast() + "}") == nil, "seed \(seed)")

        let repeated = dice.below(count)
        let place = dice.within(repeated + 1..<count + 1)
        let at = place < count ? offsets[place] : text.utf8.count
        let written = dice.oneIn(2) ? keys[repeated] : "\\u006B" + keys[repeated].dropFirst()
        var bytes = Array((text.dropLast() + "}").utf8)
        if place < count {
            bytes.insert(contentsOf: Array("\"\(written)\":null,".utf8), at: at)
        } else {
            bytes = Array((text + "\"\(written)\":null}").utf8)
        }
        #expect(fault(in: bytes) == JSONError(.duplicateKey, at: at), "seed \(seed)")
    }
}
