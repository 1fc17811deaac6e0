internal import EventLog
internal import Foundation

/// Steps of a founding after each of which the power may fail.
package enum FoundingStep: String, Sendable, CaseIterable {
    /// The folder is marked: until the charter stands in the log, what is in it may be made anew.
    case marked
    case accessLogMade, keysMade, logMade
    /// The charter is in the log.
    case chartered
}

/// Is told of each step, and may stop there. For tests of faults.
package struct FoundingProbe: Sendable {
    package var reached: @Sendable (FoundingStep) throws(ExchangeError) -> Void = { _ in }

    package init() {}
}

/// The founding of a ledger, as its folder shows it: marked, and locked by whoever founds, from before anything else is
/// made until the charter stands in the log.
///
/// The log itself is made last. So whatever is interrupted leaves a folder that is no ledger, or one whose log is empty.
/// Before it is begun anew, all that lies there is held against ``FoundingRemains``: a ledger that lost its log may have
/// a mark as well.
struct Founding: ~Copyable {
    /// What else of a ledger with a charter lies in its folder, beside its log.
    private static let parts = ["access", "keys"]

    let path: String
    private let lock: WriterLock

    /// What may lie in the folder when its log is made.
    var others: Set<String> { Set([FoundingMark.name] + Self.parts) }

    /// Begins a founding, or begins an interrupted one anew.
    ///
    /// - Throws: ``ExchangeError`` with code `.log` if there is a ledger or anything else in the folder, or another process
    ///   founds it; nothing in it is touched then.
    init(at path: String) throws(ExchangeError) {
        self.path = path
        lock = try ExchangeError.wrapping { () throws(LogError) in try Self.begin(path) }
    }

    private static func begin(_ path: String) throws(LogError) -> WriterLock {
        let mark = FoundingMark(in: path)
        try DurableFile.makeFolder(path)
        let lock = try WriterLock(folder: path, heldBy: mark.path)
        guard mark.isThere else {
            _ = try LedgerFolder.leftovers(in: path, beside: [FoundingMark.unfinishedName])
            try mark.write()
            return lock
        }
        try FoundingRemains.check(path)
        try mark.write()
        // What makes it look like a ledger goes first.
        for part in [LedgerFolder.descriptionPath(path)] + parts.map({ path + "/" + $0 }) { try remove(part) }
        try DurableFile.sync(folder: path)
        return lock
    }

    /// Ends it: from now on the folder is a ledger and stays one.
    consuming func finish() throws(ExchangeError) {
        let path = path
        try ExchangeError.wrapping { () throws(LogError) in try Self.removeMark(path) }
    }

    /// The state of a log that begins with a charter.
    ///
    /// - Parameter path: The folder of its ledger. A mark that was left over is removed from it.
    /// - Throws: ``ExchangeError``: `.notFounded` if it has no charter.
    static func state(of log: Log, at path: String) throws(ExchangeError) -> ExchangeState {
        do throws(ExchangeError) {
            let state = try ExchangeLedger.fold(log)
            try ExchangeError.wrapping { () throws(LogError) in try removeMark(path) }
            return state
        } catch {
            guard error.code == .notFounded, FoundingMark(in: path).isGenuine else { throw error }
            throw ExchangeError(
                .notFounded,
                "The founding of \(path) was interrupted. Found it again in the same place, by `sanhu init --charter`.")
        }
    }

    private static func removeMark(_ path: String) throws(LogError) {
        let mark = FoundingMark(in: path)
        guard mark.isGenuine else { return }
        try remove(mark.path)
        try DurableFile.sync(folder: path)
    }

    private static func remove(_ path: String) throws(LogError) {
        guard FileManager.default.fileExists(atPath: path) else { return }
        do {
            try FileManager.default.removeItem(atPath: path)
        } catch {
            throw LogError(.permissionDenied, "\(path), left by an interrupted founding, cannot be removed: \(error)")
        }
    }
}
