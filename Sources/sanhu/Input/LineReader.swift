import Foundation

/// Lines of a file or of standard input, one at a time, as they come.
struct LineReader {
    /// The most bytes of a line.
    static let maximumBytes = 16 << 20
    private static let chunkBytes = 256 << 10

    private let path: String
    private let handle: FileHandle
    private var buffer: [UInt8] = []
    /// Where in the buffer the next line begins, and up to where it is known to have no newline.
    private var start = 0
    private var scanned = 0
    private var chunk = [UInt8](repeating: 0, count: LineReader.chunkBytes)
    private var isAtEnd = false
    /// The number of the line given last, from 1.
    private(set) var number = 0
    /// Why reading ended before the end: a line longer than it may be, or an input that cannot be read.
    private(set) var fault: CommandFailure?

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
        self.path = path
    }

    /// The next line without its newline; nil at the end, or if there is a ``fault``.
    mutating func next() -> [UInt8]? {
        while !findNewline() {
            guard !isAtEnd else {
                guard fault == nil, start < buffer.count else { return nil }
                return take(upTo: buffer.count)
            }
            fill()
        }
        defer { start += 1 }
        return take(upTo: scanned)
    }

    /// Whether the next line has not come yet, so that asking for it waits for whoever writes it.
    mutating func wouldWait() -> Bool {
        while !isAtEnd, !findNewline() {
            var state = pollfd(fd: handle.fileDescriptor, events: Int16(POLLIN), revents: 0)
            guard poll(&state, 1, 0) != 0 else { return true }
            fill()
        }
        return false
    }

    private mutating func take(upTo end: Int) -> [UInt8] {
        defer {
            start = end
            scanned = max(scanned, end)
            number += 1
        }
        return Array(buffer[start..<end])
    }

    /// Looks for the end of the next line, from where it was looked for last.
    private mutating func findNewline() -> Bool {
        scanned = max(scanned, start)
        guard let end = buffer[scanned...].firstIndex(of: UInt8(ascii: "\n")) else {
            scanned = buffer.count
            return false
        }
        scanned = end
        return true
    }

    /// Reads what there is, or waits for something.
    private mutating func fill() {
        guard buffer.count - start <= Self.maximumBytes else {
            isAtEnd = true
            fault = CommandFailure(
                .refused, "Line \(number + 1) is longer than \(Self.maximumBytes) bytes; the rest was not read.")
            return
        }
        buffer.removeFirst(start)
        scanned -= start
        start = 0
        let count = read(handle.fileDescriptor, &chunk, chunk.count)
        if count > 0 {
            buffer += chunk[..<count]
        } else if count == 0 {
            isAtEnd = true
        } else if errno != EINTR {
            isAtEnd = true
            let name = path == "-" ? "Standard input" : path
            fault = CommandFailure(.failed, "\(name) cannot be read: \(String(cString: strerror(errno))).")
        }
    }
}
