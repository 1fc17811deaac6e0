/// What a witness says of a checkpoint: that at a time this was the largest consistent tree of the log that it had seen.
///
/// Source: C2SP tlog-cosignature, `cosignature/v1` with Ed25519. In a note it is a signature whose bytes are the time and
/// the 64 bytes of the signature.
public struct Cosignature: Hashable, Sendable {
    /// The latest time that a cosignature can tell.
    public static let latestTime: UInt64 = 1 << 63 - 1
    private static let byteCount = 72

    /// When it was made, in seconds since 1970.
    public let time: UInt64
    /// The 64 bytes of the Ed25519 signature.
    public let signature: [UInt8]

    init(time: UInt64, signature: [UInt8]) {
        self.time = time
        self.signature = signature
    }

    /// Takes a line of a note for a cosignature. Nothing is verified yet.
    ///
    /// - Returns: nil if its bytes are none.
    init?(_ line: SignedNote.Signature) {
        guard line.bytes.count == Self.byteCount else { return nil }
        time = line.bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
        guard time > 0, time <= Self.latestTime else { return nil }
        signature = Array(line.bytes.dropFirst(8))
    }

    /// What stands in the note's line after the id of the key.
    var bytes: [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: time >> UInt64(56 - $0 * 8)) } + signature
    }

    /// What is signed: a header that no checkpoint begins with, the time, and the whole text of the checkpoint.
    static func message(_ text: String, time: UInt64) -> [UInt8] {
        Array("cosignature/v1\ntime \(time)\n\(text)".utf8)
    }
}
