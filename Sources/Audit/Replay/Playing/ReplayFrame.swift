public import EventLog
public import JSON

/// An event as it is played, and the state beside it: as it was known once the event had come.
public struct ReplayFrame: Sendable {
    public let position: Position
    public let recorded: Timestamp
    public let agency: String
    public let type: String
    /// The entry as its reader sees it: JSON.
    public let event: [UInt8]
    /// The state after it: a case file, or of a query how many events there were of each type. JSON.
    public let state: [UInt8]
    /// What it changed.
    public let difference: Difference

    /// Writes it as one object: `position`, `recorded`, `agency`, `type`, `event`, `changes`, `state`.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("position", Int64(clamping: position))
            writer.member("recorded", recorded.description)
            writer.member("agency", agency)
            writer.member("type", type)
            writer.key("event")
            writer.raw(event)
            writer.key("changes")
            difference.write(to: &writer)
            writer.key("state")
            writer.raw(state)
        }
    }
}
