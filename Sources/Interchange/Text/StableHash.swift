/// A hash that is the same on every machine and in every run: FNV-1a, 64 bits.
///
/// It tells messages apart that carry the same reference, no more: it is no protection against anyone who wants two
/// messages to look the same. The ledger compares the content behind an id itself.
struct StableHash {
    private var state: UInt64 = 0xCBF2_9CE4_8422_2325

    mutating func combine(_ byte: UInt8) {
        state = (state ^ UInt64(byte)) &* 0x0000_0100_0000_01B3
    }

    /// Takes in a text and its end, so that "ab","c" and "a","bc" differ.
    mutating func combine(_ text: some StringProtocol) {
        for byte in text.utf8 { combine(byte) }
        combine(0xFF)
    }

    /// The hash as a number.
    var value: UInt64 { state }

    /// The hash as 16 hexadecimal digits.
    var text: String {
        let digits = String(state, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
