package import EventLog
internal import Exchange

/// What an audit report is asked about.
package struct AuditQuestion: Sendable, Hashable {
    package enum Subject: Sendable, Hashable {
        /// All entries that carry a tag.
        case object(Tag)
        /// What was recorded in a time, at a port if one is given.
        case period(from: Timestamp, to: Timestamp, port: String?)
    }

    package let subject: Subject
    /// The log as it was at this size: what came later is not there.
    package let position: Position
    /// How many events are shown one by one, the first of them; the others are counted.
    package var limit = 200

    /// The most that ``limit`` may be. With ``mostBeside`` it is less than an access query has positions.
    package static let most = 300
    /// The most corrections and breaches that are shown beyond these, together.
    package static let mostBeside = 200
    /// The most access records that are shown.
    package static let mostAccesses = 500

    package init(_ subject: Subject, at position: Position) {
        (self.subject, self.position) = (subject, position)
    }
}
