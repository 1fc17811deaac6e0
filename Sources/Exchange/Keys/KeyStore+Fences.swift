internal import Synchronization

/// What a key store holds, without any key.
public struct KeyStatus: Sendable, Hashable {
    /// The generation of the wrapping key in use.
    public let generation: UInt64
    /// How many keys are in use, and how many have been destroyed.
    public let live: Int
    public let destroyed: Int
    /// Erased subjects, blinded, and the numbers of their fences.
    public let fences: [ErasureFence]
    /// The erasure that was begun and not finished, or nil.
    public let noted: ErasureFence?
    /// Whether keys were destroyed under the wrapping key in use.
    public let needsRotation: Bool
}

extension KeyStore {
    /// A subject as the store and the log's fences know it: 128 bits of HMAC under a secret of the store.
    func blinded(_ subject: KeySubject) throws(ExchangeError) -> [UInt8] {
        try core.withLock { core throws(ExchangeError) in core.blind(subject) }
    }

    /// The key by which a tag is looked for; nil if there is none, also because it was destroyed: nothing is found then.
    func queryKey(for reference: KeyReference) throws(ExchangeError) -> SubjectKey? {
        do throws(ExchangeError) {
            return try existingKey(for: reference)
        } catch {
            guard error.code == .subjectErased else { throw error }
            return nil
        }
    }

    /// The erasure that has begun and not been finished, or nil.
    func notedErasure() throws(ExchangeError) -> ErasureFence? {
        try core.withLock { core throws(ExchangeError) in try core.readState().fences.noted }
    }

    /// How many keys of a subject are in use.
    func keyCount(of subject: KeySubject) throws(ExchangeError) -> Int {
        try core.withLock { core throws(ExchangeError) in
            let blinded = core.blind(subject)
            let transaction = try core.environment.beginRead()
            return try core.environment.records(
                from: blinded, in: core.environment.subjects, atMost: .max, prefix: blinded, transaction
            ).count
        }
    }

    /// The numbers of the keys that were destroyed behind fences after one.
    ///
    /// - Complexity: O(*n*) in the keys.
    func destroyedNumbers(after fence: UInt64) throws(ExchangeError) -> Set<UInt64> {
        var numbers: Set<UInt64> = []
        try forEachKey { number, record in
            if case .erased(let own) = record, own > fence { numbers.insert(number) }
        }
        return numbers
    }

    /// What the store holds.
    ///
    /// - Throws: ``ExchangeError``: `.keyDamaged`, `.log`.
    /// - Complexity: O(*n*) in the keys; nothing is unwrapped.
    public func status() throws(ExchangeError) -> KeyStatus {
        var (live, destroyed) = (0, 0)
        try forEachKey { _, record in
            if case .erased = record { destroyed += 1 } else { live += 1 }
        }
        let (counts, generation, state, fences) = try core.withLock { core throws(ExchangeError) in
            let transaction = try core.environment.beginRead()
            let records = try core.environment.records(
                from: [], in: core.environment.erased, atMost: .max, prefix: [], transaction)
            let fences = records.compactMap { record in
                KeyRecord.number(record.value).map { ErasureFence(number: $0, subject: record.key) }
            }
            return ((live, destroyed), core.generation, try core.readState(), fences)
        }
        return KeyStatus(
            generation: generation, live: counts.0, destroyed: counts.1,
            fences: fences.sorted { $0.number < $1.number }, noted: state.fences.noted,
            needsRotation: state.needsRotation)
    }

    /// Goes through the records of all keys, in the order of their numbers.
    func forEachKey(_ body: (UInt64, KeyRecord) -> Void) throws(ExchangeError) {
        var from: [UInt8] = []
        while true {
            let records = try core.withLock { core throws(ExchangeError) in
                let transaction = try core.environment.beginRead()
                return try core.environment.records(
                    from: from, in: core.environment.keys, atMost: 4_096, prefix: [], transaction)
            }
            guard let last = records.last else { return }
            for record in records {
                if let number = KeyRecord.number(record.key), let key = KeyRecord(record.value) { body(number, key) }
            }
            from = last.key + [0]
        }
    }
}
