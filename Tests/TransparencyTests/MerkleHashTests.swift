import Crypto
import TestSupport
import Testing
import Transparency

@Suite("Hashes of the tree (RFC 6962)")
struct MerkleHashTests {
    @Test("the empty tree, the empty entry and a node have the hashes that others give them")
    func known() throws {
        #expect(
            Hex.encode(MerkleHash.emptyTree.bytes) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        )
        let empty = MerkleHash.leaf([UInt8]().span)
        #expect(Hex.encode(empty.bytes) == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d")
        let entry = MerkleHash.leaf(Array("L123456".utf8).span)
        #expect(Hex.encode(entry.bytes) == "395aa064aa4c29f7010acfe3f25db9485bbd4b91897b6ad7ad547639252b4d56")
        let (left, right) = (Array("N123".utf8), Array("N456".utf8))
        let node = Array(SHA256.hash(data: [1] + left + right))
        #expect(Hex.encode(node) == "aa217fe888e47007fa15edab33c2b492a722cb106c64667fc2b044444de66bbb")
    }

    @Test("a leaf is the hash of 0 and the entry, whole or in two pieces; a node of 1 and both hashes")
    func definition() {
        var dice = Dice(seed: 6962)
        for length in [0, 1, 54, 55, 56, 63, 64, 65, 700, 65_535] {
            let entry = dice.bytes(length)
            let expected = Array(SHA256.hash(data: [0] + entry))
            #expect(MerkleHash.leaf(entry.span).bytes == expected, "\(length) bytes")
            let cut = dice.below(length + 1)
            let (first, second) = (Array(entry[..<cut]), Array(entry[cut...]))
            #expect(MerkleHash.leaf(first.span, second.span).bytes == expected, "\(length) bytes, cut at \(cut)")
        }
        let (left, right) = (MerkleHash.leaf([1].span), MerkleHash.leaf([2].span))
        #expect(MerkleHash.node(left, right).bytes == Array(SHA256.hash(data: [1] + left.bytes + right.bytes)))
        #expect(MerkleHash.node(left, right) != MerkleHash.node(right, left))
    }

    @Test("a hash is made of exactly 32 bytes and gives them back")
    func bytes() {
        let bytes = Array<UInt8>(0..<32)
        #expect(MerkleHash(bytes)?.bytes == bytes)
        #expect(MerkleHash(bytes).map { MerkleHash(base64: $0.base64) } == MerkleHash(bytes))
        #expect(MerkleHash(bytes)?.description == "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=")
        for count in [0, 31, 33, 64] { #expect(MerkleHash([UInt8](repeating: 0, count: count)) == nil) }
        #expect(MerkleHash(base64: "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHg==") == nil)
        let around = [9] + bytes + [9]
        #expect(MerkleHash(around.span, at: 1).bytes == bytes)
    }

    @Test("hashes that differ in any one bit are unequal")
    func equality() {
        let hash = MerkleHash.emptyTree
        for bit in 0..<256 { #expect(hash != hash.flipping(bit), "bit \(bit)") }
        #expect(Set((0..<256).map(hash.flipping)).count == 256)
    }
}

@Suite("Base64")
struct Base64Tests {
    @Test(
        "the examples of RFC 4648",
        arguments: [
            ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ])
    func examples(_ plain: String, _ text: String) {
        #expect(Base64.encode(Array(plain.utf8)) == text)
        #expect(Base64.decode(text) == Array(plain.utf8))
    }

    @Test(
        "every other text for the same bytes is refused",
        arguments: [
            "Zg", "Zg=", "Zg===", "Zh==", "Zm9=", "Zm8", "Zm9v=", "Zm9v====", "=", "==", "====", "Z===", "Z", "Zm9vZ",
            "Zm 9",
            "Zg==\n", " Zg==", "Zm-_", "Zm\u{301}9", "Zg==Zg==", "Z=g=", "Zm9v Zm9v", "Ｚg==", "Zm9\0",
        ])
    func refusals(_ text: String) {
        #expect(Base64.decode(text) == nil)
    }

    @Test("bytes of any length come back, and each text of theirs has no equal", arguments: 0...70)
    func roundTrip(_ length: Int) {
        var dice = Dice(seed: UInt64(length))
        let bytes = dice.bytes(length)
        let text = Base64.encode(bytes)
        #expect(Base64.decode(text) == bytes, "seed \(length)")
        guard !bytes.isEmpty else { return }
        var changed = Array(text.utf8)
        let at = dice.below(changed.count)
        changed[at] ^= 1 << UInt8(dice.below(7))
        let other = Base64.decode(String(decoding: changed, as: UTF8.self))
        #expect(other != bytes, "seed \(length): \(text) changed at \(at)")
    }
}
