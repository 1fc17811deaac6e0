internal import Crypto
internal import LMDB
internal import SelectiveDisclosure

/// How a disclosure is kept beside its entry: version (1), masked number of its key (8, big-endian), nonce (12), then
/// the ciphertext of AES-256-GCM and its tag (16).
///
/// What is encrypted has one length for all events of a schema version: kind (1: a value 1, a decoy 2), length (4,
/// big-endian), the disclosure's JSON, zeros. Authenticated with it: agency, source, id, pointer and the schema's URI.
///
/// The nonce is the first 96 bits of SHA-256 over the field's seed (``FieldSecret``, which is derived under the subject's key
/// from agency, source, id and pointer), the kind, the digest, which stands for salt, name and value, and the schema's URI.
/// So one nonce comes with one plaintext, whatever fails in between or is put back from a copy, as neither a counter nor a
/// random number would promise; a retry makes the same row. Two rows of a key share a nonce by chance alone: with 2^32
/// rows under one key, one in 2^33 (NIST SP 800-38D asks for 2^-32 at most).
enum SealedRow {
    static let version: UInt8 = 1
    /// Version, number and nonce: what is left of a row once its key has been destroyed.
    static let headerBytes = 21
    private static let tagBytes = 16
    private static let prefixBytes = 5

    enum Kind: UInt8 {
        case value = 1
        case decoy = 2
    }

    /// How long the rows of a field are.
    static func byteCount(_ slot: SealingSlot) -> Int { headerBytes + prefixBytes + slot.capacity + tagBytes }

    /// Makes rows. Keeps its buffers, so use one for many.
    struct Sealer: Sendable {
        private var message: [UInt8] = []
        private var plaintext: [UInt8] = []

        /// The row of a disclosure, or of a decoy, which has no JSON.
        ///
        /// - Parameters:
        ///   - slot: The field.
        ///   - digest: The disclosure's digest, or the decoy.
        ///   - secret: What is derived for the field of this event.
        ///   - context: What is authenticated.
        mutating func seal(
            _ kind: Kind, _ json: ArraySlice<UInt8>, digest: DisclosureDigest, _ slot: SealingSlot, uriField: [UInt8],
            _ secret: FieldSecret, context: [UInt8], key: SubjectKey
        ) throws(ExchangeError) -> [UInt8] {
            message.removeAll(keepingCapacity: true)
            secret.appendSeed(to: &message)
            message.append(kind.rawValue)
            digest.append(to: &message)
            message.append(contentsOf: uriField)
            let nonce = Array(SHA256.hash(data: message).prefix(12))
            plaintext.removeAll(keepingCapacity: true)
            plaintext.append(kind.rawValue)
            plaintext.append(bigEndian: UInt32(truncatingIfNeeded: json.count))
            plaintext.append(contentsOf: json)
            plaintext.append(contentsOf: repeatElement(0, count: prefixBytes + slot.capacity - plaintext.count))
            do {
                let box = try AES.GCM.seal(
                    plaintext, using: key.encryption, nonce: AES.GCM.Nonce(data: nonce), authenticating: context)
                guard let combined = box.combined else { throw CryptoKitError.incorrectParameterSize }
                var row: [UInt8] = []
                row.reserveCapacity(headerBytes + plaintext.count + tagBytes)
                row.append(version)
                row.append(bigEndian: key.mask.masked(key.number, nonce: nonce.span))
                row.append(contentsOf: combined)
                return row
            } catch {
                throw ExchangeError(.keyDamaged, "A field could not be encrypted: \(error).")
            }
        }
    }

    /// The number of the key that a row was sealed with, also of one that was cut down to its header; nil if it is none.
    static func keyNumber(_ row: Span<UInt8>, _ mask: NumberMask) -> UInt64? {
        guard row.count == headerBytes || row.count >= headerBytes + prefixBytes + tagBytes, row[0] == version else {
            return nil
        }
        var masked: UInt64 = 0
        for at in 1..<9 { masked = masked << 8 | UInt64(row[at]) }
        return mask.masked(masked, nonce: row.extracting(9..<headerBytes))
    }

    /// What a row holds, or nil if it was not sealed so: with that key, for that field of that event.
    static func open(_ row: [UInt8], context: [UInt8], key: SubjectKey) -> (kind: Kind, json: [UInt8])? {
        guard row.count >= headerBytes + prefixBytes + tagBytes, row[0] == version,
            let box = try? AES.GCM.SealedBox(combined: row[9...]),
            let plaintext = try? AES.GCM.open(box, using: key.encryption, authenticating: context)
        else { return nil }
        let bytes = Array(plaintext)
        let length = bytes[1..<prefixBytes].reduce(0) { $0 << 8 | Int($1) }
        guard let kind = Kind(rawValue: bytes[0]), prefixBytes + length <= bytes.count else { return nil }
        return (kind, Array(bytes[prefixBytes..<prefixBytes + length]))
    }
}
