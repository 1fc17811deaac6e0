internal import EventLog
internal import Exchange
internal import ExchangeProtocol
internal import NIOConcurrencyHelpers

extension LiveSubscription {
    /// Looks as far as there is room, unless that was done.
    func lookOnce() throws(Problem) {
        while !state.withLockedValue(\.hasLooked) { try look() }
    }

    /// Looks at a stretch of the log, and at the keys of what is replayed.
    ///
    /// - Returns: Whether there is nothing more, or no room for it.
    @discardableResult
    func look() throws(Problem) -> Bool {
        let (from, room, unplaced) = state.withLockedValue { state in
            (state.book.reached, state.book.room, state.book.unplaced.keys.sorted())
        }
        let (replays, found): ([EntryOutline], EntryOutlines)
        do throws(ExchangeError) {
            replays = unplaced.isEmpty ? [] : try ledger.outlines(at: unplaced, for: reader)
            found = try ledger.outlines(
                definition.query, from: from, limit: min(room, SubscriptionLimits.entriesAtOnce), for: reader)
        } catch {
            throw Problem(error)
        }
        return change { state, _ in
            state.book.place(replays.map { ($0.position, definition.key(of: $0)) })
            if room > 0 {
                state.book.add(found.entries.map { ($0.position, definition.key(of: $0)) }, from: from, to: found.next)
                state.head = max(state.head, found.head)
            }
            let isAll = state.book.room == 0 || state.book.reached >= found.head
            if isAll { state.hasLooked = true }
            return isAll
        }
    }

    func fill() async {
        while await isWanted() {
            do throws(Problem) {
                guard try look() else { continue }
                let (reached, isFull) = state.withLockedValue { ($0.book.reached, $0.book.room == 0) }
                guard !isFull else { continue }
                change { state, _ in if !Task.isCancelled { state.isFresh = true } }
                let query: Query
                do throws(ExchangeError) {
                    query = try ledger.blind(definition.query, for: reader)
                } catch {
                    throw Problem(error)
                }
                guard await tail.wait(query, from: reached, until: .now + .seconds(60)) != .closed else { return }
            } catch {
                return change { state, wakes in
                    guard !Task.isCancelled else { return }
                    dismiss(&state, &wakes, error)
                }
            }
        }
    }

    /// Waits until it is worth the while to look.
    ///
    /// - Returns: false once nobody wants to know.
    private func isWanted() async -> Bool {
        await withCheckedContinuation { continuation in
            change { state, wakes in
                // What another filler found is for that to say.
                if !Task.isCancelled { state.isFresh = false }
                // Whoever cancels does so under the lock, and wakes who waits.
                if Task.isCancelled || state.book.wantsMore {
                    wakes.fillers.append(continuation)
                } else {
                    state.idleFiller = continuation
                }
            }
        }
        return !Task.isCancelled
    }

    func stopFilling(_ state: inout State, _ wakes: inout Wakes) {
        state.filler?.cancel()
        state.filler = nil
        state.isFresh = false
        if let idle = state.idleFiller { wakes.fillers.append(idle) }
        state.idleFiller = nil
    }
}
