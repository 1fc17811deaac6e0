import LMDB
import TestSupport

/// A suite whose tests each have a folder of their own.
class FolderSuite {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }
}

/// A suite whose tests each have an environment of their own with one database.
class EnvironmentSuite {
    let environment: LMDBEnvironment
    let database: LMDBDatabase
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        environment = try LMDBEnvironment(path: folder.path)
        database = try environment.database()
    }
}

extension LMDBReading where Self: ~Copyable {
    /// A copy of the value of a key.
    func copy(_ key: [UInt8], _ database: LMDBDatabase) throws(LMDBError) -> [UInt8]? {
        guard let value = try value(for: key.span, in: database) else { return nil }
        return array(value)
    }

    /// A copy of the value at a position.
    func copy(at position: UInt64, _ database: LMDBDatabase) throws(LMDBError) -> [UInt8]? {
        guard let value = try value(at: position, in: database) else { return nil }
        return array(value)
    }

    /// Copies of all records, by a cursor from the first to the last.
    func all(_ database: LMDBDatabase) throws(LMDBError) -> [Record] {
        var cursor = try cursor(over: database)
        var records: [Record] = []
        while try cursor.moveToNext() { records.append(Record(key: array(cursor.key), value: array(cursor.value))) }
        return records
    }
}

extension LMDBWriteTransaction {
    /// Appends a value of three pieces.
    mutating func append(
        _ first: [UInt8], _ second: [UInt8], _ third: [UInt8], at position: UInt64, in database: LMDBDatabase
    ) throws(LMDBError) {
        try append(first.span.bytes, second.span, third.span, at: position, in: database)
    }
}

struct Record: Hashable {
    let key: [UInt8]
    let value: [UInt8]

    init(key: [UInt8], value: [UInt8]) {
        self.key = key
        self.value = value
    }

    init(_ key: String, _ value: String) {
        self.init(key: Array(key.utf8), value: Array(value.utf8))
    }
}

func array(_ span: Span<UInt8>) -> [UInt8] {
    var bytes: [UInt8] = []
    for at in span.indices { bytes.append(span[at]) }
    return bytes
}

extension LMDBEnvironment {
    /// Writes records in one transaction and commits them.
    func write(_ records: [Record], to database: LMDBDatabase) throws(LMDBError) {
        var transaction = try beginWrite()
        for record in records { try transaction.put(record.value.span, for: record.key.span, in: database) }
        try transaction.commit()
    }

    /// Copies of all records, as the last commit left them.
    func committed(_ database: LMDBDatabase) throws(LMDBError) -> [Record] {
        let transaction = try beginRead()
        return try transaction.all(database)
    }

    func database(_ name: String = "main") throws(LMDBError) -> LMDBDatabase { try databases([name])[0] }
}

/// What goes wrong, or nil if nothing does.
func fault(_ body: () throws(LMDBError) -> Void) -> LMDBError.Code? {
    do throws(LMDBError) {
        try body()
        return nil
    } catch {
        return error.code
    }
}
