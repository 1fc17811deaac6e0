internal import COpenSSL

/// SHA-256 of bytes that come one after another. A value of 112 bytes: copying it keeps what was hashed so far.
///
/// Source: FIPS 180-4.
public struct SHA256State: Sendable {
    /// How many bytes a hash has.
    public static let byteCount = 32
    static let blockBytes = 64

    private var context = SHA256_CTX()

    public init() {
        _ = unsafe SHA256_Init(&context)
    }

    /// Takes bytes.
    ///
    /// - Complexity: O(*n*) in their number.
    public mutating func update(_ bytes: Span<UInt8>) {
        _ = unsafe bytes.withUnsafeBytes { unsafe SHA256_Update(&context, $0.baseAddress, $0.count) }
    }

    /// The hash of what was taken; to go on from there, keep a copy of the state.
    public consuming func finish() -> InlineArray<32, UInt8> {
        var hash = InlineArray<32, UInt8>(repeating: 0)
        var span = hash.mutableSpan
        _ = unsafe span.withUnsafeMutableBufferPointer { unsafe SHA256_Final($0.baseAddress, &context) }
        return hash
    }

    /// The hash of some bytes.
    ///
    /// - Complexity: O(*n*) in their number.
    public static func hash(_ bytes: Span<UInt8>) -> InlineArray<32, UInt8> {
        var state = SHA256State()
        state.update(bytes)
        return state.finish()
    }
}
