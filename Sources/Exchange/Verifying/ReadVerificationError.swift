/// Why an answer to a verifiable read does not hold, and where.
///
/// Compare by ``code``; show ``description`` to a person. No value of a field stands in it.
public struct ReadVerificationError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kinds of fault.
    public enum Code: String, Hashable, Sendable, CaseIterable {
        // The text.
        /// A line that is not of the form of docs/verifiable-reads.md.
        case malformed
        /// More bytes, members or depth than the limits.
        case tooLarge
        /// The last line is missing, or says of another number of positions than there are.
        case cutShort
        // The log.
        /// A checkpoint that the key has not signed, or of another log than the answer's.
        case wrongCheckpoint
        /// The log that the reader knew is not shown to be the beginning of that of the answer.
        case inconsistent
        /// An entry or a leaf that the proof does not lead to: entry, leaf, proof or position was changed.
        case notInLog
        /// No entry, though its hash may be right.
        case notAnEntry
        // The positions.
        case missingPosition, repeatedPosition, outsideRange
        /// An entry that the query does not match.
        case unasked
        // The disclosures.
        /// No base64url of salt, name and value.
        case malformedDisclosure
        /// A disclosure whose digest stands nowhere in the entry: salt, name, value or their order was changed, or it is
        /// of another entry, or what it is within is missing.
        case foreignDisclosure
        case repeatedDisclosure
        /// Any other rule of RFC 9901, section 7.1, that does not hold.
        case misplacedDisclosure
        // What is kept back.
        /// A digest that is neither disclosed nor in a list of what is not.
        case unaccountedDigest
        /// A path in a list for which the entry has no digest, or which is disclosed.
        case unfoundedPath
    }

    public let code: Code
    /// The line of the answer, from 1; nil if none is concerned.
    public internal(set) var line: Int?
    /// What happened, to what, and what it means.
    public let reason: String

    init(_ code: Code, _ reason: String) {
        self.code = code
        self.reason = reason
    }

    public var description: String { line.map { "Line \($0): \(reason)" } ?? reason }
}
