internal import EventLog
internal import Exchange
internal import ExchangeProtocol
internal import NIOConcurrencyHelpers

/// Who makes, changes or ends a subscription holds its name meanwhile.
extension SubscriptionDesk {
    /// Holds a name while it is changed.
    func begin(_ name: SubscriptionName) throws(Problem) -> Entry? {
        let (old, isBusy) = state.withLockedValue { state -> (Entry?, Bool) in
            let old = state.entries[name]
            if case .busy? = old { return (nil, true) }
            if old != nil { state.entries[name] = .busy }
            return (old, false)
        }
        if isBusy { throw Self.busy }
        return old
    }

    /// Holds a name that is to be made, and takes a number for it.
    func reserve(_ name: SubscriptionName) throws(Problem) -> UInt64 {
        let result: Result<UInt64, Problem> = state.withLockedValue { state in
            guard state.entries[name] == nil else { return .failure(Self.busy) }
            guard state.entries.keys.count(where: { $0.agency == name.agency }) < SubscriptionLimits.perAgency else {
                return .failure(Self.tooMany)
            }
            state.entries[name] = .busy
            defer { state.next += 1 }
            return .success(state.next)
        }
        return try result.get()
    }

    func finish(_ name: SubscriptionName, _ entry: Entry?) {
        state.withLockedValue { $0.entries[name] = entry }
    }

    func write(_ job: SubscriptionJob, _ name: SubscriptionName, else old: Entry?) async throws(Problem) {
        do throws(LogError) {
            try await store.write(job)
        } catch {
            finish(name, revived(old))
            throw Problem(error)
        }
    }

    /// A subscription that was ended to be changed, and was not.
    func revived(_ old: Entry?) -> Entry? {
        guard case .live(let live)? = old else { return old }
        guard let stored = try? store.load(live.name, number: live.number, live.definition) else { return old }
        return .live(LiveSubscription(stored, ledger: ledger, tail: tail, store: store))
    }

    /// Lets a subscription begin from what is kept of it.
    func restart(
        _ name: SubscriptionName, _ number: UInt64, _ definition: SubscriptionDefinition
    ) throws(Problem) -> LiveSubscription {
        do throws(LogError) {
            let stored = try store.load(name, number: number, definition)
            let live = LiveSubscription(stored, ledger: ledger, tail: tail, store: store)
            finish(name, .live(live))
            return live
        } catch {
            finish(name, nil)
            throw Problem(error)
        }
    }
}
