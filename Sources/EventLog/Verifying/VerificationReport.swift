public import Transparency

/// What came of verifying a ledger.
public struct VerificationReport: Hashable, Sendable {
    /// Something that is not as it must be.
    public struct Problem: Hashable, Sendable, CustomStringConvertible {
        /// The parts that are verified.
        public enum Part: String, Hashable, Sendable {
            case checkpoint, state, entries, tree, disclosures, index
        }

        public let part: Part
        /// The position concerned, if there is one.
        public let position: Position?
        /// What is wrong.
        public let reason: String

        public var description: String {
            "\(part.rawValue)\(position.map { ", position \($0)" } ?? ""): \(reason)"
        }
    }

    /// How many entries were hashed.
    public internal(set) var entries: Position = 0
    /// The root that the entries lead to.
    public internal(set) var root = MerkleHash.emptyTree
    /// How many of the entries the index on disk covers.
    public internal(set) var indexed: Position = 0
    /// What is wrong, in the order in which it was found; the search ends after ``maximumProblems``.
    public internal(set) var problems: [Problem] = []

    /// How many problems are listed at the most.
    public static let maximumProblems = 100

    /// Whether everything is as it must be.
    public var isSound: Bool { problems.isEmpty }

    /// Whether only the index is wrong, which can be made anew.
    public var concernsOnlyIndex: Bool { problems.allSatisfy { $0.part == .index } }

    mutating func add(_ part: Problem.Part, _ position: Position? = nil, _ reason: String) {
        guard problems.count < Self.maximumProblems else { return }
        problems.append(Problem(part: part, position: position, reason: reason))
    }
}
