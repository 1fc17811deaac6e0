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

        mutating func next(
            atOrAfter position: Position, in index: borrowing IndexSnapshot
        ) throws(LMDBError) -> Position? {
            if let found, found >= position { return found }
            guard !isExhausted else { return nil }
            var candidate = position
            var isSettled = false
            while !isSettled {
                isSettled = true
                for tag in tags.indices {
                    guard let next = try tags[tag].next(atOrAfter: candidate, in: index) else { return exhaust() }
                    if next > candidate { (candidate, isSettled) = (next, false) }
                }
                guard !types.isEmpty else { continue }
                var first: Position?
                for type in types.indices {
                    let next = try types[type].next(atOrAfter: candidate, in: index)
                    if let next { first = min(first ?? next, next) }
                }
                guard let first else { return exhaust() }
                if first > candidate { (candidate, isSettled) = (first, false) }
            }
            found = candidate
            return candidate
        }

        mutating func previous(
            atOrBefore position: Position, in index: borrowing IndexSnapshot
        ) throws(LMDBError) -> Position? {
            if let found, found <= position { return found }
            guard !isExhausted else { return nil }
            var candidate = position
            var isSettled = false
            while !isSettled {
                isSettled = true
                for tag in tags.indices {
                    guard let next = try tags[tag].previous(atOrBefore: candidate, in: index) else { return exhaust() }
                    if next < candidate { (candidate, isSettled) = (next, false) }
                }
                guard !types.isEmpty else { continue }
                var last: Position?
                for type in types.indices {
                    let next = try types[type].previous(atOrBefore: candidate, in: index)
                    if let next { last = max(last ?? next, next) }
                }
                guard let last else { return exhaust() }
                if last < candidate { (candidate, isSettled) = (last, false) }
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
        var first: Position?
        for item in items.indices {
            if let next = try items[item].next(atOrAfter: position, in: index) { first = min(first ?? next, next) }
        }
        return first
    }

    /// The last position at or before a given one that matches. Call it with descending positions.
    mutating func previous(
        atOrBefore position: Position, in index: borrowing IndexSnapshot
    ) throws(LMDBError) -> Position? {
        var last: Position?
        for item in items.indices {
            if let next = try items[item].previous(atOrBefore: position, in: index) { last = max(last ?? next, next) }
        }
        return last
    }
}
