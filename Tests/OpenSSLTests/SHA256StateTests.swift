import Crypto
import OpenSSL
import TestSupport
import Testing

@Suite("SHA-256 and HMAC")
struct SHA256StateTests {
    private static func hex(_ bytes: InlineArray<32, UInt8>) -> String {
        bytes.indices.map { (bytes[$0] < 16 ? "0" : "") + String(bytes[$0], radix: 16) }.joined()
    }

    private static func array(_ bytes: InlineArray<32, UInt8>) -> [UInt8] { bytes.indices.map { bytes[$0] } }

    /// NIST's examples of FIPS 180-4.
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
    ])
    func `hashes are those of the standard`(text: String, hash: String) {
        #expect(Self.hex(SHA256State.hash(Array(text.utf8).span)) == hash)
    }

    @Test func `a hash does not depend on the pieces that its bytes come in, and equals another implementation's`() {
        var dice = Dice(seed: 2)
        for length in 0..<300 {
            let bytes = dice.bytes(length)
            let cut = dice.below(length + 1)
            var state = SHA256State()
            state.update(bytes.span.extracting(0..<cut))
            let copy = state
            state.update(bytes.span.extracting(cut..<length))
            #expect(Self.array(state.finish()) == Array(SHA256.hash(data: bytes)))
            #expect(Self.array(copy.finish()) == Array(SHA256.hash(data: bytes[..<cut])))
        }
    }

    /// Test cases 1, 2 and 6 of RFC 4231: keys shorter and longer than a block.
    @Test(arguments: [
        (
            [UInt8](repeating: 0x0B, count: 20), "Hi There",
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
        ),
        (
            Array("Jefe".utf8), "what do ya want for nothing?",
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        ),
        (
            [UInt8](repeating: 0xAA, count: 131), "Test Using Larger Than Block-Size Key - Hash Key First",
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
        ),
    ])
    func `codes are those of the standard`(key: [UInt8], text: String, code: String) {
        let message = Array(text.utf8)
        for cut in [0, 1, message.count] {
            let made = HMACKey(key.span).code(
                message.span.extracting(0..<cut), message.span.extracting(cut..<message.count))
            #expect(Self.hex(made) == code)
        }
    }

    @Test func `keys are derived as by another implementation of HKDF`() {
        for length in [0, 1, 32, 64, 65, 200] {
            let secret = (0..<length).map { UInt8(truncatingIfNeeded: $0 * 7) }
            let label = Array("label \(length)".utf8)
            let key = HKDF<SHA256>.deriveKey(
                inputKeyMaterial: SymmetricKey(data: secret), info: label, outputByteCount: 32)
            #expect(Self.array(HMACKey.derive(from: secret.span, for: label.span)) == key.withUnsafeBytes { Array($0) })
        }
    }
}
