internal import EventLog
internal import Foundation
internal import Glibc
internal import LMDB

/// What an interrupted founding left in a folder. All of it may be removed, and nothing else may: a key or a record of
/// access cannot be made again.
struct FoundingRemains {
    private static let environmentFiles: Set<Substring> = ["data.mdb", "lock.mdb"]
    private static let logFiles: Set<Substring> = ["ledger.json", "ledger.json.new", "writer.lock"]
    private static let files = logFiles.union([FoundingMark.name[...], FoundingMark.unfinishedName[...]])
    /// The environments of a log; its index is derived, and needs no look.
    private static let logEnvironments: [[Substring]] = [["log"], ["access", "log"]]
    private static let indexes: [[Substring]] = [["index"], ["access", "index"]]

    private let path: String
    /// The folders of key stores' environments, finished or not.
    private var keyFolders: [String] = []

    private init(path: String) {
        self.path = path
    }

    /// Looks at a folder that has a mark, and changes nothing.
    ///
    /// - Throws: ``LogError`` with code `.alreadyExists` if there is a ledger in it, if the mark is none, or if there is
    ///   anything that an interrupted founding does not leave: other files, keys, entries, files that cannot be read.
    static func check(_ path: String) throws(LogError) {
        guard FoundingMark(in: path).isGenuine else {
            throw LogError(
                .alreadyExists,
                "\(path)/\(FoundingMark.name) is not the mark of an interrupted founding; nothing was touched. "
                    + "Choose another folder for the ledger, or move that file away if the others may be used.")
        }
        if FileManager.default.fileExists(atPath: LedgerFolder.descriptionPath(path)), LedgerFolder.holdsEntries(path) {
            throw LogError(.alreadyExists, "\(path) is a ledger already.")
        }
        var remains = FoundingRemains(path: path)
        try remains.look(into: [])
        for log in logEnvironments { try remains.check(log.joined(separator: "/"), ["entries"], "entries") }
        for folder in remains.keyFolders {
            try remains.check("keys/" + folder, ["keys", "subjects", "erased"], "keys")
        }
    }

    /// Checks the names in a folder, given by its path from the ledger's on, and in those within. Ends at the first that
    /// does not belong there, so it looks at few.
    private mutating func look(into folder: [Substring]) throws(LogError) {
        let place = ([path[...]] + folder).joined(separator: "/")
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: place)
        } catch {
            throw refusal("\(place), which cannot be listed")
        }
        for name in names.sorted() {
            let item = folder + [name[...]]
            let attributes = try? FileManager.default.attributesOfItem(atPath: place + "/" + name)
            switch attributes?[.type] as? FileAttributeType {
            case .typeRegular? where Self.mayBeFile(item): continue
            case .typeDirectory? where Self.mayBeFolder(item):
                if Self.isKeyFolder(item) { keyFolders.append(name) }
                try look(into: item)
            default: throw refusal(item.joined(separator: "/"))
            }
        }
    }

    private static func mayBeFile(_ item: [Substring]) -> Bool {
        let (folder, name) = (Array(item.dropLast()), item[item.count - 1])
        if folder.isEmpty { return files.contains(name) }
        if folder == ["access"] { return logFiles.contains(name) }
        return folder != ["keys"] && environmentFiles.contains(name)
    }

    private static func mayBeFolder(_ item: [Substring]) -> Bool {
        item == ["access"] || item == ["keys"] || logEnvironments.contains(item) || indexes.contains(item)
            || isKeyFolder(item)
    }

    /// Whether it is `keys/GENERATION` or `keys/GENERATION.new`.
    private static func isKeyFolder(_ item: [Substring]) -> Bool {
        guard item.count == 2, item[0] == "keys" else { return false }
        return UInt64(item[1].hasSuffix(".new") ? item[1].dropLast(4) : item[1]) != nil
    }

    /// Checks that an environment has no records.
    private func check(_ folder: String, _ databases: [String], _ content: String) throws(LogError) {
        let isEmpty: Bool
        do throws(LMDBError) {
            isEmpty = try Self.isEmpty(path + "/" + folder, databases)
        } catch {
            throw refusal("\(folder), in which there might be \(content) (\(error))")
        }
        guard isEmpty else { throw refusal("\(content) in \(folder)") }
    }

    private static func isEmpty(_ folder: String, _ databases: [String]) throws(LMDBError) -> Bool {
        // The first two pages say what is in the others. Creating it may have been cut off before anything was.
        let unwritten = 2 * sysconf(Int32(_SC_PAGESIZE))
        let attributes = try? FileManager.default.attributesOfItem(atPath: folder + "/data.mdb")
        guard let bytes = (attributes?[.size] as? NSNumber)?.intValue, bytes > unwritten else { return true }
        let environment = try LMDBEnvironment(
            path: folder, options: .init(isReadOnly: true, databases: databases.count))
        guard environment.usage.used > unwritten else { return true }
        let opened = try environment.databases(databases)
        let transaction = try environment.beginRead()
        for database in opened {
            var cursor = try transaction.cursor(over: database)
            if try cursor.moveToFirst() { return false }
        }
        return true
    }

    private func refusal(_ what: String) -> LogError {
        LogError(
            .alreadyExists,
            "\(path) is marked as an interrupted founding, which leaves no such thing as \(what); nothing was "
                + "touched. If a ledger was here, restore what it lost from a backup and remove "
                + "\(path)/\(FoundingMark.name). Else choose another folder, or move what is to be kept out of this one."
        )
    }
}
