internal import LMDB

/// The positions that match a query, in either direction, by leaping from one list of the index to the next.
struct QueryCursor {
    /// The positions that match one item: those of all its tags and of any of its types.
    private struct ItemCursor {
        var types: [PostingStream]
        var tags: [PostingStream]
        /// The last answer, good until the cursor passes it.
        var found: Position?
        var isExhausted = false

        /// The nearest position from a given one on that matches, in a direction.
        mutating func seek(
            _ position: Position, _ direction: Direction, in index: borrowing IndexSnapshot
        ) throws(LMDBError) -> Position? {
            if let found, !direction.isBefore(found, position) { return found }
            guard !isExhausted else { return nil }
            var candidate = position
            var isSettled = false
            while !isSettled {
                isSettled = true
                for tag in tags.indices {
                    guard let next = try tags[tag].seek(candidate, direction, in: index) else { return exhaust() }
                    if direction.isBefore(candidate, next) { (candidate, isSettled) = (next, false) }
                }
                guard !types.isEmpty else { continue }
                var nearest: Position?
                for type in types.indices {
                    let next = try types[type].seek(candidate, direction, in: index)
                    nearest = direction.nearer(nearest, next)
                }
                guard let nearest else { return exhaust() }
                if direction.isBefore(candidate, nearest) { (candidate, isSettled) = (nearest, false) }
            }
            found = candidate
            return candidate
        }

        private mutating func exhaust() -> Position? {
            found = nil
            isExhausted = true
            return nil
        }
    }

    private var items: [ItemCursor]

    /// A cursor over what matches a query that does not match everything.
    init(_ query: Query, hasher: IndexHasher, head: Position) {
        items = query.items.map { item in
            ItemCursor(
                types: item.types.map { PostingStream(hash: hasher.hash(.type, $0), head: head) },
                tags: item.tags.map { PostingStream(hash: hasher.hash(.tag, $0.text), head: head) })
        }
    }

    /// The first position at or after a given one that matches. Call it with ascending positions.
    mutating func next(atOrAfter position: Position, in index: borrowing IndexSnapshot) throws(LMDBError) -> Position? {
        try seek(position, .forwards, in: index)
    }

    /// The last position at or before a given one that matches. Call it with descending positions.
    mutating func previous(
        atOrBefore position: Position, in index: borrowing IndexSnapshot
    ) throws(LMDBError) -> Position? {
        try seek(position, .backwards, in: index)
    }

    private mutating func seek(
        _ position: Position, _ direction: Direction, in index: borrowing IndexSnapshot
    ) throws(LMDBError) -> Position? {
        var nearest: Position?
        for item in items.indices {
            nearest = direction.nearer(nearest, try items[item].seek(position, direction, in: index))
        }
        return nearest
    }
}

/// Which way positions are gone through.
private enum Direction {
    case forwards, backwards

    /// Whether a position is passed before another.
    func isBefore(_ position: Position, _ other: Position) -> Bool {
        self == .forwards ? position < other : position > other
    }

    /// The one of two positions that is reached first; nil stands for none.
    func nearer(_ position: Position?, _ other: Position?) -> Position? {
        guard let position, let other else { return position ?? other }
        return isBefore(other, position) ? other : position
    }
}

extension PostingStream {
    /// The nearest position from a given one on, in a direction.
    fileprivate mutating func seek(
        _ position: Position, _ direction: Direction, in index: borrowing IndexSnapshot
    ) throws(LMDBError) -> Position? {
        switch direction {
        case .forwards: try next(atOrAfter: position, in: index)
        case .backwards: try previous(atOrBefore: position, in: index)
        }
    }
}
