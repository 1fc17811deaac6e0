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

    /// The most that ``limit`` may be.
    package static let most = 500
    /// The most breaches and access records that are shown.
    package static let mostBeside = 500

    package init(_ subject: Subject, at position: Position) {
        (self.subject, self.position) = (subject, position)
    }
}
