/// The events that match a query from a position on: those that are there, then those that come, without end.
///
/// It pulls: it reads from its own position when its subscriber asks, so a slow subscriber costs only itself, and
/// catching up and following are the same code. Cancelling the task that iterates ends it.
public struct Subscription: AsyncSequence, Sendable {
    public typealias Element = Signal
    public typealias Failure = Never

    let reader: LogReader
    let signal: HeadSignal
    let query: Query
    let from: Position
    /// Held, for a log that goes out of use is closed.
    let log: Log

    public func makeAsyncIterator() -> Iterator {
        Iterator(reader: reader, signal: signal, query: query, position: from, log: log)
    }

    /// A place in a subscription.
    public struct Iterator: AsyncIteratorProtocol {
        fileprivate let reader: LogReader
        fileprivate let signal: HeadSignal
        fileprivate let query: Query
        private let log: Log
        /// Everything below it has been given or does not match.
        fileprivate var position: Position
        fileprivate var waiting: [Entry] = []
        /// The index in ``waiting`` of the next to give.
        fileprivate var next = 0
        fileprivate var isCaughtUp = false
        fileprivate var isOver = false

        init(reader: LogReader, signal: HeadSignal, query: Query, position: Position, log: Log) {
            self.log = log
            self.reader = reader
            self.signal = signal
            self.query = query
            self.position = position
        }

        /// The next signal; nil after ``Signal/dropped(_:)`` or when the task is cancelled.
        public mutating func next() async -> Signal? {
            while !isOver {
                if next < waiting.count {
                    next += 1
                    return .event(waiting[next - 1])
                }
                if Task.isCancelled { return nil }
                do throws(LogError) {
                    let page = try page()
                    waiting = page.entries
                    next = 0
                    position = Swift.max(position, page.isLast ? page.head : page.rest.from)
                    if !waiting.isEmpty {
                        isCaughtUp = false
                    } else if page.isLast {
                        if !isCaughtUp {
                            isCaughtUp = true
                            return .caughtUp(position)
                        }
                        if try await !signal.wait(above: position) {
                            isOver = true
                            return .dropped(.closed)
                        }
                    }
                } catch {
                    isOver = true
                    return .dropped(.failed(error))
                }
            }
            return nil
        }

        private func page() throws(LogError) -> LogReader.Page {
            try reader.page(query, ReadRange(from: position))
        }
    }
}
