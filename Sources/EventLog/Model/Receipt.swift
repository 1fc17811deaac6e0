/// What became of an event that was handed in. Given only after the event is durable.
public enum Receipt: Hashable, Sendable {
    /// It is in the log now, at this position.
    case appended(Position)
    /// It was in the log already, with the same content, at this position. Nothing was appended.
    case duplicate(Position)
    /// It was in the log and has been erased; its place stays. Nothing was appended.
    case erased(Position)

    /// Where the event stands.
    public var position: Position {
        switch self {
        case .appended(let position), .duplicate(let position), .erased(let position): position
        }
    }
}

/// One of the things that broke an append.
public enum AppendConflict: Hashable, Sendable {
    /// The request's condition with this index failed: the event at this position, the first that does, matches it.
    case condition(index: Int, position: Position)
    /// The request's event with this index has the source and id of the event at this position, but other content.
    case idReused(event: Int, position: Position)
    /// The request's event with this index has the source and id of an earlier one of the same request, but other content.
    case idRepeated(event: Int, earlier: Int)
    /// The request's condition with this index refers to a position that the log has not reached.
    case beyondHead(condition: Int, head: Position)
    /// The events would be recorded at this time, which is not before the one that the request names.
    case tooLate(recorded: Timestamp)
}
