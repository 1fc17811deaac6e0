internal import LMDB
internal import OpenSSL

/// The key of a subject and a compartment, unwrapped and ready for use.
///
/// Of the one data-encryption key that is stored, two are derived by HKDF-SHA256 (RFC 5869) under labels of their own:
/// one that encrypts rows (AES-256-GCM) and one for salts, decoys, nonces and blinded tags (HMAC-SHA256). With the
/// stored key both are gone.
public final class SubjectKey: Sendable {
    static let byteCount = 32
    private static let encryptionLabel = Array("sanhu/v1/encrypt".utf8)
    private static let authenticationLabel = Array("sanhu/v1/derive".utf8)

    /// By which rows name it. Greater than that of every key made before; never given twice.
    public let number: UInt64
    let encryption: AESKey
    private let authentication: HMACKey
    let mask: NumberMask

    init(number: UInt64, dataKey: [UInt8], mask: NumberMask) {
        self.number = number
        self.mask = mask
        encryption = AESKey(HMACKey.derive(from: dataKey.span, for: Self.encryptionLabel.span))
        authentication = HMACKey(HMACKey.derive(from: dataKey.span, for: Self.authenticationLabel.span).span)
    }

    /// HMAC-SHA256 (RFC 2104) of a label and a message, one after the other. Labels are chosen so that none is the
    /// beginning of another.
    func code(_ label: [UInt8], _ message: [UInt8]) -> InlineArray<32, UInt8> {
        authentication.code(label.span, message.span)
    }
}

/// Hides the numbers of keys in rows: whoever has the rows but not the keys, as of a snapshot, would else see which
/// rows of different events are about one subject, and tell a decoy from a value by whose key sealed it.
///
/// A number is combined by exclusive or with the first 64 bits of SHA-256 of a secret of the store (32 bytes) and the
/// row's nonce (12 bytes). The input has one length, so nothing can be appended to it.
struct NumberMask: Sendable {
    private let secret: [UInt8]

    init(secret: [UInt8]) {
        self.secret = secret
    }

    /// The number in its hidden form, or, of the hidden form, the number.
    func masked(_ number: UInt64, nonce: Span<UInt8>) -> UInt64 {
        var state = SHA256State()
        state.update(secret.span)
        state.update(nonce)
        return state.finish().bigEndianWord(at: 0) ^ number
    }
}

extension InlineArray where Element == UInt8 {
    /// The big-endian integer of 8 bytes at an offset, which must be there.
    func bigEndianWord(at offset: Int) -> UInt64 {
        var word: UInt64 = 0
        for at in offset..<offset + 8 { word = word << 8 | UInt64(self[at]) }
        return word
    }
}
