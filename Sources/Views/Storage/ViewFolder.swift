internal import EventLog
internal import Foundation
internal import Glibc
internal import LMDB

/// Where a view lies, and how a new one takes the place of the old one.
struct ViewFolder: Sendable {
    /// `DIR/views`.
    let base: String
    let title: String

    var path: String { base + "/" + title }
    /// Where the old one lies between two renames, on file systems that cannot exchange two names at once.
    private var oldPath: String { path + ".old" }
    private var shadowName: String { title + ".shadow" }
    /// After the name of a shadow: where rows are put aside while it is made.
    static let asideSuffix = "-rows"
    /// Lets two folders change places; returns 0 or the system's error.
    private let exchanging: @Sendable (String, String) -> Int32

    init(
        ledger: String, title: String,
        exchanging: @escaping @Sendable (String, String) -> Int32 = { FolderExchange.exchange($0, $1) }
    ) {
        base = ledger + "/views"
        self.title = title
        self.exchanging = exchanging
    }

    var exists: Bool { FileManager.default.fileExists(atPath: path + "/data.mdb") }

    /// Puts right what a kill left: there is the old view or the new one, and nothing else.
    func recover() throws(ViewError) {
        try makeFolder(base)
        let names = (try? FileManager.default.contentsOfDirectory(atPath: base)) ?? []
        if !names.contains(title), names.contains(title + ".old") {
            try rename(oldPath, path)
            try sync(base)
        } else if names.contains(title + ".old") {
            remove(oldPath)
        }
        for name in names where name == shadowName || name.hasPrefix(shadowName + "-") { remove(base + "/" + name) }
        try makeFolder(path)
    }

    /// Makes an empty folder for a new view.
    ///
    /// - Parameter number: Counts the rebuilds of this process: a folder that was opened under a name keeps that name in
    ///   LMDB's books, though it has another by then.
    func makeShadow(_ number: Int) throws(ViewError) -> String {
        let shadow = base + "/" + (number == 0 ? shadowName : "\(shadowName)-\(number)")
        remove(shadow)
        try makeFolder(shadow)
        return shadow
    }

    /// Puts a finished view, all of which is durable, in the place of the old one, which then lies where it lay. Whoever has
    /// the old one open goes on reading it.
    func exchange(with shadow: String) throws(ViewError) {
        try sync(shadow)
        try sync(base)
        let status = exchanging(shadow, path)
        if status != 0 {
            guard [EINVAL, ENOSYS, EOPNOTSUPP].contains(status) else {
                throw failure("exchange \(shadow) and \(path)", status)
            }
            try rename(path, oldPath)
            do throws(ViewError) {
                try rename(shadow, path)
            } catch {
                // Nothing was exchanged: the old one is where it was.
                try rename(oldPath, path)
                throw error
            }
            try rename(oldPath, shadow)
        }
        try sync(base)
    }

    /// Opens the files, or makes them anew if they are damaged or not the right ones.
    ///
    /// - Returns: The files and their record; nil for a view that has nothing yet.
    func open(where isRight: (ViewMeta) -> Bool) throws(ViewError) -> (store: ViewStore, meta: ViewMeta?) {
        try recover()
        if exists {
            do throws(ViewError) {
                let store = try ViewStore(path: path, title: title, isReadOnly: false)
                if let meta = try store.readMeta(), isRight(meta) { return (store, meta) }
            } catch {
                // What is open already, or cannot be read at the moment, is not to be made anew.
                guard error.code == .damaged else { throw error }
            }
        }
        remove(path)
        try recover()
        return (try ViewStore(path: path, title: title, isReadOnly: false), nil)
    }

    /// Removes a folder, if it is there. What cannot be removed now is removed when the view is opened again.
    func remove(_ path: String) {
        try? FileManager.default.removeItem(atPath: path)
    }

    func makeFolder(_ path: String) throws(ViewError) {
        try ViewError.wrapping { () throws(LogError) in try DurableFile.makeFolder(path) }
    }

    private func sync(_ path: String) throws(ViewError) {
        try ViewError.wrapping { () throws(LogError) in try DurableFile.sync(folder: path) }
    }

    private func rename(_ from: String, _ to: String) throws(ViewError) {
        guard Glibc.rename(from, to) == 0 else { throw failure("rename \(from)", errno) }
    }

    private func failure(_ operation: String, _ code: Int32) -> ViewError {
        ViewError(LogError(errno: code, operation))
    }
}
