internal import JSON

/// Why a request was not carried out, as it is answered over HTTP: what happened, to what, what to do, and whether to try again.
///
/// Source: RFC 9457, problem details, with the members `code`, `retry`, `pointer` and `conflicts` beside its own. Its type is
/// `urn:sanhu:problem:` and the code. No value of a classified field ever stands in one.
public struct Problem: Error, Sendable, Hashable, CustomStringConvertible {
    /// Whether the request may succeed if it is made again.
    public enum Retry: String, Sendable, Hashable, CaseIterable {
        /// Not as it is: mend it first.
        case never
        /// Unchanged, after a while; appends are safe to repeat.
        case later
        /// After reading what has come since: it was decided on something that is no longer so.
        case reread
    }

    /// Something that stood against an append.
    public struct Conflict: Sendable, Hashable {
        /// What it is: `condition`, `idReused`, `idRepeated`, `beyondHead` or `tooLate`.
        public let kind: String
        /// The index, from 0, of the condition or event of the request; nil if it is about none.
        public let index: Int?
        /// Where in the log it stands, if it does.
        public let position: UInt64?

        public init(kind: String, index: Int?, position: UInt64?) {
            (self.kind, self.index, self.position) = (kind, index, position)
        }
    }

    /// The status code of the answer (RFC 9110).
    public let status: Int
    /// The kind of failure; compare by this.
    public let code: String
    /// What the kind of failure is, the same for all of a code's.
    public let title: String
    /// What happened, to what, and what to do, in sentences for a person.
    public let detail: String
    public let retry: Retry
    /// The path in the event that is concerned.
    public let pointer: String?
    public let conflicts: [Conflict]
    /// In how many seconds to try again, if it is known.
    public let retryAfter: Int?
    /// What the operator is told besides; it is never answered.
    public let cause: String?

    public init(
        _ status: Int, _ code: String, _ title: String, _ detail: String, retry: Retry = .never, pointer: String? = nil,
        conflicts: [Conflict] = [], retryAfter: Int? = nil, cause: String? = nil
    ) {
        self.status = status
        self.code = code
        self.title = title
        self.detail = detail
        self.retry = retry
        self.pointer = pointer
        self.conflicts = conflicts
        self.retryAfter = retryAfter
        self.cause = cause
    }

    /// The media type of its text.
    public static let mediaType = "application/problem+json"

    /// The beginning of its type's URI.
    public static let typePrefix = "urn:sanhu:problem:"

    public var description: String { "\(code): \(detail)" }
}
