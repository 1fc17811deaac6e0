internal import COpenSSL

/// A key for AES-256. Its bytes lie in one place and are overwritten when it goes.
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

    /// The bytes as four words, to tell keys apart by.
    var words: InlineArray<4, UInt64> {
        InlineArray { word in
            unsafe UnsafeRawPointer(bytes).loadUnaligned(fromByteOffset: word * 8, as: UInt64.self)
        }
    }
}
