import Foundation

/// Small files that a command is given.
enum InputFile {
    /// The most bytes of one.
    private static let maximumBytes = 1 << 20

    /// The text of a file.
    static func text(_ path: String) throws -> String {
        guard let handle = FileHandle(forReadingAtPath: path),
            let data = try? handle.read(upToCount: maximumBytes + 1) ?? Data()
        else { throw CommandFailure(.notThere, "\(path) cannot be read.") }
        guard data.count <= maximumBytes else {
            throw CommandFailure(.refused, "\(path) is larger than \(maximumBytes) bytes: it is not what is asked for.")
        }
        return String(decoding: data, as: UTF8.self)
    }
}
