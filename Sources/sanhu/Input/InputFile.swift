import Foundation
import JSON

/// Small files that a command is given.
enum InputFile {
    /// The most bytes of one.
    private static let maximumBytes = 1 << 20

    /// The bytes of a file of any size.
    static func bytes(_ path: String) throws -> [UInt8] {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw CommandFailure(.notThere, "There is no file \(path), or it cannot be read.")
        }
        return Array(data)
    }

    /// The value that a file of JSON holds.
    static func json(_ path: String) throws -> JSONValue {
        let bytes = try bytes(path)
        do {
            return try JSONDocument(parsing: bytes).root
        } catch {
            throw CommandFailure(.refused, "\(path) is not JSON: \(error)")
        }
    }

    /// The values of a file that holds one value of JSON, or one a line.
    static func jsonLines(_ path: String) throws -> [JSONValue] {
        let bytes = try bytes(path)
        if let whole = try? JSONDocument(parsing: bytes).root { return [whole] }
        let lines = bytes.split(separator: UInt8(ascii: "\n"))
        guard lines.count > 1 else { return [try json(path)] }
        return try lines.enumerated().map { index, line in
            do {
                return try JSONDocument(parsing: Array(line)).root
            } catch {
                throw CommandFailure(.refused, "Line \(index + 1) of \(path) is not JSON: \(error)")
            }
        }
    }

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
