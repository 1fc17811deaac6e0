internal import EventLog
internal import Foundation

/// The folder of a key store: `GENERATION/` holds the environment, `GENERATION.new/` one that is being written.
struct KeyStoreFolder: Sendable {
    let path: String

    func path(of generation: UInt64) -> String { "\(path)/\(generation)" }
    func unfinishedPath(of generation: UInt64) -> String { "\(path)/\(generation).new" }

    private var names: [String] { (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? [] }

    /// The generations that are there whole, in ascending order. One is in use; others are left over.
    var generations: [UInt64] { names.compactMap { UInt64($0) }.sorted() }

    func make() throws(ExchangeError) {
        try ExchangeError.wrapping { () throws(LogError) in try DurableFile.makeFolder(path, mode: 0o700) }
    }

    /// Makes the folder for an environment that is to be written.
    func begin(_ generation: UInt64) throws(ExchangeError) {
        let unfinished = unfinishedPath(of: generation)
        try remove(unfinished)
        try ExchangeError.wrapping { () throws(LogError) in try DurableFile.makeFolder(unfinished, mode: 0o700) }
    }

    /// Puts an environment that was written, and closed, in its place.
    func finish(_ generation: UInt64) throws(ExchangeError) {
        let unfinished = unfinishedPath(of: generation)
        try ExchangeError.wrapping { () throws(LogError) in try DurableFile.sync(folder: unfinished) }
        do {
            try FileManager.default.moveItem(atPath: unfinished, toPath: path(of: generation))
        } catch {
            throw ExchangeError(.log, "The new keys could not be put in their place: \(error).")
        }
        try sync()
    }

    /// Removes everything but one generation.
    func removeAll(except generation: UInt64) throws(ExchangeError) {
        for name in names where name != String(generation) { try remove(path + "/" + name) }
        try sync()
    }

    private func sync() throws(ExchangeError) {
        try ExchangeError.wrapping { () throws(LogError) in try DurableFile.sync(folder: path) }
    }

    private func remove(_ path: String) throws(ExchangeError) {
        guard FileManager.default.fileExists(atPath: path) else { return }
        do {
            try FileManager.default.removeItem(atPath: path)
        } catch {
            throw ExchangeError(.log, "\(path) could not be removed: \(error).")
        }
    }
}
