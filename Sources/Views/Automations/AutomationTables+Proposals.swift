extension AutomationTables {
    /// What waits for the rules, by object and name.
    func proposals() throws(ViewError) -> [(key: AutomationDesk.TimerKey, value: PendingAppend)] {
        try named([Table.proposal.rawValue])
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
