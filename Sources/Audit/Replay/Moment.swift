public import EventLog

/// Up to where the log is taken: what is told of then is told *as known* then, whatever came later.
public enum Moment: Hashable, Sendable {
    /// The log had this many entries: those at smaller positions count.
    case size(Position)
    /// What had been recorded by this time, this time included.
    case recorded(Timestamp)
}
