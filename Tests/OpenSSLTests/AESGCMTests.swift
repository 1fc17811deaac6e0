import Crypto
import OpenSSL
import TestSupport
import Testing

@Suite("AES-GCM")
struct AESGCMTests {
    private static func bytes(_ hex: String) -> [UInt8] {
        let digits = Array(hex)
        return stride(from: 0, to: digits.count, by: 2).compactMap { UInt8(String(digits[$0...$0 + 1]), radix: 16) }
    }

    private static func array(_ bytes: [UInt8]) -> InlineArray<32, UInt8> { InlineArray { bytes[$0] } }

    /// Test cases 14 to 16 of McGrew and Viega, “The Galois/Counter Mode of Operation”.
    @Test(arguments: [
        (
            String(repeating: "00", count: 32), "000000000000000000000000", String(repeating: "00", count: 16), "",
            "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919"
        ),
        (
            "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308", "cafebabefacedbaddecaf888",
            "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525"
                + "b16aedf5aa0de657ba637b39",
            "feedfacedeadbeeffeedfacedeadbeefabaddad2",
            "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838"
                + "c5f61e6393ba7a0abcc9f66276fc6ece0f4e1768cddf8853bb2d551b"
        ),
    ])
    func `sealing is that of the standard`(
        key: String, nonce: String, message: String, context: String, sealed: String
    ) throws {
        let key = AESKey(Self.array(Self.bytes(key)))
        let (nonce, message, context) = (Self.bytes(nonce), Self.bytes(message), Self.bytes(context))
        var sealer = AESGCM(.seal)
        var output: [UInt8] = [9]
        try sealer.seal(message.span, nonce: nonce.span, authenticating: context.span, under: key, to: &output)
        #expect(output == [9] + Self.bytes(sealed))
        var opener = AESGCM(.open)
        var opened: [UInt8] = [8]
        try opener.open(
            output.span.extracting(1..<output.count), nonce: nonce.span, authenticating: context.span, under: key,
            to: &opened)
        #expect(opened == [8] + message)
    }

    @Test func `one context serves many keys in turn, and agrees with another implementation`() throws {
        var dice = Dice(seed: 1)
        var sealer = AESGCM(.seal)
        var opener = AESGCM(.open)
        let keys = (0..<3).map { seed in (0..<32).map { UInt8($0 + seed * 40) } }
        for length in 0..<200 {
            let key = dice.pick(keys)
            let message = dice.bytes(length)
            let nonce = dice.bytes(12)
            let context = Array(message.reversed())
            let held = AESKey(Self.array(key))
            var sealed: [UInt8] = []
            try sealer.seal(message.span, nonce: nonce.span, authenticating: context.span, under: held, to: &sealed)
            let box = try AES.GCM.seal(
                message, using: SymmetricKey(data: key), nonce: AES.GCM.Nonce(data: nonce), authenticating: context)
            #expect(sealed == Array(box.ciphertext) + Array(box.tag))
            var opened: [UInt8] = []
            try opener.open(sealed.span, nonce: nonce.span, authenticating: context.span, under: held, to: &opened)
            #expect(opened == message)
        }
    }

    @Test func `what was changed anywhere does not open and leaves nothing, and the next message opens`() throws {
        var sealer = AESGCM(.seal)
        var opener = AESGCM(.open)
        let (key, other) = (Array<UInt8>(0..<32), Array<UInt8>(1..<33))
        let (nonce, context, message) = (Array<UInt8>(0..<12), Array<UInt8>(0..<7), Array<UInt8>(0..<50))
        var sealed: [UInt8] = []
        try sealer.seal(
            message.span, nonce: nonce.span, authenticating: context.span, under: AESKey(Self.array(key)), to: &sealed)
        func opens(_ sealed: [UInt8], _ nonce: [UInt8], _ context: [UInt8], _ key: [UInt8]) -> Bool {
            var output: [UInt8] = []
            do throws(AESGCM.Failure) {
                try opener.open(
                    sealed.span, nonce: nonce.span, authenticating: context.span, under: AESKey(Self.array(key)),
                    to: &output)
            } catch {
                #expect(error == .notAuthentic)
                #expect(output.isEmpty)
                return false
            }
            return output == message
        }
        for at in sealed.indices {
            var changed = sealed
            changed[at] ^= 1
            #expect(!opens(changed, nonce, context, key))
        }
        #expect(!opens(sealed.dropLast(), nonce, context, key))
        #expect(!opens([], nonce, context, key))
        #expect(!opens(sealed, nonce.reversed(), context, key))
        #expect(!opens(sealed, nonce, context + [0], key))
        #expect(!opens(sealed, nonce, context, other))
        #expect(opens(sealed, nonce, context, key))
    }

    @Test func `a nonce of another length is refused`() throws {
        var sealer = AESGCM(.seal)
        let short = [UInt8](repeating: 1, count: 11)
        var output: [UInt8] = []
        var failure: AESGCM.Failure?
        do throws(AESGCM.Failure) {
            try sealer.seal(
                short.span, nonce: short.span, authenticating: short.span, under: AESKey(Self.array(Array(0..<32))),
                to: &output)
        } catch {
            failure = error
        }
        #expect(failure == .invalidArgument)
        #expect(output.isEmpty)
    }
}
