internal import COpenSSL

/// Encrypts or decrypts with AES-256-GCM. Keeps what OpenSSL prepares for a key until another comes, so use one for many
/// messages; one for each thread, and one for each direction.
///
/// Source: NIST SP 800-38D, with nonces of 96 bits and tags of 128.
@safe
public struct AESGCM: ~Copyable, @unchecked Sendable {
    /// Which way a context works.
    public enum Direction: Int32, Sendable {
        case open = 0
        case seal = 1
    }

    public static let nonceBytes = 12
    public static let tagBytes = 16

    /// What went wrong.
    public enum Failure: Error, Sendable {
        /// There is no memory, or no such cipher.
        case unavailable
        /// A nonce does not have 12 bytes, or a message is too long.
        case invalidArgument
        /// What was sealed is not what is there, or it was sealed with another key, nonce or context.
        case notAuthentic
    }

    private static let cipher: UnsafeCipher? = unsafe EVP_CIPHER_fetch(nil, "AES-256-GCM", nil).map {
        unsafe UnsafeCipher($0)
    }
    private static let maximumBytes = 1 << 30

    /// Made when it is needed first.
    private var context: OpaquePointer?
    private let direction: Direction
    /// The key that the context was made ready for.
    private var key: AESKey?

    public init(_ direction: Direction) {
        self.direction = direction
    }

    deinit {
        unsafe EVP_CIPHER_CTX_free(context)
    }

    private mutating func readyContext() throws(Failure) -> OpaquePointer {
        if let context = unsafe context { return unsafe context }
        guard let cipher = Self.cipher, let made = unsafe EVP_CIPHER_CTX_new() else { throw .unavailable }
        unsafe context = unsafe made
        guard unsafe EVP_CipherInit_ex2(made, cipher.pointer, nil, nil, direction.rawValue, nil) == 1 else {
            throw .unavailable
        }
        return unsafe made
    }

    /// Encrypts a message and appends the ciphertext, as long as the message, and the tag.
    ///
    /// - Parameters:
    ///   - nonce: 12 bytes, never the same for two messages under one key.
    ///   - authenticated: What is authenticated with it and not written.
    /// - Complexity: O(*n*) in the bytes of both.
    public mutating func seal(
        _ message: Span<UInt8>, nonce: Span<UInt8>, authenticating authenticated: Span<UInt8>,
        under key: borrowing AESKey,
        to output: inout [UInt8]
    ) throws(Failure) {
        precondition(direction == .seal, "a context for opening")
        guard message.count <= Self.maximumBytes else { throw .invalidArgument }
        let context = unsafe try begin(nonce, authenticated, key)
        var isDone = false
        output.append(addingCapacity: message.count + Self.tagBytes) { output in
            unsafe output.withUnsafeMutableBufferPointer { buffer, count in
                guard let target = buffer.baseAddress else { return }
                let start = unsafe target + count
                var written: Int32 = 0
                isDone = unsafe message.withUnsafeBufferPointer { message in
                    unsafe EVP_EncryptUpdate(context, start, &written, message.baseAddress, Int32(message.count)) == 1
                }
                var rest: Int32 = 0
                isDone =
                    unsafe isDone && EVP_EncryptFinal_ex(context, start + Int(written), &rest) == 1
                    && EVP_CIPHER_CTX_ctrl(
                        context, EVP_CTRL_AEAD_GET_TAG, Int32(Self.tagBytes), start + message.count) == 1
                if isDone { count += message.count + Self.tagBytes }
            }
        }
        guard isDone else { throw .unavailable }
    }

    /// Decrypts what ``seal(_:nonce:authenticating:under:to:)`` made, ciphertext and tag, and appends the message. What is
    /// not authentic appends nothing.
    ///
    /// - Complexity: O(*n*) in the bytes.
    public mutating func open(
        _ sealed: Span<UInt8>, nonce: Span<UInt8>, authenticating authenticated: Span<UInt8>,
        under key: borrowing AESKey,
        to output: inout [UInt8]
    ) throws(Failure) {
        precondition(direction == .open, "a context for sealing")
        guard sealed.count >= Self.tagBytes, sealed.count <= Self.maximumBytes else { throw .notAuthentic }
        let context = unsafe try begin(nonce, authenticated, key)
        let length = sealed.count - Self.tagBytes
        var tag = InlineArray<16, UInt8> { sealed[length + $0] }
        var isAuthentic = false
        output.append(addingCapacity: length) { output in
            unsafe output.withUnsafeMutableBufferPointer { buffer, count in
                guard let target = buffer.baseAddress else { return }
                let start = unsafe target + count
                var written: Int32 = 0
                var rest: Int32 = 0
                var span = tag.mutableSpan
                isAuthentic = unsafe sealed.withUnsafeBufferPointer { sealed in
                    unsafe EVP_DecryptUpdate(context, start, &written, sealed.baseAddress, Int32(length)) == 1
                }
                isAuthentic =
                    unsafe span.withUnsafeMutableBufferPointer { tag in
                        unsafe isAuthentic
                            && EVP_CIPHER_CTX_ctrl(
                                context, EVP_CTRL_AEAD_SET_TAG, Int32(Self.tagBytes), tag.baseAddress) == 1
                            && EVP_DecryptFinal_ex(context, start + Int(written), &rest) == 1
                    }
                if isAuthentic {
                    count += length
                } else {
                    unsafe OPENSSL_cleanse(start, length)
                }
            }
        }
        guard isAuthentic else { throw .notAuthentic }
    }

    /// Makes the context ready for a message.
    private mutating func begin(
        _ nonce: Span<UInt8>, _ authenticated: Span<UInt8>, _ key: borrowing AESKey
    ) throws(Failure) -> OpaquePointer {
        guard nonce.count == Self.nonceBytes, authenticated.count <= Self.maximumBytes else { throw .invalidArgument }
        let context = unsafe try readyContext()
        let isSame = self.key?.isEqual(to: key) ?? false
        let isDone = unsafe nonce.withUnsafeBufferPointer { nonce in
            unsafe authenticated.withUnsafeBufferPointer { authenticated in
                var written: Int32 = 0
                return unsafe EVP_CipherInit_ex2(
                    context, nil, isSame ? nil : key.bytes, nonce.baseAddress, direction.rawValue, nil) == 1
                    && EVP_CipherUpdate(context, nil, &written, authenticated.baseAddress, Int32(authenticated.count))
                        == 1
            }
        }
        if !isDone { self.key = nil } else if !isSame { self.key = key.copy() }
        guard isDone else { throw .unavailable }
        return unsafe context
    }
}

/// The cipher, which is never changed nor freed.
@safe
private struct UnsafeCipher: @unchecked Sendable {
    let pointer: OpaquePointer

    init(_ pointer: OpaquePointer) {
        unsafe self.pointer = unsafe pointer
    }
}
