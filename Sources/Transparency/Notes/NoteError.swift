/// Why a note, a key or what stands in a note is not accepted.
public struct NoteError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kinds of fault.
    public enum Code: String, Hashable, Sendable {
        case malformedNote, malformedKey, malformedCheckpoint, malformedProof
        case malformedPolicy, malformedEvidence
        case noSignature, wrongSignature, otherOrigin
    }

    public let code: Code
    public let reason: String

    public init(_ code: Code, _ reason: String) {
        self.code = code
        self.reason = reason
    }

    public var description: String { reason }
}
