import Foundation

/// Lines of a file or of standard input, one at a time.
struct LineReader: Sequence, IteratorProtocol {
    /// The most bytes of a line.
    static let maximumBytes = 16 << 20

    private let handle: FileHandle
    private var buffer: [UInt8] = []
    private var start = 0
    private var isAtEnd = false
    /// The number of the line given last, from 1.
    private(set) var number = 0
    /// Whether a line was longer than it may be; reading ends there.
    private(set) var isTooLong = false

    /// - Parameter path: A file, or `-` for standard input.
    init(path: String) throws {
        if path == "-" {
            handle = .standardInput
        } else {
            guard let opened = FileHandle(forReadingAtPath: path) else {
                throw CommandFailure(.notThere, "\(path) cannot be read. Is it there, and may you read it?")
            }
            handle = opened
        }
    }

    /// The next line without its newline, or nil.
    mutating func next() -> [UInt8]? {
        while true {
            if let end = buffer[start...].firstIndex(of: UInt8(ascii: "\n")) {
                let line = Array(buffer[start..<end])
                start = end + 1
                number += 1
                return line
            }
            if isAtEnd {
                guard start < buffer.count else { return nil }
                let line = Array(buffer[start...])
                start = buffer.count
                number += 1
                return line
            }
            guard buffer.count - start <= Self.maximumBytes else {
                isTooLong = true
                return nil
            }
            buffer.removeFirst(start)
            start = 0
            if let chunk = try? handle.read(upToCount: 256 << 10), !chunk.isEmpty {
                buffer.append(contentsOf: chunk)
            } else {
                isAtEnd = true
            }
        }
    }
}
