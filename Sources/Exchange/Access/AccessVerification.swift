public import EventLog

/// What came of verifying the access log of a ledger, and what the main log says of it.
public struct AccessVerification: Sendable, Hashable {
    /// Something that is not as it must be.
    public struct Problem: Sendable, Hashable, CustomStringConvertible {
        /// The position of the anchor in the main log, if it is about one.
        public let anchor: Position?
        public let reason: String

        public var description: String { anchor.map { "The anchor at \($0): \(reason)" } ?? reason }
    }

    /// How many entries of the access log were hashed.
    public internal(set) var records: Position = 0
    /// How many anchors the main log has.
    public internal(set) var anchors = 0
    /// How many entries of the access log the last one is over; those after it could be cut off unseen.
    public internal(set) var anchored: Position = 0
    /// What is wrong, at most ``VerificationReport/maximumProblems``.
    public internal(set) var problems: [Problem] = []

    public var isSound: Bool { problems.isEmpty }

    mutating func add(_ reason: String, anchor: Position? = nil) {
        guard problems.count < VerificationReport.maximumProblems else { return }
        problems.append(Problem(anchor: anchor, reason: reason))
    }
}
