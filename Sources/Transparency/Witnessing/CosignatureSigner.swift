/// A witness's private key. It signs checkpoints alone, and says when it did.
public struct CosignatureSigner: Sendable {
    /// The public half.
    public let verifier: CosignatureVerifier
    private let key: NoteSigner

    /// Takes a key as a file keeps it; it must be used for nothing else. The text form is that of keys for notes, as other
    /// witnesses keep theirs.
    public init(_ key: NoteSigner) {
        self.key = key
        verifier = CosignatureVerifier(key.verifier)
    }

    /// Cosigns the text of a checkpoint. Whoever calls this has verified it, and has written down that it did.
    ///
    /// - Parameter time: In seconds since 1970.
    /// - Returns: The line that goes under the checkpoint.
    /// - Throws: ``NoteError`` with code `.malformedCheckpoint` if the text is none, or the time can be none.
    /// - Complexity: about 20 µs.
    public func cosign(_ text: String, at time: UInt64) throws(NoteError) -> SignedNote.Signature {
        _ = try Checkpoint(text)
        guard time > 0, time <= Cosignature.latestTime else {
            throw NoteError(.malformedCheckpoint, "\(time) is no time of a cosignature: set the clock.")
        }
        let signature = try key.bytes(signing: Cosignature.message(text, time: time))
        let cosignature = Cosignature(time: time, signature: signature)
        return SignedNote.Signature(name: verifier.name, id: verifier.id, bytes: cosignature.bytes)
    }
}
