internal import EventLog

/// The positions that were put in last, so many and no more.
struct RecentPositions: Sendable {
    let capacity: Int
    private var all: Set<Position> = []
    private var order: [Position] = []
    /// Where the oldest stands, once there is no room.
    private var oldest = 0

    init(capacity: Int) { self.capacity = capacity }

    func contains(_ position: Position) -> Bool { all.contains(position) }

    /// - Complexity: O(1).
    mutating func insert(_ position: Position) {
        guard all.insert(position).inserted else { return }
        guard order.count == capacity else { return order.append(position) }
        all.remove(order[oldest])
        order[oldest] = position
        oldest = (oldest + 1) % capacity
    }

    mutating func removeAll() { self = RecentPositions(capacity: capacity) }
}
