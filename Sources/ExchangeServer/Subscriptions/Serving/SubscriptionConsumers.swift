internal import ExchangeProtocol

/// Who takes from a subscription, and who of them waits, in the order in which they began to.
struct SubscriptionConsumers {
    /// What a consumer that waited gets.
    enum Next: Sendable {
        case deliveries([Delivery])
        /// All there is up to here was delivered.
        case caughtUp(UInt64)
        case timeout
        case ended(Problem)
    }

    typealias Waiter = CheckedContinuation<Next, Never>

    struct Consumer {
        let name: String
        var waiter: (continuation: Waiter, deadline: ContinuousClock.Instant)?
        /// Whether it knows that all was delivered.
        var isCaughtUp = false
    }

    private(set) var all: [Int: Consumer] = [:]
    private var next = 0
    /// Those that wait.
    private(set) var waiting: [Int] = []

    /// Takes one in.
    mutating func add(_ name: String) -> Int {
        next += 1
        all[next] = Consumer(name: name)
        return next
    }

    /// Who goes by a name.
    func number(of name: String) -> Int? { all.first { $0.value.name == name }?.key }

    mutating func wait(_ number: Int, _ waiter: Waiter, until deadline: ContinuousClock.Instant) {
        all[number]?.waiter = (waiter, deadline)
        waiting.append(number)
    }

    /// Takes whoever waits out of the queue, to be answered.
    mutating func wake(_ number: Int) -> Waiter? {
        guard let waiter = all[number]?.waiter else { return nil }
        all[number]?.waiter = nil
        waiting.removeAll { $0 == number }
        return waiter.continuation
    }

    /// - Returns: Its waiter, if it waits.
    mutating func remove(_ number: Int) -> Waiter? {
        defer { all[number] = nil }
        return wake(number)
    }

    /// Notes whether one knows that all was delivered.
    mutating func note(_ number: Int, isCaughtUp: Bool) { all[number]?.isCaughtUp = isCaughtUp }

    /// Those whose time is over.
    func late(at now: ContinuousClock.Instant) -> [Int] {
        waiting.filter { number in all[number]?.waiter.map { $0.deadline <= now } ?? false }
    }
}
