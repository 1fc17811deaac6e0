internal import Transparency

/// The 128 bits that keep a disclosure's digest from being guessed; in JSON a string of 22 characters, base64url.
///
/// Each salt is for one disclosure (RFC 9901, sections 4.2.1 and 9.3). Whoever knows the key can derive it instead of
/// drawing it, so that sealing again gives the same bytes.
public struct DisclosureSalt: Hashable, Sendable, CustomStringConvertible {
    /// How many bytes a salt has.
    public static let byteCount = 16
    /// How many characters its text has.
    public static let characterCount = 22

    private let high: UInt64
    private let low: UInt64

    /// Takes 16 bytes.
    ///
    /// - Returns: nil if there are not exactly 16.
    public init?(bytes: some Collection<UInt8>) {
        guard bytes.count == Self.byteCount else { return nil }
        high = bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
        low = bytes.dropFirst(8).reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// Takes 16 bytes as two big-endian numbers.
    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// Draws a salt.
    public static func random() -> DisclosureSalt {
        var generator = SystemRandomNumberGenerator()
        return DisclosureSalt(high: generator.next(), low: generator.next())
    }

    /// Appends the salt's text.
    func append(to text: inout [UInt8]) {
        let bytes = InlineArray<16, UInt8> { at in
            UInt8(truncatingIfNeeded: (at < 8 ? high : low) >> UInt64(56 - at % 8 * 8))
        }
        Base64.append(bytes.span, .url, to: &text)
    }

    /// The salt's text.
    public var description: String {
        var text: [UInt8] = []
        append(to: &text)
        return String(decoding: text, as: UTF8.self)
    }
}
