public import EventLog

/// As of when something is asked: up to where the log is known, and at which time it is to be true. See docs/replay.md.
///
/// What is known ends at a position, or at a time recorded, or at both, whichever comes first; if neither is given, at what is
/// there now. What was true is asked for by a time occurred.
public struct Moment: Hashable, Sendable {
    /// Known is what stands below it: the log had this many entries.
    public var position: Position?
    /// Known is what had been recorded by then, that time included; and what could be seen then is seen.
    public var recorded: Timestamp?
    /// If given, of what is known only what had happened by then counts, without what was taken back.
    public var occurred: Timestamp?

    public init(position: Position? = nil, recorded: Timestamp? = nil, occurred: Timestamp? = nil) {
        (self.position, self.recorded, self.occurred) = (position, recorded, occurred)
    }

    /// What is there now.
    public static let present = Moment()

    /// - Parameters:
    ///   - known: A position, or a time recorded (RFC 3339); nil for now.
    ///   - truth: A time occurred.
    /// - Throws: ``ReplayError`` with code `.malformed` for a text that is neither.
    public init(known: String?, true truth: String? = nil) throws(ReplayError) {
        if let known {
            if let number = Position(known) {
                position = number
            } else if let time = Timestamp(known) {
                recorded = time
            } else {
                throw ReplayError(
                    .malformed,
                    "“\(known.prefix(64))” is no position and no time. Write 4711, or 2026-03-01T08:15:00+08:00.")
            }
        }
        guard let truth else { return }
        guard let time = Timestamp(truth) else {
            throw ReplayError(
                .malformed, "“\(truth.prefix(64))” is no time. Write for example 2026-03-01T08:15:00+08:00.")
        }
        occurred = time
    }

    /// Whether what is known is what is there now.
    public var isPresent: Bool { position == nil && recorded == nil }
}
