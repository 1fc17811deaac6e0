import Foundation

/// A file that is there once it is whole, or standard output.
final class OutputFile {
    private let path: String?
    private let handle: FileHandle?
    private var failure: (any Error)?

    private var draft: String { (path ?? "") + ".new" }

    /// - Parameter path: Of the file; nil for standard output.
    init(_ path: String?) throws {
        self.path = path
        guard let path else {
            handle = nil
            return
        }
        let draft = path + ".new"
        guard FileManager.default.createFile(atPath: draft, contents: nil),
            let handle = FileHandle(forWritingAtPath: draft)
        else {
            throw CommandFailure(
                .notNow, "\(draft) cannot be written. Is its folder there, and may you write in it?")
        }
        self.handle = handle
    }

    /// Writes bytes; a failure is told by ``finish()``.
    func write(_ bytes: [UInt8]) {
        guard let handle else { return Output.standard.write(bytes) }
        guard failure == nil else { return }
        do { try handle.write(contentsOf: bytes) } catch { failure = error }
    }

    /// Gives the file its name.
    func finish() throws {
        guard let path, let handle else { return Output.standard.flush() }
        do {
            if let failure { throw failure }
            try handle.synchronize()
            try handle.close()
        } catch {
            discard()
            throw CommandFailure(
                .failed, "\(path) could not be written: \(error.localizedDescription) Is the disk full?")
        }
        guard rename(draft, path) == 0 else {
            discard()
            throw CommandFailure(.notNow, "\(path) cannot be replaced. Is it a folder?")
        }
    }

    /// Takes away what was written of a file.
    func discard() {
        guard path != nil else { return }
        try? FileManager.default.removeItem(atPath: draft)
    }
}
