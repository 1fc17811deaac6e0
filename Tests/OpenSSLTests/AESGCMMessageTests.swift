import Crypto
import OpenSSL
import TestSupport
import Testing

@Suite("AES-GCM of messages of every size")
struct AESGCMMessageTests {
    /// A message and what it is sealed with.
    private struct Message {
        let key: [UInt8]
        let nonce: [UInt8]
        let text: [UInt8]
        let authenticated: [UInt8]

        init(_ dice: inout Dice, key: [UInt8]? = nil, bytes: Int, authenticated: Int) {
            self.key = key ?? dice.bytes(32)
            nonce = dice.bytes(12)
            text = dice.bytes(bytes)
            self.authenticated = dice.bytes(authenticated)
        }

        private var held: AESKey { AESKey(InlineArray { key[$0] }) }

        func seal(with sealer: inout AESGCM, behind output: [UInt8] = []) throws(AESGCM.Failure) -> [UInt8] {
            var output = output
            try sealer.seal(
                text.span, nonce: nonce.span, authenticating: authenticated.span, under: held, to: &output)
            return output
        }

        /// What is opened; nil if it is not authentic, and then nothing may have come to the output.
        func open(
            _ sealed: [UInt8], with opener: inout AESGCM, behind start: [UInt8] = [],
            authenticated other: [UInt8]? = nil
        ) throws(AESGCM.Failure) -> [UInt8]? {
            var output = start
            let authenticated = other ?? authenticated
            do throws(AESGCM.Failure) {
                try opener.open(
                    sealed.span, nonce: nonce.span, authenticating: authenticated.span, under: held, to: &output)
            } catch {
                guard error == .notAuthentic else { throw error }
                // Told apart here: to print what differs in a large one takes minutes.
                let isUntouched = output == start
                #expect(isUntouched)
                return nil
            }
            return output
        }

        /// By another implementation.
        func sealedElsewhere() throws -> [UInt8] {
            let box = try AES.GCM.seal(
                text, using: SymmetricKey(data: key), nonce: AES.GCM.Nonce(data: nonce), authenticating: authenticated)
            return Array(box.ciphertext) + Array(box.tag)
        }
    }

    /// Test case 13 of McGrew and Viega, and the first without plaintext, of 128 bits to be authenticated, of NIST's
    /// gcmEncryptExtIV256.
    @Test(arguments: [
        (String(repeating: "00", count: 32), "000000000000000000000000", "", "530f8afbc74536b9a963b4f1c4cb738b"),
        (
            "78dc4e0aaf52d935c3c01eea57428f00ca1fd475f5da86a49c8dd73d68c8e223", "d79cf22d504cc793c3fb6c8a",
            "b96baa8c1c75a671bfb2d08d06be5f36", "3e5d486aa2e30b22e040b85723a06e76"
        ),
    ])
    func `an empty message has the tag of the standard`(
        key: String, nonce: String, authenticated: String, tag: String
    ) throws {
        let (key, nonce) = (try #require(Hex.decode(key)), try #require(Hex.decode(nonce)))
        let authenticated = try #require(Hex.decode(authenticated))
        var sealer = AESGCM(.seal)
        var output: [UInt8] = []
        let none: [UInt8] = []
        try sealer.seal(
            none.span, nonce: nonce.span, authenticating: authenticated.span, under: AESKey(InlineArray { key[$0] }),
            to: &output)
        #expect(Hex.encode(output) == tag)
    }

    @Test(arguments: UInt64(1)...20)
    func `a message, what is authenticated, or both may be empty, whatever came before in the same context`(
        seed: UInt64
    ) throws {
        var dice = Dice(seed: seed)
        var sealer = AESGCM(.seal)
        var opener = AESGCM(.open)
        let keys = [dice.bytes(32), [UInt8](repeating: 0, count: 32)]
        for step in 0..<100 {
            let message = Message(
                &dice, key: dice.pick(keys), bytes: dice.pick([0, 0, 1, 16, 33]),
                authenticated: dice.pick([0, 0, 1, 16, 33]))
            let comment: Comment = "seed \(seed), step \(step)"
            let start = dice.bytes(dice.pick([0, 0, 5]))
            let sealed = try message.seal(with: &sealer, behind: start)
            #expect(sealed == start + (try message.sealedElsewhere()), comment)
            let own = Array(sealed.dropFirst(start.count))
            var spoilt = own
            spoilt[dice.below(own.count)] ^= 1 << UInt8(dice.below(8))
            if dice.oneIn(3) { #expect(try message.open(spoilt, with: &opener, behind: start) == nil, comment) }
            let other = message.authenticated.isEmpty ? [0] : Array(message.authenticated.dropLast())
            if dice.oneIn(3) {
                #expect(try message.open(own, with: &opener, behind: start, authenticated: other) == nil, comment)
            }
            #expect(try message.open(own, with: &opener, behind: start) == start + message.text, comment)
        }
    }

    @Test(arguments: [(1 << 20, 0), (1 << 20, 1 << 20), (0, 1 << 20), ((1 << 20) + 7, 13)])
    func `a message of a mebibyte is sealed whole, and one bit of it that was changed is found`(
        bytes: Int, authenticated: Int
    ) throws {
        var dice = Dice(seed: UInt64(bytes + authenticated))
        let message = Message(&dice, bytes: bytes, authenticated: authenticated)
        var sealer = AESGCM(.seal)
        var opener = AESGCM(.open)
        let sealed = try message.seal(with: &sealer)
        let isSame = try sealed == message.sealedElsewhere()
        #expect(isSame)
        for at in [0, sealed.count / 2, max(0, bytes - 1), sealed.count - 1] {
            var changed = sealed
            changed[at] ^= 0x80
            let isRefused = try message.open(changed, with: &opener) == nil
            #expect(isRefused, "byte \(at)")
        }
        let isOpened = try message.open(sealed, with: &opener) == message.text
        #expect(isOpened)
    }

    @Test func `several tasks, each with contexts of its own, seal and open as one alone does`() async {
        let faults = await withTaskGroup(of: [String].self) { group in
            for seed in 1...8 as ClosedRange<UInt64> {
                group.addTask { Self.faults(seed) }
            }
            return await group.reduce(into: []) { $0 += $1 }
        }
        #expect(faults.isEmpty, "\(faults.prefix(5))")
    }

    /// What goes wrong with many messages of a few keys, some of which other tasks have too.
    private static func faults(_ seed: UInt64) -> [String] {
        var dice = Dice(seed: seed)
        var sealer = AESGCM(.seal)
        var opener = AESGCM(.open)
        let keys = [Array(0..<32), dice.bytes(32), dice.bytes(32)]
        var faults: [String] = []
        for step in 0..<600 {
            let message = Message(
                &dice, key: dice.pick(keys), bytes: dice.below(300), authenticated: dice.below(60))
            do {
                let sealed = try message.seal(with: &sealer)
                if try sealed != message.sealedElsewhere() { faults.append("seed \(seed), step \(step): sealed") }
                var changed = sealed
                changed[dice.below(sealed.count)] ^= 1
                if try message.open(changed, with: &opener) != nil {
                    faults.append("seed \(seed), step \(step): changed")
                }
                if try message.open(sealed, with: &opener) != message.text {
                    faults.append("seed \(seed), step \(step): opened")
                }
            } catch {
                faults.append("seed \(seed), step \(step): \(error)")
            }
        }
        return faults
    }
}
