public import EventLog

/// What someone is told of an access record.
public struct Access: Sendable, Hashable {
    /// Where it stands in the access log; not told to those whom the data are about, for its number says how much was read
    /// between.
    public let position: Position?
    /// When it became durable; what it tells of was given out after that.
    public let recorded: Timestamp
    /// The record, narrowed to what was asked for.
    public let record: AccessRecord
    /// Whether it is secret and was released, so that it is told to those concerned.
    public let isReleased: Bool
}
