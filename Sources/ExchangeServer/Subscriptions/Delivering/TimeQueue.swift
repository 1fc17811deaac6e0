internal import EventLog

/// Positions by the moment at which something is to happen to them.
struct TimeQueue: Sendable {
    private struct Waiting: Sendable {
        let at: DurableSubscription.Moment
        let position: Position

        func isBefore(_ other: Waiting) -> Bool { (at, position) < (other.at, other.position) }
    }

    /// In the order of their moments.
    private var waiting: [Waiting] = []

    var count: Int { waiting.count }

    /// - Complexity: O(log *n*), and a move of what is later; most are the latest.
    mutating func insert(_ position: Position, at moment: DurableSubscription.Moment) {
        let new = Waiting(at: moment, position: position)
        waiting.insert(new, at: index(of: new))
    }

    mutating func remove(_ position: Position, at moment: DurableSubscription.Moment) {
        let place = index(of: Waiting(at: moment, position: position))
        guard place < waiting.count, waiting[place].position == position, waiting[place].at == moment else { return }
        waiting.remove(at: place)
    }

    /// The positions whose moment has come, earliest first. They stay until they are removed.
    func due(at now: DurableSubscription.Moment) -> [Position] {
        waiting.prefix { $0.at <= now }.map(\.position)
    }

    /// Where something stands, or would.
    private func index(of new: Waiting) -> Int {
        var (low, high) = (0, waiting.count)
        while low < high {
            let middle = (low + high) / 2
            if waiting[middle].isBefore(new) { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

extension Array where Element == Position {
    /// Puts a position into an array that ascends, unless it is there.
    ///
    /// - Complexity: O(log *n*), and a move of what is greater.
    mutating func insertAscending(_ position: Position) {
        let place = ascendingIndex(of: position)
        guard place == count || self[place] != position else { return }
        insert(position, at: place)
    }

    /// Takes a position out of an array that ascends, if it is there.
    mutating func removeAscending(_ position: Position) {
        let place = ascendingIndex(of: position)
        guard place < count, self[place] == position else { return }
        remove(at: place)
    }

    private func ascendingIndex(of position: Position) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if self[middle] < position { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
