internal import EventLog
internal import JSON
internal import LMDB
internal import Transparency

extension SubscriptionStore {
    /// Everything that is kept, and the number of the next subscription.
    ///
    /// - Throws: ``LogError`` with code `.corrupted` if a record is not of its form: what was acknowledged is not forgotten
    ///   because a file is damaged.
    func load() throws(LogError) -> (subscriptions: [StoredSubscription], next: UInt64) {
        try reading { (files) throws(LMDBError) in
            let transaction = try files.environment.beginRead()
            var next: UInt64 = 1
            if let bytes = try files.value(SubscriptionFiles.nextKey, of: files.about, in: transaction) {
                guard bytes.count == 8 else { throw Self.damaged("a number") }
                next = bytes.span.littleEndianWord(at: 0).byteSwapped
            }
            var found: [StoredSubscription] = []
            for (key, value) in try files.records(of: files.definitions, in: transaction) {
                guard let name = SubscriptionFiles.name(key), value.count > 8 else {
                    throw Self.damaged("a definition")
                }
                let number = value.span.littleEndianWord(at: 0).byteSwapped
                guard let definition = SubscriptionDefinition(stored: Array(value[8...])) else {
                    throw Self.damaged("a definition")
                }
                found.append(try Self.subscription(name, number, definition, files, transaction))
            }
            return (found, next)
        }
    }

    /// One subscription as it is kept.
    func load(
        _ name: SubscriptionName, number: UInt64, _ definition: SubscriptionDefinition
    ) throws(LogError) -> StoredSubscription {
        try reading { (files) throws(LMDBError) in
            let transaction = try files.environment.beginRead()
            return try Self.subscription(name, number, definition, files, transaction)
        }
    }

    /// The parked events of a subscription, by their positions.
    func parked(number: UInt64) throws(LogError) -> [ParkedEvent] {
        try reading { (files) throws(LMDBError) in
            let transaction = try files.environment.beginRead()
            let records = try files.records(of: files.marks, prefix: SubscriptionFiles.key(number), in: transaction)
            var parked: [ParkedEvent] = []
            for (key, value) in records {
                guard let (position, mark, since) = Self.mark(key, value) else { throw Self.damaged("a mark") }
                guard case .parked(let deliveries, let reason) = mark else { continue }
                parked.append(ParkedEvent(position: position, reason: reason, since: since, deliveries: deliveries))
            }
            return parked
        }
    }

    private static func subscription(
        _ name: SubscriptionName, _ number: UInt64, _ definition: SubscriptionDefinition, _ files: SubscriptionFiles,
        _ transaction: borrowing LMDBReadTransaction
    ) throws(LMDBError) -> StoredSubscription {
        let key = SubscriptionFiles.key(number)
        guard let bytes = try files.value(key, of: files.cursors, in: transaction),
            let cursor = SubscriptionCursor(bytes)
        else { throw damaged("a cursor") }
        var marks: [Position: PositionMark] = [:]
        for (key, value) in try files.records(of: files.marks, prefix: key, in: transaction) {
            guard let (position, mark, _) = Self.mark(key, value) else { throw damaged("a mark") }
            marks[position] = mark
        }
        return StoredSubscription(name: name, number: number, definition: definition, cursor: cursor, marks: marks)
    }

    private static func mark(_ key: [UInt8], _ value: [UInt8]) -> (Position, PositionMark, Timestamp)? {
        guard key.count == 16, let (mark, since) = PositionMark.read(value) else { return nil }
        return (key.span.littleEndianWord(at: 8).byteSwapped, mark, since)
    }

    private static func damaged(_ what: String) -> LMDBError {
        LMDBError(.corrupted, "read subscriptions", "\(what) is not of its form")
    }

    private static func ledger(in files: SubscriptionFiles) throws(LMDBError) -> [UInt8]? {
        let transaction = try files.environment.beginRead()
        return try files.value(SubscriptionFiles.ledgerKey, of: files.about, in: transaction)
    }

    /// Notes of which ledger a new store is, and refuses one that is of another.
    static func bind(_ files: SubscriptionFiles, to log: Log, _ path: String) throws {
        // Every ledger that is shared begins with its charter.
        let first = try log.head > 0 ? log.root(atSize: 1).base64 : ""
        var json = JSONWriter()
        json.object { json in
            json.member("format", 1)
            json.member("ledger", log.verifier.description)
            json.member("first", first)
        }
        let kept: [UInt8]?
        do throws(LMDBError) {
            kept = try ledger(in: files)
            if kept == nil {
                var transaction = try files.environment.beginWrite()
                try files.put(json.bytes, for: SubscriptionFiles.ledgerKey, in: files.about, &transaction)
                try transaction.commit()
            }
        } catch {
            throw LogError(ofSubscriptions: error, path)
        }
        guard let kept, kept != json.bytes else { return }
        let ledger = (try? JSONDocument(parsing: kept).root)?["ledger"]?.string ?? "?"
        throw ServerFault(
            .foreignState,
            "The subscriptions in \(path) are those of another ledger, “\(ledger)”; this one is “\(log.verifier)”. Move the "
                + "folder to where it belongs, or away: then agencies make their subscriptions anew.")
    }
}
