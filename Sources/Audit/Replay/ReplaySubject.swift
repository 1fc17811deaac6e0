public import Clearance

/// Of what the state is replayed.
public enum ReplaySubject: Sendable, Hashable {
    /// The case file of a declaration, container, enterprise or permit.
    case file(String)
    /// What happened to an object of any kind.
    case timeline(String)
    /// A board, or one row of it.
    case board(BoardListing)
    /// A figure or report.
    case report(ReportQuestion)
}
