public import EventLog

/// Where a view is in its life. New views begin with `catchingUp`.
public enum ViewState: Sendable, Hashable {
    /// It has not been at the head of the log since it was opened.
    case catchingUp
    /// It is at the head, or about to be.
    case live
    /// A new one is being made and has come so far; the old one answers.
    case rebuilding(Position)
    /// As `live`, but so many entries were skipped because they could not be mapped.
    case parked(Int)
    /// It goes no further for a cause that may pass, as a full disk, and tries again, after longer pauses each time, up to a
    /// minute. What it holds can be read.
    case retrying(ViewError)
    /// It goes no further. What it holds can be read; open it again once the cause is mended.
    case stopped(ViewError)

    /// The word for it.
    public var word: String {
        switch self {
        case .catchingUp: "catchingUp"
        case .live: "live"
        case .rebuilding: "rebuilding"
        case .parked: "parked"
        case .retrying: "retrying"
        case .stopped: "stopped"
        }
    }
}

/// How far a view has come.
public struct ViewStatus: Sendable, Hashable {
    public let state: ViewState
    /// Everything below it is in the view.
    public let position: Position
    /// How many entries the log has.
    public let head: Position
    /// For how long the first entry that is not in the view has been in the log, in seconds; 0 if there is none.
    public let lagSeconds: Double
    /// How many entries it skipped.
    public let parked: Int

    /// How many entries it has still to take in.
    public var lag: Position { head - min(head, position) }
}

/// An entry that a view could not map, and skipped.
public struct ParkedEntry: Sendable, Hashable {
    public let view: String
    public let version: Int
    public let position: Position
    /// What the map step said.
    public let reason: String
    /// When it was parked, and how often it was tried since and before.
    public let since: Timestamp
    public let tries: Int
}
