internal import Synchronization

extension KeyStore {
    /// What the store says of the keys of some subjects and compartments, in their order; nil where there never was one.
    /// None is made.
    ///
    /// - Throws: ``ExchangeError``: `.keyDamaged`, `.log`.
    func findings(for references: [KeyReference]) throws(ExchangeError) -> [Finding?] {
        try core.withLock { core throws(ExchangeError) in
            var findings: [Finding?] = []
            findings.reserveCapacity(references.count)
            for reference in references { findings.append(try core.finding(for: reference)) }
            return findings
        }
    }
}

extension KeyStoreCore {
    fileprivate mutating func finding(for reference: KeyReference) throws(ExchangeError) -> KeyStore.Finding? {
        if let key = byReference.value(for: reference) { return .live(key) }
        if let fence = try fence(of: reference.subject) { return .erased(fence: fence) }
        return try existingKey(for: reference).map { .live($0) }
    }

    /// The number of the fence behind which a subject was erased, or nil.
    private func fence(of subject: KeySubject) throws(ExchangeError) -> UInt64? {
        let transaction = try environment.beginRead()
        return try environment.value(blind(subject), in: environment.erased, transaction).flatMap {
            KeyRecord.number($0)
        }
    }
}
