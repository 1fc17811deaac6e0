internal import EventLog

/// Who waits for what: those who ask for a tag are found by it, those who ask for types alone by these, the rest by
/// everything.
///
/// `Continuation` is by what one is woken.
struct TailWaiters<Continuation: Sendable>: Sendable {
    private struct Waiter: Sendable {
        let query: Query
        let from: Position
        let deadline: ContinuousClock.Instant
        let continuation: Continuation
    }

    /// Under what a query is filed: for each of its items one of these.
    private enum Key: Hashable, Sendable {
        case tag(Tag)
        case type(String)
        case all
    }

    /// Up to where entries were looked at.
    private(set) var seen: Position
    private var isClosed = false
    private var next: UInt64 = 0
    private var waiters: [UInt64: Waiter] = [:]
    private var filed: [Key: Set<UInt64>] = [:]

    init(seen: Position) {
        self.seen = seen
    }

    mutating func number() -> UInt64 {
        next += 1
        return next
    }

    /// Whether somebody waits for something of its own.
    var needsEntries: Bool { filed.contains { $0.key != .all && !$0.value.isEmpty } }

    /// Files one who waits.
    ///
    /// - Returns: Why it need not wait; nil if it does.
    mutating func add(
        _ number: UInt64, _ query: Query, from: Position, until deadline: ContinuousClock.Instant,
        _ continuation: Continuation
    ) -> Tail.Wake? {
        guard !isClosed else { return .closed }
        guard from >= seen else { return .grown }
        waiters[number] = Waiter(query: query, from: from, deadline: deadline, continuation: continuation)
        for key in Self.keys(of: query) { filed[key, default: []].insert(number) }
        return nil
    }

    mutating func remove(_ number: UInt64) -> Continuation? {
        guard let waiter = waiters.removeValue(forKey: number) else { return nil }
        for key in Self.keys(of: waiter.query) {
            filed[key]?.remove(number)
            if filed[key]?.isEmpty == true { filed[key] = nil }
        }
        return waiter.continuation
    }

    /// Takes those for whom there is something among entries that came, in the order in which they began to wait.
    mutating func grow(to head: Position, by entries: [(position: Position, facts: EntryFacts)]) -> [Continuation] {
        seen = max(seen, head)
        var woken = (filed[.all] ?? []).filter { number in waiters[number].map { $0.from < head } ?? false }
        for (position, facts) in entries {
            let found = facts.tags.compactMap { filed[.tag($0)] } + [filed[.type(facts.type)]].compactMap(\.self)
            for number in found.joined() where !woken.contains(number) {
                guard let waiter = waiters[number], waiter.from <= position,
                    waiter.query.matches(type: facts.type, tags: facts.tags)
                else { continue }
                woken.insert(number)
            }
        }
        return woken.sorted().compactMap { remove($0) }
    }

    mutating func takeLate(at now: ContinuousClock.Instant) -> [Continuation] {
        waiters.filter { $0.value.deadline <= now }.keys.sorted().compactMap { remove($0) }
    }

    mutating func takeAll() -> [Continuation] { waiters.keys.sorted().compactMap { remove($0) } }

    mutating func close() -> [Continuation] {
        isClosed = true
        return takeAll()
    }

    private static func keys(of query: Query) -> Set<Key> {
        guard !query.matchesAll else { return [.all] }
        return query.items.reduce(into: []) { keys, item in
            if let tag = item.tags.first {
                keys.insert(.tag(tag))
            } else {
                for type in item.types { keys.insert(.type(type)) }
            }
        }
    }
}
