/// Base64 (RFC 4648), strict: one text for one sequence of bytes.
public enum Base64 {
    /// Which characters stand for 62 and 63, and whether the text is padded.
    public enum Variant: Sendable {
        /// `+` and `/`, padded with `=` to four characters a group (section 4).
        case standard
        /// `-` and `_`, without padding (section 5): base64url as JWS and SD-JWT write it (RFC 7515, section 2).
        case url
    }

    /// The text of bytes.
    public static func encode(_ bytes: [UInt8], _ variant: Variant = .standard) -> String {
        var text: [UInt8] = []
        append(bytes.span, variant, to: &text)
        return String(decoding: text, as: UTF8.self)
    }

    /// The bytes of a text, or nil if it is not base64 of that variant: wrong length, another alphabet, padding where
    /// none belongs, or bits set that no byte holds.
    public static func decode(_ text: some StringProtocol, _ variant: Variant = .standard) -> [UInt8]? {
        let characters = Array(text.utf8)
        return decode(characters.span, variant)
    }

    /// What a variant looks up.
    private struct Alphabet: Sendable {
        /// The two characters of each twelve bits, the first in the high byte.
        let pairs: [UInt16]
        /// The value of each character; 255 for those that have none.
        let values: [UInt8]

        init(_ lastTwo: String) {
            let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
            let characters = Array((letters + lastTwo).utf8)
            pairs = (0..<4096).map { UInt16(characters[$0 >> 6]) << 8 | UInt16(characters[$0 & 63]) }
            var values = [UInt8](repeating: 255, count: 256)
            for (value, character) in characters.enumerated() { values[Int(character)] = UInt8(value) }
            self.values = values
        }
    }

    private static let standard = Alphabet("+/")
    private static let url = Alphabet("-_")

    private static func alphabet(_ variant: Variant) -> Alphabet {
        switch variant {
        case .standard: standard
        case .url: url
        }
    }

    /// The four characters of three bytes, the first of each in the highest bits.
    package static func quadruple(_ bytes: UInt32, _ variant: Variant) -> UInt32 {
        let pairs = alphabet(variant).pairs
        return UInt32(pairs[Int(bytes >> 12 & 4095)]) << 16 | UInt32(pairs[Int(bytes & 4095)])
    }

    /// Appends the text of bytes.
    ///
    /// - Complexity: O(*n*) in the number of bytes.
    package static func append(_ bytes: Span<UInt8>, _ variant: Variant = .standard, to text: inout [UInt8]) {
        let pairs = alphabet(variant).pairs
        let whole = bytes.count / 3 * 3
        let left = bytes.count - whole
        text.append(addingCapacity: (bytes.count + 2) / 3 * 4) { output in
            var at = 0
            // Six bytes to eight characters, written as one word.
            let wide = bytes.count / 6 * 6
            if wide > 0 {
                output.append(repeating: 0, count: wide / 3 * 4)
                var span = output.mutableSpan
                var target = span.mutableBytes
                while at < wide {
                    let high = Int(bytes[at]) << 16 | Int(bytes[at + 1]) << 8 | Int(bytes[at + 2])
                    let low = Int(bytes[at + 3]) << 16 | Int(bytes[at + 4]) << 8 | Int(bytes[at + 5])
                    let first = UInt64(pairs[high >> 12]) << 48 | UInt64(pairs[high & 4095]) << 32
                    let word = first | UInt64(pairs[low >> 12]) << 16 | UInt64(pairs[low & 4095])
                    target.storeBytes(of: word.bigEndian, toByteOffset: at / 3 * 4, as: UInt64.self)
                    at += 6
                }
            }
            while at < whole {
                let group = Int(bytes[at]) << 16 | Int(bytes[at + 1]) << 8 | Int(bytes[at + 2])
                let (high, low) = (pairs[group >> 12], pairs[group & 4095])
                output.append(UInt8(truncatingIfNeeded: high >> 8))
                output.append(UInt8(truncatingIfNeeded: high))
                output.append(UInt8(truncatingIfNeeded: low >> 8))
                output.append(UInt8(truncatingIfNeeded: low))
                at += 3
            }
            guard left > 0 else { return }
            let group = Int(bytes[at]) << 16 | (left > 1 ? Int(bytes[at + 1]) << 8 : 0)
            let (high, low) = (pairs[group >> 12], pairs[group & 4095])
            output.append(UInt8(truncatingIfNeeded: high >> 8))
            output.append(UInt8(truncatingIfNeeded: high))
            if left > 1 { output.append(UInt8(truncatingIfNeeded: low >> 8)) }
            guard variant == .standard else { return }
            for _ in left..<3 { output.append(UInt8(ascii: "=")) }
        }
    }

    /// Whether a text is the one text of some bytes.
    ///
    /// - Complexity: O(*n*) in the number of characters.
    package static func isText(_ text: Span<UInt8>, _ variant: Variant = .standard) -> Bool {
        guard let end = unpaddedCount(of: text, variant) else { return false }
        let values = alphabet(variant).values
        // Every value has its two highest bits clear, and 255, of what is no character, has them set.
        var all: UInt8 = 0
        for at in 0..<end { all |= values[Int(text[at])] }
        guard all < 64 else { return false }
        // Of the last character, bits may be left that no byte holds.
        switch end % 4 {
        case 2: return values[Int(text[end - 1])] & 15 == 0
        case 3: return values[Int(text[end - 1])] & 3 == 0
        default: return true
        }
    }

    /// The bytes of a text, or nil if it is not the one text of some bytes.
    ///
    /// - Complexity: O(*n*) in the number of characters.
    package static func decode(_ text: Span<UInt8>, _ variant: Variant = .standard) -> [UInt8]? {
        guard isText(text, variant), let end = unpaddedCount(of: text, variant) else { return nil }
        let values = alphabet(variant).values
        return [UInt8](capacity: end * 3 / 4) { output in
            var at = 0
            while at < end {
                var group: UInt32 = 0
                let count = min(4, end - at)
                for step in 0..<count { group |= UInt32(values[Int(text[at + step])]) << UInt32(18 - step * 6) }
                for step in 0..<count - 1 { output.append(UInt8(truncatingIfNeeded: group >> UInt32(16 - step * 8))) }
                at += 4
            }
        }
    }

    /// How many characters stand before the padding, or nil if the text has a length that none has.
    private static func unpaddedCount(of text: Span<UInt8>, _ variant: Variant) -> Int? {
        var end = text.count
        if variant == .standard {
            guard end % 4 == 0 else { return nil }
            while end > 0, text.count - end < 2, text[end - 1] == UInt8(ascii: "=") { end -= 1 }
        }
        return end % 4 == 1 ? nil : end
    }
}
