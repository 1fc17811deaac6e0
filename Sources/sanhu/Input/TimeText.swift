import ArgumentParser
import EventLog

/// Times as they are written on the command line.
enum TimeText {
    /// Reads a time (RFC 3339).
    static func time(_ text: String) throws -> Timestamp {
        guard let time = Timestamp(text) else {
            throw ValidationError("“\(text)” is no time. Write for example 2026-03-01T08:15:00+08:00.")
        }
        return time
    }
}
