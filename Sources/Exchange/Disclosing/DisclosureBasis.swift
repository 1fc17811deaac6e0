public import EventLog

/// Why a field is disclosed.
public enum DisclosureBasis: Sendable, Hashable {
    /// The reader's agency owns it.
    case owner
    /// The reader's agency sent the event.
    case sender
    /// Its class: `public`, or `shared` to those who share without asking.
    case sharingClass
    /// A sharing rule of the charter, by its id.
    case rule(String)
    /// A grant, by the position of the event that gave it.
    case grant(Position)
}
