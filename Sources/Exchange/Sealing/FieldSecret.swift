internal import LMDB
internal import SelectiveDisclosure

/// What is derived for a field of an event, under the key of its subject: HMAC-SHA256 over a label, agency, source, id and
/// pointer, each of these four with its length before it. The first half is the salt; the second, the seed, is told to
/// nobody, and of it decoy and nonce are made.
struct FieldSecret: Sendable {
    private static let label = Array("sanhu/v1/field".utf8)
    private static let decoyMark: UInt8 = 0

    let salt: DisclosureSalt
    private let seed: (high: UInt64, low: UInt64)

    /// - Parameter context: Agency, source, id and pointer.
    init(_ context: [UInt8], _ key: SubjectKey) {
        let code = key.code(Self.label, context)
        salt = DisclosureSalt(high: code.bigEndianWord(at: 0), low: code.bigEndianWord(at: 8))
        seed = (code.bigEndianWord(at: 16), code.bigEndianWord(at: 24))
    }

    /// Appends the seed, 16 bytes.
    func appendSeed(to bytes: inout [UInt8]) {
        bytes.append(bigEndian: seed.high)
        bytes.append(bigEndian: seed.low)
    }

    /// What stands for the field if the event does not have it: SHA-256 over the seed and a zero, which no nonce is made of.
    var decoy: DisclosureDigest {
        var message: [UInt8] = []
        message.reserveCapacity(17)
        appendSeed(to: &message)
        message.append(Self.decoyMark)
        return DisclosureDigest(hashing: message)
    }
}
