public import EventLog
internal import Synchronization

extension ExchangeClient {
    /// Takes what a subscription delivers, and acknowledges each event when a closure has dealt with it. It goes on until the task is
    /// cancelled, and then gives back what was not dealt with.
    ///
    /// What the closure throws rejects the event: a ``DeliveryRejection`` says what is to become of it and why; after any other error it
    /// comes again, with the error's type as the reason, for the server keeps reasons in the clear. An error of a task that is
    /// cancelled says nothing: the event is given back.
    ///
    /// An event that comes again while the closure still deals with it, for that took longer than `redeliverAfter`, is not begun a
    /// second time here; but another consumer may get it.
    ///
    /// - Parameters:
    ///   - atOnce: How many events are dealt with at once. The server keeps the order of those with the same key.
    ///   - caughtUp: Is told that all there is below a head has been delivered.
    ///   - take: Deals with an event. Let what it does be harmless twice, by the event's source and id: a crash between the deed and
    ///     its acknowledgement brings it again.
    /// - Throws: ``ClientError``, if it cannot go on, after all that was begun has ended.
    public func consume(
        _ subscription: String, as consumer: SubscriptionConsumer, atOnce: Int = 1,
        caughtUp: @Sendable (Position) async -> Void = { _ in },
        _ take: @escaping @Sendable (ServedDelivery) async throws -> Void
    ) async throws(ClientError) {
        let deliveries = deliveries(of: subscription, to: consumer)
        let running = RunningDeliveries()
        let failure = await withTaskGroup(of: Void.self) { group -> ClientError? in
            var (iterator, count) = (deliveries.makeAsyncIterator(), 0)
            var failure: ClientError?
            do throws(ClientError) {
                while let element = try await iterator.next() {
                    switch element {
                    case .caughtUp(let head): await caughtUp(head)
                    case .event(let delivery):
                        if count >= max(1, atOnce) {
                            await group.next()
                            count -= 1
                        }
                        guard running.begin(delivery.position) else { continue }
                        count += 1
                        group.addTask {
                            if let outcome = await Self.outcome(of: delivery, take) {
                                deliveries.settle(CollectionOfOne(delivery.position), outcome)
                            }
                            running.end(delivery.position)
                        }
                    }
                }
            } catch {
                failure = error
            }
            await group.waitForAll()
            // The connection stands until the iterator goes: nothing that was dealt with is given back.
            do throws(ClientError) {
                try await deliveries.settler.flush(isLast: true)
            } catch {
                failure = failure ?? (Task.isCancelled ? nil : error)
            }
            extendLifetime(iterator)
            return failure
        }
        if let failure { throw failure }
    }

    /// What became of a delivery; nil if nothing is to be said of it.
    private static func outcome(
        of delivery: ServedDelivery, _ take: @Sendable (ServedDelivery) async throws -> Void
    ) async -> DeliveryOutcome? {
        do {
            try await take(delivery)
            return .acknowledged
        } catch let rejection as DeliveryRejection {
            return rejection.outcome
        } catch {
            return Task.isCancelled ? nil : .retried(reason: "It failed: \(type(of: error)).")
        }
    }
}

/// The events that are being dealt with.
private final class RunningDeliveries: Sendable {
    private let positions = Mutex<Set<Position>>([])

    /// - Returns: Whether it was not there yet.
    func begin(_ position: Position) -> Bool { positions.withLock { $0.insert(position).inserted } }

    func end(_ position: Position) { positions.withLock { _ = $0.remove(position) } }
}
