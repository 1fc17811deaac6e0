internal import EventLog
internal import Foundation
internal import JSON
internal import LMDB

/// The LMDB environment of subscriptions, `DIR/state/subscriptions`.
struct SubscriptionFiles: Sendable {
    let environment: LMDBEnvironment
    /// `ledger` → of which ledger it is; `next` → the number of the next subscription (8, big-endian).
    let about: LMDBDatabase
    /// Agency, zero byte, name → number (8, big-endian) and definition (JSON).
    let definitions: LMDBDatabase
    /// Number (8, big-endian) → ``SubscriptionCursor``.
    let cursors: LMDBDatabase
    /// Number (8) and position (8), big-endian → ``PositionMark``.
    let marks: LMDBDatabase

    static let ledgerKey = Array("ledger".utf8)
    static let nextKey = Array("next".utf8)

    /// How large the file may grow, in bytes; far beyond what the limits allow.
    private static let mapSize = 1 << 34

    /// Opens the environment in a folder, which is made unless it is there.
    ///
    /// - Throws: ``LogError`` that says what is wrong with it, and what to do.
    init(path: String) throws(LogError) {
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw LogError(
                .permissionDenied,
                "The folder \(path), in which subscriptions are kept, cannot be made. Check owner and mode of the folders "
                    + "above it.")
        }
        do throws(LMDBError) {
            var options = LMDBEnvironment.Options(mapSize: Self.mapSize, databases: 4)
            options.mode = 0o600
            options.readers = 128
            environment = try LMDBEnvironment(path: path, options: options)
            let databases = try environment.databases(["about", "definitions", "cursors", "marks"])
            (about, definitions, cursors, marks) = (databases[0], databases[1], databases[2], databases[3])
        } catch {
            throw LogError(ofSubscriptions: error, path)
        }
        // LMDB makes what is in its files durable, not their names.
        for folder in [path, path + "/..", path + "/../.."] { try DurableFile.sync(folder: folder) }
    }

    static func key(_ number: UInt64, _ position: Position? = nil) -> [UInt8] {
        var key: [UInt8] = []
        key.append(bigEndian: number)
        if let position { key.append(bigEndian: position) }
        return key
    }

    static func key(_ name: SubscriptionName) -> [UInt8] { Array(name.agency.utf8) + [0] + name.name.utf8 }

    static func name(_ key: [UInt8]) -> SubscriptionName? {
        guard let zero = key.firstIndex(of: 0) else { return nil }
        return SubscriptionName(
            agency: String(decoding: key[..<zero], as: UTF8.self),
            name: String(decoding: key[(zero + 1)...], as: UTF8.self))
    }

    @available(*, noasync)
    func value(
        _ key: [UInt8], of database: LMDBDatabase, in transaction: borrowing some LMDBReading & ~Copyable
    ) throws(LMDBError) -> [UInt8]? {
        guard let bytes = try transaction.value(for: key.span, in: database) else { return nil }
        return bytes.copied
    }

    @available(*, noasync)
    func put(
        _ value: [UInt8], for key: [UInt8], in database: LMDBDatabase, _ transaction: inout LMDBWriteTransaction
    ) throws(LMDBError) {
        try transaction.put(value.span, for: key.span, in: database)
    }

    @available(*, noasync)
    func delete(
        _ key: [UInt8], of database: LMDBDatabase, _ transaction: inout LMDBWriteTransaction
    ) throws(LMDBError) {
        try transaction.delete(key.span, in: database)
    }

    /// All records of a database whose keys begin with some bytes.
    @available(*, noasync)
    func records(
        of database: LMDBDatabase, prefix: [UInt8] = [], in transaction: borrowing LMDBReadTransaction
    ) throws(LMDBError) -> [(key: [UInt8], value: [UInt8])] {
        var records: [(key: [UInt8], value: [UInt8])] = []
        var cursor = try transaction.cursor(over: database)
        var isThere = prefix.isEmpty ? try cursor.moveToFirst() : try cursor.move(toOrAfter: prefix.span)
        while isThere {
            let key = cursor.key.copied
            guard key.starts(with: prefix) else { break }
            records.append((key, cursor.value.copied))
            isThere = try cursor.moveToNext()
        }
        return records
    }
}

extension LogError {
    /// What a failure of LMDB means where it was subscriptions that were read or written.
    init(ofSubscriptions error: LMDBError, _ path: String) {
        switch error.code {
        case .diskFull:
            self.init(.diskFull, "The disk is full (subscriptions, \(error.operation)). Free some space and try again.")
        case .mapFull:
            self.init(.mapFull, "The file of subscriptions has reached its largest size. Delete some subscriptions.")
        case .permissionDenied:
            self.init(.permissionDenied, "No permission for \(path) (\(error.operation)). Check its owner and mode.")
        case .alreadyOpen:
            self.init(.inUse, "This process has the subscriptions in \(path) open already.")
        case .corrupted, .notAnEnvironment, .versionMismatch, .noSuchFile:
            self.init(
                .corrupted,
                "The subscriptions in \(path) are damaged (\(error)). Restore the folder from a backup, or move it away: then "
                    + "agencies make their subscriptions anew.")
        default:
            self.init(
                .failed,
                "The subscriptions in \(path) could not be read or written (\(error)). Check the disk, and restart.")
        }
    }
}
