import TestSupport
import Testing
import Transparency

@Suite("Base64url")
struct Base64VariantTests {
    @Test(
        "has the vectors of RFC 4648 without their padding, and its own two characters",
        arguments: [
            ("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foob", "Zm9vYg"), ("fooba", "Zm9vYmE"),
            ("foobar", "Zm9vYmFy"), ("~~~???", "fn5-Pz8_"),
        ])
    func vectors(_ plain: String, _ text: String) {
        #expect(Base64.encode(Array(plain.utf8), .url) == text)
        #expect(Base64.decode(text, .url) == Array(plain.utf8))
    }

    @Test(
        "of another form is none",
        arguments: [
            "Z", "Zg==", "Zg=", "=", "Zm9vY", "Zh", "Zm9", "Zm9vYmF", "fn5+Pz8/", "Zg\n", " Zg", "Zm9v=", "Zm\u{7F}v",
            "Zmö",
        ])
    func refused(_ text: String) {
        #expect(Base64.decode(text, .url) == nil)
    }

    @Test("is one text for each sequence of bytes, in both variants", arguments: 0...100)
    func roundTrips(_ length: Int) {
        var dice = Dice(seed: UInt64(length))
        let bytes = dice.bytes(length)
        for variant in [Base64.Variant.standard, .url] {
            let text = Base64.encode(bytes, variant)
            #expect(Base64.decode(text, variant) == bytes, "seed \(length)")
            var changed = Array(text.utf8)
            guard !changed.isEmpty else { continue }
            changed[dice.below(changed.count)] = dice.pick(Array("ABab01+/-_=".utf8))
            let other = Base64.decode(String(decoding: changed, as: UTF8.self), variant)
            #expect(changed == Array(text.utf8) || other != bytes, "seed \(length)")
        }
        let standard = Base64.encode(bytes).filter { $0 != "=" }
        let url = String(Base64.encode(bytes, .url).map { $0 == "-" ? "+" : $0 == "_" ? "/" : $0 })
        #expect(standard == url, "seed \(length)")
    }
}
