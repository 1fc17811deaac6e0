public import EventLog
internal import Exchange
internal import Synchronization

extension AutomationRunner {
    /// What a rule looked at when it refused a proposal, and how many entries the log had before.
    struct Tried: Sendable {
        let pending: PendingAppend
        let queries: [Query]
        var head: Position
    }

    /// The objects of proposals that wait, in their order.
    public func waiting() throws(ViewError) -> [Tag] { try openProposals(tables()).map(\.key.object) }

    private func openProposals(
        _ tables: AutomationTables
    ) throws(ViewError) -> [(key: AutomationDesk.TimerKey, value: PendingAppend)] {
        try tables.proposals().filter { !$0.value.isHeld }
    }

    /// Proposes what waits for the rules, each on the condition that nothing about its object has come that was not taken in.
    /// One that a rule refused is proposed again only when something has come that the rule looks at; after opening, each is
    /// once: the rules may be others.
    ///
    /// - Returns: Whether anything came of it that is to be taken in.
    func appendProposals() async throws(ViewError) -> Bool {
        let tables = try tables()
        let rows = try openProposals(tables)
        var isChanged = false
        for row in rows {
            let log = ledger.log
            let head = try ViewError.wrapping { () throws(LogError) in try log.head }
            guard try isWorthTrying(row, at: head) else { continue }
            let outcome = try await append(row.value, nothingNew(about: row.key.object)) { () throws(ViewError) in }
            switch outcome {
            case .done:
                try tables.remove([AutomationTables.key(.proposal, row.key)])
                isChanged = true
            case .ruledOut(let reason):
                do throws(ViewError) {
                    try note(row, at: head)
                } catch {
                    guard error.code == .exchange else { throw error }
                    // A rule of which it cannot be said what it looks at: nothing that comes would let it be proposed again.
                    try hold(row, reason, tables)
                    isChanged = true
                }
            case .refused(let reason):
                try hold(row, reason, tables)
                isChanged = true
            case .overtaken: return true
            }
        }
        let keys = Set(rows.map(\.key))
        state.withLock { state in state.tried = state.tried.filter { keys.contains($0.key) } }
        return isChanged
    }

    private func hold(
        _ row: (key: AutomationDesk.TimerKey, value: PendingAppend), _ reason: String, _ tables: AutomationTables
    ) throws(ViewError) {
        try park([MappedRange.Parked(position: row.value.position, reason: reason)], tables)
        try tables.hold(row.value, from: nil, proposal: row.key)
    }

    /// Proposes again what was refused and laid aside, if it is still what the automation wants.
    ///
    /// - Returns: Why it cannot be done, or nil: it is appended, or something else has come in its place.
    func proposeAgain(
        _ held: PendingAppend, as name: String, _ tables: AutomationTables
    ) async throws(ViewError) -> String? {
        let key = AutomationDesk.TimerKey(object: held.object, name: name)
        guard let row = try tables.proposals().first(where: { $0.key == key }), row.value.isHeld,
            row.value.cause == held.cause, row.value.ordinal == held.ordinal
        else { return nil }
        switch try await append(held, nothingNew(about: held.object), finishing: {}) {
        case .done: break
        case .refused(let reason), .ruledOut(let reason): return reason
        case .overtaken: return "Something about \(held.object) has come that is to be taken in first. Try again."
        }
        try tables.remove([AutomationTables.key(.proposal, key)])
        return nil
    }

    private func note(
        _ row: (key: AutomationDesk.TimerKey, value: PendingAppend), at head: Position
    ) throws(ViewError) {
        let queries = try ViewError.wrapping { () throws(ExchangeError) in
            try book.queries(for: try composed(row.value), as: automation.agency)
        }
        state.withLock { $0.tried[row.key] = Tried(pending: row.value, queries: queries, head: head) }
    }

    /// Whether a proposal was not refused yet, or something has come since that the rules look at.
    private func isWorthTrying(
        _ row: (key: AutomationDesk.TimerKey, value: PendingAppend), at head: Position
    ) throws(ViewError) -> Bool {
        guard let tried = state.withLock({ $0.tried[row.key] }), tried.pending == row.value else { return true }
        guard tried.head < head else { return false }
        let log = ledger.log
        for query in tried.queries {
            let news = try ViewError.wrapping { () throws(LogError) in
                try log.read(query, ReadRange(from: tried.head, limit: 1))
            }
            if !news.isEmpty { return true }
        }
        state.withLock { $0.tried[row.key]?.head = head }
        return false
    }
}
