/// A key for HMAC-SHA-256, its two blocks hashed already, so that a code costs no more than the hash of the message and
/// of one block.
///
/// Source: RFC 2104, FIPS 198-1.
public struct HMACKey: Sendable {
    private let inner: SHA256State
    private let outer: SHA256State

    /// - Parameter key: Any number of bytes.
    public init(_ key: Span<UInt8>) {
        var block = InlineArray<64, UInt8>(repeating: 0)
        if key.count <= SHA256State.blockBytes {
            for at in key.indices { block[at] = key[at] }
        } else {
            let hash = SHA256State.hash(key)
            for at in hash.indices { block[at] = hash[at] }
        }
        for at in block.indices { block[at] ^= 0x36 }
        var inner = SHA256State()
        inner.update(block.span)
        for at in block.indices { block[at] ^= 0x36 ^ 0x5C }
        var outer = SHA256State()
        outer.update(block.span)
        self.inner = inner
        self.outer = outer
    }

    /// A key of 32 bytes that is made of some secret bytes for one use, which a label names: HKDF with SHA-256, without salt.
    ///
    /// Source: RFC 5869, one block of output.
    public static func derive(from secret: Span<UInt8>, for label: Span<UInt8>) -> InlineArray<32, UInt8> {
        let none = InlineArray<0, UInt8>(repeating: 0)
        let extracted = HMACKey(none.span).code(secret, none.span)
        let counter: InlineArray<1, UInt8> = [1]
        return HMACKey(extracted.span).code(label, counter.span)
    }

    /// The code of a message that lies in two pieces.
    ///
    /// - Complexity: O(*n*) in its bytes.
    public func code(_ first: Span<UInt8>, _ second: Span<UInt8>) -> InlineArray<32, UInt8> {
        var state = inner
        state.update(first)
        state.update(second)
        let hash = state.finish()
        var last = outer
        last.update(hash.span)
        return last.finish()
    }
}
