internal import LMDB

extension AutomationTables {
    /// What waits for the rules, by object and name.
    func proposals() throws(ViewError) -> [(key: AutomationDesk.TimerKey, value: PendingAppend)] {
        try named([Table.proposal.rawValue])
    }

    /// Lets a proposal wait for the rules that was laid aside.
    func put(_ pending: PendingAppend, as key: AutomationDesk.TimerKey) throws(ViewError) {
        try change { (transaction) throws(LMDBError) in
            try Self.put(pending.bytes, Self.key(.proposal, key), store, in: &transaction)
        }
    }

    /// Timers or proposals whose keys begin so.
    func named(
        _ prefix: [UInt8]
    ) throws(ViewError) -> [(key: AutomationDesk.TimerKey, value: PendingAppend)] {
        try rows(prefixedBy: prefix).compactMap { key, value in
            guard let name = Self.timerKey(key.dropFirst()), let pending = PendingAppend(value) else { return nil }
            return (name, pending)
        }
    }
}
