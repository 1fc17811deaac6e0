/// Why a proof does not hold.
public enum MerkleProofError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Index and sizes contradict one another.
    case impossibleSizes
    /// The proof has more or fewer hashes than its sizes need.
    case wrongLength
    /// The hashes lead to another root.
    case rootMismatch

    public var description: String {
        switch self {
        case .impossibleSizes: "the index and the sizes contradict one another"
        case .wrongLength: "the proof has the wrong number of hashes"
        case .rootMismatch: "the proof leads to another root"
        }
    }
}
