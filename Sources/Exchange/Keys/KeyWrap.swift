internal import Crypto

/// Keys encrypted under a key: AES-256-GCM with a nonce drawn for each; nonce (12), ciphertext, tag (16).
enum KeyWrap {
    /// Encrypts a key.
    ///
    /// - Parameter context: What the key is; to unwrap it, the same must be given.
    static func wrap(_ key: [UInt8], under wrapping: SymmetricKey, context: [UInt8]) throws(ExchangeError) -> [UInt8] {
        do {
            guard let combined = try AES.GCM.seal(key, using: wrapping, authenticating: context).combined else {
                throw CryptoKitError.incorrectParameterSize
            }
            return Array(combined)
        } catch {
            throw ExchangeError(.keyDamaged, "A key could not be wrapped: \(error).")
        }
    }

    /// The key that was wrapped, or nil if it was not so, or not in that context.
    static func unwrap(_ wrapped: [UInt8], under wrapping: SymmetricKey, context: [UInt8]) -> [UInt8]? {
        guard let box = try? AES.GCM.SealedBox(combined: wrapped),
            let key = try? AES.GCM.open(box, using: wrapping, authenticating: context)
        else { return nil }
        return Array(key)
    }

    /// Bytes that nobody can foresee.
    static func random(_ count: Int) -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        return (0..<count).map { _ in generator.next() }
    }
}
