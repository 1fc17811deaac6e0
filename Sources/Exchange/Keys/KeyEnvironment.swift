internal import LMDB

/// The LMDB environment of one generation of a key store.
struct KeyEnvironment: Sendable {
    private static let stateKey = Array("state".utf8)

    let environment: LMDBEnvironment
    /// Number (8, big-endian) → ``KeyRecord``.
    let keys: LMDBDatabase
    /// Blinded subject (16), compartment → number (8, big-endian).
    let subjects: LMDBDatabase
    /// Blinded subject (16) → number of its fence (8, big-endian).
    let erased: LMDBDatabase
    /// `state` → ``KeyStoreState``.
    private let state: LMDBDatabase

    init(path: String, isReadOnly: Bool) throws(ExchangeError) {
        var options = LMDBEnvironment.Options(isReadOnly: isReadOnly, mapSize: 1 << 36, databases: 4)
        options.mode = 0o600
        do throws(LMDBError) {
            environment = try LMDBEnvironment(path: path, options: options)
            let databases = try environment.databases(["keys", "subjects", "erased", "state"])
            (keys, subjects, erased, state) = (databases[0], databases[1], databases[2], databases[3])
        } catch {
            throw ExchangeError(ofKeys: error)
        }
    }

    @available(*, noasync)
    func beginRead() throws(ExchangeError) -> LMDBReadTransaction {
        do throws(LMDBError) {
            return try environment.beginRead()
        } catch {
            throw ExchangeError(ofKeys: error)
        }
    }

    /// Does something in a write transaction, and makes it durable.
    @available(*, noasync)
    func write(
        _ body: (inout LMDBWriteTransaction) throws(ExchangeError) -> Void
    ) throws(ExchangeError) {
        var transaction: LMDBWriteTransaction
        do throws(LMDBError) {
            transaction = try environment.beginWrite()
        } catch {
            throw ExchangeError(ofKeys: error)
        }
        try body(&transaction)
        do throws(LMDBError) {
            try transaction.commit()
        } catch {
            throw ExchangeError(ofKeys: error)
        }
    }

    func value(
        _ key: [UInt8], in database: LMDBDatabase, _ transaction: borrowing some LMDBReading & ~Copyable
    ) throws(ExchangeError) -> [UInt8]? {
        do throws(LMDBError) {
            guard let bytes = try transaction.value(for: key.span, in: database) else { return nil }
            return bytes.copied
        } catch {
            throw ExchangeError(ofKeys: error)
        }
    }

    func put(
        _ value: [UInt8], for key: [UInt8], in database: LMDBDatabase, _ transaction: inout LMDBWriteTransaction
    ) throws(ExchangeError) {
        do throws(LMDBError) {
            try transaction.put(value.span, for: key.span, in: database)
        } catch {
            throw ExchangeError(ofKeys: error)
        }
    }

    func delete(
        _ key: [UInt8], in database: LMDBDatabase, _ transaction: inout LMDBWriteTransaction
    ) throws(ExchangeError) {
        do throws(LMDBError) {
            try transaction.delete(key.span, in: database)
        } catch {
            throw ExchangeError(ofKeys: error)
        }
    }

    /// At most a number of records from a key on, in the order of their keys, for as long as keys begin with some
    /// bytes.
    func records(
        from key: [UInt8], in database: LMDBDatabase, atMost limit: Int, prefix: [UInt8],
        _ transaction: borrowing some LMDBReading & ~Copyable
    ) throws(ExchangeError) -> [(key: [UInt8], value: [UInt8])] {
        var records: [(key: [UInt8], value: [UInt8])] = []
        do throws(LMDBError) {
            var cursor = try transaction.cursor(over: database)
            var isThere = try key.isEmpty ? cursor.moveToFirst() : cursor.move(toOrAfter: key.span)
            while isThere, records.count < limit {
                let key = cursor.key.copied
                guard key.starts(with: prefix) else { break }
                records.append((key, cursor.value.copied))
                isThere = try cursor.moveToNext()
            }
        } catch {
            throw ExchangeError(ofKeys: error)
        }
        return records
    }

    func readState(
        _ transaction: borrowing some LMDBReading & ~Copyable
    ) throws(ExchangeError) -> KeyStoreState {
        guard let bytes = try value(Self.stateKey, in: state, transaction) else {
            throw ExchangeError(
                .keyDamaged, "The key store in \(environment.path) has no state: it was never finished.")
        }
        return try KeyStoreState(bytes)
    }

    func write(_ record: KeyStoreState, _ transaction: inout LMDBWriteTransaction) throws(ExchangeError) {
        try put(record.bytes, for: Self.stateKey, in: state, &transaction)
    }
}
