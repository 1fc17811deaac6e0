import LMDB

@testable import EventLog

/// Changing what is on disk behind the ledger's back.
extension LogStore {
    enum Part: CaseIterable {
        case entries, disclosures, nodes, state
    }

    func database(_ part: Part) -> LMDBDatabase {
        switch part {
        case .entries: entries
        case .disclosures: disclosures
        case .nodes: nodes
        case .state: state
        }
    }

    /// The key of the entry at a position.
    static func entryKey(_ position: Position) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: position >> UInt64(56 - $0 * 8)) }
    }

    /// Changes the value of a key and returns what stood there before.
    @discardableResult
    func change(_ part: Part, _ key: [UInt8], _ change: (inout [UInt8]) -> Void) throws -> [UInt8] {
        try environment.change(database(part), key, change)
    }
}

extension LMDBEnvironment {
    /// Changes the value of a key and returns what stood there before.
    @discardableResult
    func change(_ database: LMDBDatabase, _ key: [UInt8], _ change: (inout [UInt8]) -> Void) throws -> [UInt8] {
        var transaction = try beginWrite()
        guard let value = try transaction.value(for: key.span, in: database)?.copied else { throw NoSuchKey() }
        var changed = value
        change(&changed)
        try transaction.put(changed.span, for: key.span, in: database)
        try transaction.commit()
        return value
    }

    /// Writes a value under a key, or deletes the key.
    func set(_ database: LMDBDatabase, _ key: [UInt8], _ value: [UInt8]?) throws {
        var transaction = try beginWrite()
        if let value {
            try transaction.put(value.span, for: key.span, in: database)
        } else {
            try transaction.delete(key.span, in: database)
        }
        try transaction.commit()
    }

    /// The value under a key, or nil.
    func value(_ database: LMDBDatabase, _ key: [UInt8]) throws -> [UInt8]? {
        let transaction = try beginRead()
        return try transaction.value(for: key.span, in: database)?.copied
    }

    /// All keys of a database.
    func keys(of database: LMDBDatabase) throws -> [[UInt8]] {
        let transaction = try beginRead()
        var keys: [[UInt8]] = []
        var cursor = try transaction.cursor(over: database)
        while try cursor.moveToNext() { keys.append(cursor.key.copied) }
        return keys
    }

    struct NoSuchKey: Error {}
}
