internal import LMDB
internal import OpenSSL
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
    private static let tagBytes = AESGCM.tagBytes
    private static let nonceStart = 9
    private static let prefixBytes = 5

    enum Kind: UInt8 {
        case value = 1
        case decoy = 2
    }

    /// How long the rows of a field are.
    static func byteCount(_ slot: SealingSlot) -> Int { headerBytes + prefixBytes + slot.capacity + tagBytes }

    /// Makes rows. Keeps its buffers and what the cipher prepared for a key, so use one for many.
    struct Sealer: ~Copyable, Sendable {
        private var cipher = AESGCM(.seal)
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
            let hash = SHA256State.hash(message.span)
            let nonce = hash.span.extracting(0..<AESGCM.nonceBytes)
            // Taken out of the sealer, so that the cipher may change beside it.
            var plaintext = self.plaintext
            self.plaintext = []
            defer { self.plaintext = plaintext }
            plaintext.removeAll(keepingCapacity: true)
            plaintext.append(kind.rawValue)
            plaintext.append(bigEndian: UInt32(truncatingIfNeeded: json.count))
            plaintext.append(contentsOf: json)
            let padding = prefixBytes + slot.capacity - plaintext.count
            plaintext.append(addingCapacity: padding) { $0.append(repeating: 0, count: padding) }
            var row: [UInt8] = []
            row.reserveCapacity(headerBytes + plaintext.count + tagBytes)
            row.append(version)
            row.append(bigEndian: key.mask.masked(key.number, nonce: nonce))
            row.append(copying: nonce)
            do throws(AESGCM.Failure) {
                try cipher.seal(
                    plaintext.span, nonce: nonce, authenticating: context.span, under: key.encryption, to: &row)
            } catch {
                throw ExchangeError(.keyDamaged, "A field could not be encrypted: \(error).")
            }
            return row
        }
    }

    /// The number of the key that a row was sealed with, also of one that was cut down to its header; nil if it is none.
    static func keyNumber(_ row: Span<UInt8>, _ mask: NumberMask) -> UInt64? {
        guard row.count == headerBytes || row.count >= headerBytes + prefixBytes + tagBytes, row[0] == version else {
            return nil
        }
        var masked: UInt64 = 0
        for at in 1..<nonceStart { masked = masked << 8 | UInt64(row[at]) }
        return mask.masked(masked, nonce: row.extracting(nonceStart..<headerBytes))
    }

    /// Opens rows. Keeps its buffer and what the cipher prepared for a key, so use one for many.
    struct Opener: ~Copyable, Sendable {
        private var cipher = AESGCM(.open)
        private var plaintext: [UInt8] = []

        /// What a row holds, or nil if it was not sealed so: with that key, for that field of that event.
        mutating func open(_ row: Span<UInt8>, context: [UInt8], key: SubjectKey) -> (kind: Kind, json: [UInt8])? {
            guard row.count >= headerBytes + prefixBytes + tagBytes, row[0] == version else { return nil }
            plaintext.removeAll(keepingCapacity: true)
            do throws(AESGCM.Failure) {
                try cipher.open(
                    row.extracting(headerBytes..<row.count), nonce: row.extracting(nonceStart..<headerBytes),
                    authenticating: context.span, under: key.encryption, to: &plaintext)
            } catch {
                return nil
            }
            let text = plaintext.span
            var length = 0
            for at in 1..<prefixBytes { length = length << 8 | Int(text[at]) }
            guard let kind = Kind(rawValue: text[0]), prefixBytes + length <= text.count else { return nil }
            return (kind, text.copied(from: prefixBytes, to: prefixBytes + length))
        }
    }
}
