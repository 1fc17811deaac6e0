internal import Crypto
internal import LMDB

extension KeyStoreCore {
    /// How many records a rotation moves in one commit.
    private static let recordsPerCommit = 20_000

    mutating func beginErasure(of subject: KeySubject, logFence: UInt64) throws(ExchangeError) -> ErasureFence {
        let blinded = blind(subject)
        guard try !isErased(blinded) else {
            throw ExchangeError(.subjectErased, "The subject has been erased already.")
        }
        var state = try readState()
        if let noted = state.fences.noted {
            guard noted.subject == blinded else {
                throw ExchangeError(
                    .conflict, "Another subject is being erased (fence \(noted.number)). Finish that first.")
            }
            return noted
        }
        let fence = state.fences.next(log: logFence, subject: blinded)
        state.fences.noted = fence
        try write(state)
        subjectBeingErased = blinded
        try probe.reached(.noted)
        return fence
    }

    mutating func cancelErasure(_ fence: ErasureFence) throws(ExchangeError) {
        guard try readState().fences.noted == fence else { return }
        try forgetErasure()
    }

    mutating func forgetErasure() throws(ExchangeError) {
        var state = try readState()
        state.fences.noted = nil
        try write(state)
        subjectBeingErased = nil
    }

    mutating func finishErasure(_ fence: ErasureFence) throws(ExchangeError) {
        let state = try readState()
        if state.fences.noted == fence {
            try destroyKeys(behind: fence)
        } else if state.fences.seen < fence.number {
            throw ExchangeError(.conflict, "The erasure with fence \(fence.number) was not begun.")
        }
        if try readState().needsRotation { try rotate() }
    }

    private func write(_ state: KeyStoreState) throws(ExchangeError) {
        let environment = environment
        try environment.write { transaction throws(ExchangeError) in try environment.write(state, &transaction) }
    }

    /// Puts tombstones in the place of a subject's keys. What lies in free pages goes with the wrapping key.
    mutating func destroyKeys(behind fence: ErasureFence) throws(ExchangeError) {
        let environment = environment
        try environment.write { transaction throws(ExchangeError) in
            let names = try environment.records(
                from: fence.subject, in: environment.subjects, atMost: .max, prefix: fence.subject, transaction)
            for (name, number) in names {
                let tombstone = KeyRecord.erased(fence: fence.number)
                try environment.put(tombstone.bytes, for: number, in: environment.keys, &transaction)
                try environment.delete(name, in: environment.subjects, &transaction)
            }
            try environment.put(
                KeyRecord.bigEndian(fence.number), for: fence.subject, in: environment.erased, &transaction)
            var state = try environment.readState(transaction)
            state.fences = FenceState(seen: fence.number)
            state.needsRotation = true
            try environment.write(state, &transaction)
        }
        subjectBeingErased = nil
        byReference.removeAll()
        byNumber.removeAll()
        try probe.reached(.destroyed)
    }

    /// Writes all keys, wrapped anew, into a new environment, puts that in the place of the old one, and destroys the
    /// old wrapping key. Wherever it stops, one of the two environments is whole and can be opened.
    mutating func rotate() throws(ExchangeError) {
        guard !options.isReadOnly else {
            throw ExchangeError(.conflict, "The keys were opened for looking up; they cannot be rotated.")
        }
        let next = try wrappingKey.addGeneration()
        try probe.reached(.wrappingKeyAdded)
        try folder.begin(next)
        try rewrap(into: next)
        try probe.reached(.rewrapped)
        try folder.finish(next)
        try probe.reached(.replaced)
        let opened = try Self.openKeys(folder, next, wrappingKey, isReadOnly: false)
        (generation, environment, keyKey) = (opened.generation, opened.environment, opened.keyKey)
        try removeOldGenerations()
    }

    func removeOldGenerations() throws(ExchangeError) {
        try folder.removeAll(except: generation)
        try probe.reached(.oldRemoved)
        try wrappingKey.destroyGenerations(except: generation)
        try probe.reached(.wrappingKeyDestroyed)
    }

    private func rewrap(into next: UInt64) throws(ExchangeError) {
        let target = try KeyEnvironment(path: folder.unfinishedPath(of: next), isReadOnly: false)
        let nextBytes = KeyWrap.random(SubjectKey.byteCount)
        let nextKey = SymmetricKey(data: nextBytes)
        let transaction = try environment.beginRead()
        try copy(environment.subjects, to: target, target.subjects, transaction) { record throws(ExchangeError) in
            record.value
        }
        try copy(environment.erased, to: target, target.erased, transaction) { record throws(ExchangeError) in
            record.value
        }
        try copy(environment.keys, to: target, target.keys, transaction) { record throws(ExchangeError) in
            try rewrapped(record, nextKey)
        }
        var state = try environment.readState(transaction)
        state.needsRotation = false
        state.keyKey = try wrappingKey.wrap(nextBytes, generation: next)
        state.secret = try KeyWrap.wrap(secret, under: nextKey, context: Self.secretContext)
        let written = state
        try target.write { transaction throws(ExchangeError) in try target.write(written, &transaction) }
    }

    /// A key's record under another key. One that is damaged stays so: it does not keep the others from being erased.
    private func rewrapped(
        _ record: (key: [UInt8], value: [UInt8]), _ nextKey: SymmetricKey
    ) throws(ExchangeError) -> [UInt8] {
        guard case .live(let subject, let wrapped, let compartment) = KeyRecord(record.value),
            let number = KeyRecord.number(record.key)
        else { return record.value }
        let context = KeyRecord.context(number: number, subject: subject, compartment: compartment)
        guard let dataKey = KeyWrap.unwrap(wrapped, under: keyKey, context: context) else { return record.value }
        return KeyRecord.live(
            subject: subject, wrapped: try KeyWrap.wrap(dataKey, under: nextKey, context: context),
            compartment: compartment
        ).bytes
    }

    private func copy(
        _ database: LMDBDatabase, to target: KeyEnvironment, _ copy: LMDBDatabase,
        _ source: borrowing LMDBReadTransaction,
        _ change: ((key: [UInt8], value: [UInt8])) throws(ExchangeError) -> [UInt8]
    ) throws(ExchangeError) {
        var from: [UInt8] = []
        while true {
            let records = try environment.records(
                from: from, in: database, atMost: Self.recordsPerCommit, prefix: [], source)
            guard let last = records.last else { return }
            try target.write { transaction throws(ExchangeError) in
                for record in records {
                    try target.put(try change(record), for: record.key, in: copy, &transaction)
                }
            }
            // The key that comes next after a key is that key with a zero byte behind it.
            from = last.key + [0]
        }
    }
}
