internal import EventLog
internal import Foundation
internal import JSON
internal import LMDB
internal import Synchronization

/// The entries that views could not map, in `DIR/state`: not derivable, because it says since when and how often it was tried.
final class ParkedStore: Sendable {
    struct Files: Sendable {
        let environment: LMDBEnvironment
        /// Title of the view, zero byte, position (8, big-endian) → reason, since, tries, as JSON.
        let parked: LMDBDatabase
        /// See ``AutomationRegistration``; nil if nothing can be written.
        let automations: LMDBDatabase?
    }

    /// Nil once it was closed.
    private let files: Mutex<Files?>

    init(ledger: String, isReadOnly: Bool = false) throws(ViewError) {
        let path = ledger + "/state"
        if !isReadOnly {
            try ViewError.wrapping { () throws(LogError) in
                try DurableFile.makeFolder(path)
                try DurableFile.sync(folder: ledger)
            }
        }
        do throws(LMDBError) {
            let environment = try LMDBEnvironment(
                path: path, options: .init(isReadOnly: isReadOnly, mapSize: 1 << 34, databases: 8))
            let databases = try environment.databases(isReadOnly ? ["parked"] : ["parked", "automations"])
            files = Mutex(
                Files(
                    environment: environment, parked: databases[0],
                    automations: databases.count > 1 ? databases[1] : nil)
            )
        } catch {
            throw ViewError(error, "state")
        }
    }

    /// Lets go of the files.
    func close() { files.withLock { $0 = nil } }

    /// Whether there is anything to open.
    static func exists(ledger: String) -> Bool {
        FileManager.default.fileExists(atPath: ledger + "/state/data.mdb")
    }

    private static func prefix(_ title: String) -> [UInt8] { Array(title.utf8) + [0] }

    private static func key(_ title: String, _ position: Position) -> [UInt8] {
        var key = prefix(title)
        key.append(bigEndian: position)
        return key
    }

    /// Notes entries, durable on return. One that is noted already keeps its time and counts one more try, if it was tried
    /// again.
    @available(*, noasync)
    func park(_ entries: [MappedRange.Parked], of title: String, isRetry: Bool = false) throws(ViewError) {
        guard !entries.isEmpty else { return }
        try wrapping { (files) throws(LMDBError) in
            var transaction = try files.environment.beginWrite()
            for entry in entries {
                let key = Self.key(title, entry.position)
                let known = try Self.record(key, files.parked, in: transaction)
                var record = known ?? Record(reason: "", since: .now(), tries: 1)
                record.reason = Self.shortened(entry.reason)
                if known != nil, isRetry { record.tries += 1 }
                let bytes = record.bytes
                try transaction.put(bytes.span, for: key.span, in: files.parked)
            }
            try transaction.commit()
        }
    }

    private static func record(
        _ key: [UInt8], _ database: LMDBDatabase, in transaction: borrowing LMDBWriteTransaction
    ) throws(LMDBError) -> Record? {
        guard let bytes = try transaction.value(for: key.span, in: database) else { return nil }
        return Record(bytes.copied)
    }

    /// Takes entries off the list, durable on return.
    @available(*, noasync)
    func unpark(_ positions: [Position], of title: String) throws(ViewError) {
        guard !positions.isEmpty else { return }
        try wrapping { (files) throws(LMDBError) in
            var transaction = try files.environment.beginWrite()
            for position in positions {
                let key = Self.key(title, position)
                try transaction.delete(key.span, in: files.parked)
            }
            try transaction.commit()
        }
    }

    /// What is on the list of a view, or of all, by views and positions.
    @available(*, noasync)
    func list(_ title: String? = nil) throws(ViewError) -> [ParkedEntry] {
        try wrapping { (files) throws(LMDBError) in
            let transaction = try files.environment.beginRead()
            var cursor = try transaction.cursor(over: files.parked)
            let prefix = title.map(Self.prefix) ?? []
            var entries: [ParkedEntry] = []
            var found = prefix.isEmpty ? try cursor.moveToFirst() : try cursor.move(toOrAfter: prefix.span)
            while found {
                let (key, value) = (cursor.key.copied, cursor.value.copied)
                guard key.starts(with: prefix) else { break }
                if let entry = Self.entry(key, value) { entries.append(entry) }
                found = try cursor.moveToNext()
            }
            return entries
        }
    }

    private static func entry(_ key: [UInt8], _ value: [UInt8]) -> ParkedEntry? {
        guard key.count > 9, let record = Record(value) else { return nil }
        let title = String(decoding: key.dropLast(9), as: UTF8.self)
        guard let dot = title.lastIndex(of: "."), let version = Int(title[title.index(after: dot)...]) else {
            return nil
        }
        return ParkedEntry(
            view: String(title[..<dot]), version: version,
            position: key.span.littleEndianWord(at: key.count - 8).byteSwapped, reason: record.reason,
            since: record.since, tries: record.tries)
    }

    private static func shortened(_ reason: String) -> String {
        guard reason.utf8.count > ViewLimits.reasonBytes else { return reason }
        var short = ""
        for character in reason where short.utf8.count + character.utf8.count <= ViewLimits.reasonBytes - 3 {
            short.append(character)
        }
        return short + "…"
    }

    func wrapping<Result>(_ body: (Files) throws(LMDBError) -> Result) throws(ViewError) -> Result {
        guard let files = files.withLock({ $0 }) else { throw ViewError(.closed, "The views were closed.") }
        do throws(LMDBError) {
            return try body(files)
        } catch {
            throw ViewError(error, "state")
        }
    }

    private struct Record {
        var reason: String
        let since: Timestamp
        var tries: Int

        init(reason: String, since: Timestamp, tries: Int) {
            (self.reason, self.since, self.tries) = (reason, since, tries)
        }

        init?(_ bytes: [UInt8]) {
            guard let root = try? JSONDocument(parsing: bytes).root, let reason = root["reason"]?.string,
                let since = root["since"]?.string.flatMap({ Timestamp($0) }), let tries = root["tries"]?.integer
            else { return nil }
            self.init(reason: reason, since: since, tries: Int(tries))
        }

        var bytes: [UInt8] {
            var writer = JSONWriter()
            writer.object { writer in
                writer.member("reason", reason)
                writer.member("since", since.description)
                writer.member("tries", Int64(tries))
            }
            return writer.bytes
        }
    }
}
