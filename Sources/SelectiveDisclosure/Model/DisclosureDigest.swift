internal import JSON
internal import OpenSSL
internal import Transparency

/// The digest of a disclosure, or a decoy that looks like one: base64url of 32 bytes, without padding.
///
/// Source: RFC 9901, sections 4.2.3 (hashing disclosures) and 4.2.5 (decoys). Digests are ordered as their texts are.
public struct DisclosureDigest: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// How many characters a digest's text has.
    public static let characterCount = 43
    /// How many bytes the text stands for.
    public static let byteCount = 32

    /// The text, eight characters a word, the first in the highest bits; zeros after the last.
    private let words: InlineArray<6, UInt64>

    /// The SHA-256 of a disclosure as it is written: of the base64url text itself, not of what it encodes.
    ///
    /// - Complexity: O(*n*) in the number of characters.
    public init(ofEncoded text: [UInt8]) {
        self.init(hashing: text)
    }

    /// The SHA-256 of any bytes.
    package init(hashing text: [UInt8]) {
        self.init(encoding: SHA256State.hash(text.span).span)
    }

    /// Takes 32 bytes as a digest: random or pseudorandom ones make a decoy (section 4.2.5).
    ///
    /// - Returns: nil if there are not exactly 32.
    public init?(bytes: [UInt8]) {
        guard bytes.count == Self.byteCount else { return nil }
        self.init(encoding: bytes.span)
    }

    /// Reads a digest's text.
    ///
    /// - Returns: nil if it is not base64url of 32 bytes.
    public init?(_ text: String) {
        let characters = Array(text.utf8)
        guard characters.count == Self.characterCount else { return nil }
        self.init(characters.span, at: 0)
    }

    /// Reads the 43 characters at an offset.
    ///
    /// - Returns: nil if they are not there or not base64url of 32 bytes.
    package init?(_ text: Span<UInt8>, at offset: Int) {
        guard offset + Self.characterCount <= text.count,
            Base64.isText(text.extracting(offset..<offset + Self.characterCount), .url)
        else { return nil }
        self.init(unchecked: text, at: offset)
    }

    /// Takes the 43 characters at an offset, which must be there, for a digest.
    @inline(__always)
    package init(unchecked text: Span<UInt8>, at offset: Int) {
        words = [
            JSONScan.word(text, at: offset), JSONScan.word(text, at: offset + 8), JSONScan.word(text, at: offset + 16),
            JSONScan.word(text, at: offset + 24), JSONScan.word(text, at: offset + 32),
            JSONScan.word(text, at: offset + 35) << 40,
        ]
    }

    /// The text of 32 bytes, three bytes to four characters.
    private init(encoding bytes: Span<UInt8>) {
        var words = InlineArray<6, UInt64>(repeating: 0)
        for group in 0..<11 {
            let at = group * 3
            let last = group < 10 ? UInt32(bytes[at + 2]) : 0
            var characters = Base64.quadruple(UInt32(bytes[at]) << 16 | UInt32(bytes[at + 1]) << 8 | last, .url)
            if group == 10 { characters &= 0xFFFF_FF00 }
            words[group / 2] |= UInt64(characters) << (group % 2 == 0 ? 32 : 0)
        }
        self.words = words
    }

    /// The first eight characters: enough to tell digests apart that nobody made alike.
    var firstWord: UInt64 { words[0] }

    /// Appends the digest's text.
    package func append(to text: inout [UInt8]) {
        text.append(addingCapacity: Self.characterCount) { output in
            for index in 0..<6 {
                var word = words[index].byteSwapped
                while word != 0 {
                    output.append(UInt8(truncatingIfNeeded: word))
                    word >>= 8
                }
            }
        }
    }

    /// The digest's text.
    public var description: String {
        var text: [UInt8] = []
        append(to: &text)
        return String(decoding: text, as: UTF8.self)
    }

    public static func == (left: DisclosureDigest, right: DisclosureDigest) -> Bool {
        for word in 0..<6 where left.words[word] != right.words[word] { return false }
        return true
    }

    public static func < (left: DisclosureDigest, right: DisclosureDigest) -> Bool {
        for word in 0..<6 where left.words[word] != right.words[word] { return left.words[word] < right.words[word] }
        return false
    }

    public func hash(into hasher: inout Hasher) {
        for word in 0..<6 { hasher.combine(words[word]) }
    }
}

extension Array where Element == DisclosureDigest {
    /// A digest that is here more than once, or nil.
    ///
    /// - Complexity: O(*n* log *n*). Whole digests are compared only if the first eight characters repeat.
    func firstRepeated() -> DisclosureDigest? {
        let words = map(\.firstWord).sorted()
        guard words.indices.dropFirst().contains(where: { words[$0] == words[$0 - 1] }) else { return nil }
        let all = sorted()
        return all.indices.dropFirst().first { all[$0] == all[$0 - 1] }.map { all[$0] }
    }
}
