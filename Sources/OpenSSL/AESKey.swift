internal import COpenSSL

/// A key for AES-256. Its bytes are overwritten when it goes; what was on the stack while it was made is not.
@safe
public struct AESKey: ~Copyable, @unchecked Sendable {
    /// How many bytes a key has.
    public static let byteCount = 32

    // Written once, before anybody else has it.
    let bytes: UnsafeMutablePointer<UInt8>

    /// Takes the bytes of a key.
    public init(_ key: InlineArray<32, UInt8>) {
        unsafe bytes = .allocate(capacity: Self.byteCount)
        for at in key.indices { unsafe bytes[at] = key[at] }
    }

    deinit {
        unsafe OPENSSL_cleanse(bytes, Self.byteCount)
        unsafe bytes.deallocate()
    }

    /// A key of the same bytes.
    func copy() -> AESKey {
        AESKey(InlineArray { unsafe bytes[$0] })
    }

    func isEqual(to other: borrowing AESKey) -> Bool {
        unsafe CRYPTO_memcmp(bytes, other.bytes, Self.byteCount) == 0
    }
}
