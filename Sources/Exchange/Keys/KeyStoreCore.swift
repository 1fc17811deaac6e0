internal import Crypto
internal import LMDB

/// What the lock of a key store guards.
struct KeyStoreCore: Sendable {
    let folder: KeyStoreFolder
    let wrappingKey: any WrappingKey
    let options: KeyStore.Options
    let probe: KeyProbe
    let mask: NumberMask
    private let blinding: SymmetricKey
    /// What subjects and numbers are hidden with; the same in all generations.
    let secret: [UInt8]

    // Of the generation in use.
    var generation: UInt64
    var environment: KeyEnvironment
    var keyKey: SymmetricKey

    /// The subject whose erasure has begun, blinded, or nil. Its keys may be looked up, but nothing is sealed with them.
    var subjectBeingErased: [UInt8]?
    var byReference: BoundedCache<KeyReference, SubjectKey>
    var byNumber: BoundedCache<UInt64, SubjectKey>

    init(
        _ folder: KeyStoreFolder, _ wrappingKey: any WrappingKey, _ options: KeyStore.Options, _ probe: KeyProbe,
        opened: OpenedKeys
    ) {
        self.folder = folder
        self.wrappingKey = wrappingKey
        self.options = options
        self.probe = probe
        generation = opened.generation
        environment = opened.environment
        keyKey = opened.keyKey
        secret = opened.secret
        blinding = SymmetricKey(data: Self.derived(secret, "sanhu/v1/subjects"))
        mask = NumberMask(secret: Self.derived(secret, "sanhu/v1/numbers"))
        byReference = BoundedCache(limit: options.cachedKeys)
        byNumber = BoundedCache(limit: options.cachedKeys)
    }

    /// A secret of its own for each use: HMAC-SHA256 of a label.
    private static func derived(_ secret: [UInt8], _ label: String) -> [UInt8] {
        Array(HMAC<SHA256>.authenticationCode(for: Array(label.utf8), using: SymmetricKey(data: secret)))
    }

    /// A subject as the store knows it: 128 bits of HMAC-SHA256 over its kind and name.
    func blind(_ subject: KeySubject) -> [UInt8] {
        let code = HMAC<SHA256>.authenticationCode(for: [subject.kind.rawValue] + subject.name.utf8, using: blinding)
        return Array(code.prefix(KeyRecord.blindedBytes))
    }

    func readState() throws(ExchangeError) -> KeyStoreState {
        let transaction = try environment.beginRead()
        return try environment.readState(transaction)
    }

    func isErased(_ blinded: [UInt8]) throws(ExchangeError) -> Bool {
        let transaction = try environment.beginRead()
        return try environment.value(blinded, in: environment.erased, transaction) != nil
    }

    mutating func keys(for references: [KeyReference]) throws(ExchangeError) -> [SubjectKey] {
        if let subjectBeingErased, references.contains(where: { blind($0.subject) == subjectBeingErased }) {
            throw ExchangeError(.conflict, "The data's subject is being erased. Append nothing about it meanwhile.")
        }
        var found: [SubjectKey] = []
        found.reserveCapacity(references.count)
        for reference in references {
            guard let key = byReference.value(for: reference) else { break }
            found.append(key)
        }
        if found.count == references.count { return found }
        var known: [KeyReference: SubjectKey] = [:]
        var new: [KeyReference] = []
        var seen: Set<KeyReference> = []
        for reference in references where seen.insert(reference).inserted {
            if let key = try existingKey(for: reference) { known[reference] = key } else { new.append(reference) }
        }
        if !new.isEmpty {
            for (reference, key) in zip(new, try make(new)) {
                known[reference] = key
                byReference.insert(key, for: reference)
                byNumber.insert(key, for: key.number)
            }
        }
        return references.compactMap { known[$0] }
    }

    mutating func existingKey(for reference: KeyReference) throws(ExchangeError) -> SubjectKey? {
        if let key = byReference.value(for: reference) { return key }
        let blinded = blind(reference.subject)
        let transaction = try environment.beginRead()
        guard try environment.value(blinded, in: environment.erased, transaction) == nil else {
            throw ExchangeError(
                .subjectErased, "The data's subject has been erased: nothing about it can be sealed or looked for.")
        }
        let name = blinded + reference.compartment.utf8
        guard let value = try environment.value(name, in: environment.subjects, transaction) else { return nil }
        guard let number = KeyRecord.number(value), case .live(let key) = try read(number, transaction) else {
            throw ExchangeError(.keyDamaged, "The key store contradicts itself. Restore the keys from a backup.")
        }
        byReference.insert(key, for: reference)
        return key
    }

    mutating func key(numbered number: UInt64) throws(ExchangeError) -> KeyStore.Finding {
        if let key = byNumber.value(for: number) { return .live(key) }
        let transaction = try environment.beginRead()
        let finding = try read(number, transaction)
        if case .live(let key) = finding { byNumber.insert(key, for: number) }
        return finding
    }

    private func read(
        _ number: UInt64, _ transaction: borrowing LMDBReadTransaction
    ) throws(ExchangeError) -> KeyStore.Finding {
        let value = try environment.value(KeyRecord.bigEndian(number), in: environment.keys, transaction)
        guard let value else {
            throw ExchangeError(
                .keyMissing, "There is no key \(number). The keys are older than the log, or of another.")
        }
        switch KeyRecord(value) {
        case .erased(let fence): return .erased(fence: fence)
        case .live(let subject, let wrapped, let compartment):
            let context = KeyRecord.context(number: number, subject: subject, compartment: compartment)
            if let bytes = KeyWrap.unwrap(wrapped, under: keyKey, context: context) {
                return .live(SubjectKey(number: number, dataKey: bytes, mask: mask))
            }
        case nil: break
        }
        throw ExchangeError(.keyDamaged, "Key \(number) is damaged. Restore the keys from a backup.")
    }

    /// Makes keys, durable on return.
    private func make(_ references: [KeyReference]) throws(ExchangeError) -> [SubjectKey] {
        guard !options.isReadOnly else {
            throw ExchangeError(.conflict, "The keys were opened for looking up; sealing needs new ones.")
        }
        var made: [SubjectKey] = []
        try environment.write { transaction throws(ExchangeError) in
            var state = try environment.readState(transaction)
            for reference in references {
                state.count += 1
                // The count alone would give numbers again to keys made after an old copy was put back; with 24 bits
                // drawn beside it, a row of before does not meet a key of after.
                let drawn = KeyWrap.random(3).reduce(0) { $0 << 8 | UInt64($1) }
                let number = state.count << 24 | drawn
                let (subject, compartment) = (blind(reference.subject), Array(reference.compartment.utf8))
                let dataKey = probe.draw(SubjectKey.byteCount)
                let context = KeyRecord.context(number: number, subject: subject, compartment: compartment)
                let record = KeyRecord.live(
                    subject: subject, wrapped: try KeyWrap.wrap(dataKey, under: keyKey, context: context),
                    compartment: compartment)
                let name = KeyRecord.bigEndian(number)
                try environment.put(record.bytes, for: name, in: environment.keys, &transaction)
                try environment.put(name, for: subject + compartment, in: environment.subjects, &transaction)
                made.append(SubjectKey(number: number, dataKey: dataKey, mask: mask))
            }
            try environment.write(state, &transaction)
        }
        return made
    }
}
