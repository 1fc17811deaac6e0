/// Reads a CSV file record by record: RFC 4180, in UTF-8, with either line end and with or without a byte order mark.
///
/// A malformed record is told with its line, and reading goes on with the line after the one it begins on: a quotation
/// mark that is never closed costs one record, not the rest of the file. Memory holds a chunk and a record.
struct CSVReader {
    private let source: ByteSource
    private var buffer: [UInt8] = []
    private var at = 0
    private var line = 1
    private var isAtEnd = false
    private var isAtStart = true

    /// How many bytes have been read into records so far.
    private(set) var bytesRead: Int64 = 0

    init(_ source: ByteSource) {
        self.source = source
    }

    /// What is wrong with a record.
    struct Malformed: Error, Hashable {
        let line: Int
        let reason: String

        /// Whether nothing more can be read.
        var isFatal = false
    }

    private enum Parse {
        case record(fields: [String], end: Int, lines: Int)
        case malformed(String)
        case needsMore
    }

    /// The next record, or nil at the end. Empty lines are passed over.
    ///
    /// - Throws: ``Malformed``; unless it is fatal, calling again goes on behind it.
    /// - Complexity: O(*n*) in the length of the record.
    mutating func next() throws(Malformed) -> CSVRecord? {
        while true {
            if isAtStart { try start() }
            try passEmptyLines()
            if at == buffer.count, isAtEnd { return nil }
            switch parse() {
            case .record(let fields, let end, let lines) where end - at <= CSVLimits.recordBytes:
                let record = CSVRecord(line: line, fields: fields)
                bytesRead += Int64(end - at)
                line += lines
                at = end
                return record
            case .malformed(let reason):
                let start = line
                try skipLine()
                throw Malformed(line: start, reason: reason)
            case .needsMore where buffer.count - at <= CSVLimits.recordBytes:
                try fill()
            case .record, .needsMore:
                let start = line
                try skipLine()
                throw Malformed(line: start, reason: "is over \(CSVLimits.recordBytes) bytes long")
            }
        }
    }

    /// Parses the record at `at` without moving on.
    private func parse() -> Parse {
        var fields: [String] = []
        var index = at
        var lines = 0
        while true {
            guard index < buffer.count || isAtEnd else { return .needsMore }
            let field: String
            if index < buffer.count, buffer[index] == UInt8(ascii: "\"") {
                var content: [UInt8] = []
                index += 1
                while true {
                    guard index < buffer.count else {
                        return isAtEnd ? .malformed("has a quotation mark that is never closed") : .needsMore
                    }
                    let byte = buffer[index]
                    index += 1
                    if byte == UInt8(ascii: "\"") {
                        guard index < buffer.count || isAtEnd else { return .needsMore }
                        guard index < buffer.count, buffer[index] == UInt8(ascii: "\"") else { break }
                        index += 1
                    } else if byte == UInt8(ascii: "\n") {
                        lines += 1
                    }
                    content.append(byte)
                }
                guard let text = String(validating: content, as: UTF8.self) else { return .malformed(Self.notUTF8) }
                field = text
            } else {
                let start = index
                while index < buffer.count, !Self.endsField(buffer[index]) {
                    if buffer[index] == UInt8(ascii: "\"") {
                        return .malformed("has a quotation mark inside a field that is not quoted")
                    }
                    index += 1
                }
                guard index < buffer.count || isAtEnd else { return .needsMore }
                guard let text = String(validating: buffer[start..<index], as: UTF8.self) else {
                    return .malformed(Self.notUTF8)
                }
                field = text
            }
            fields.append(field)
            guard fields.count <= CSVLimits.columns else {
                return .malformed("has more than \(CSVLimits.columns) columns")
            }
            if index == buffer.count {
                return isAtEnd ? .record(fields: fields, end: index, lines: lines) : .needsMore
            }
            switch buffer[index] {
            case UInt8(ascii: ","):
                index += 1
            case UInt8(ascii: "\r"):
                guard index + 1 < buffer.count || isAtEnd else { return .needsMore }
                index += index + 1 < buffer.count && buffer[index + 1] == UInt8(ascii: "\n") ? 2 : 1
                return .record(fields: fields, end: index, lines: lines + 1)
            case UInt8(ascii: "\n"):
                return .record(fields: fields, end: index + 1, lines: lines + 1)
            default:
                return .malformed("has text behind a closing quotation mark")
            }
        }
    }

    private static let notUTF8 = "is not in UTF-8"

    private static func endsField(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r")
    }

    /// Reads the first chunk and passes over a byte order mark.
    private mutating func start() throws(Malformed) {
        isAtStart = false
        while buffer.count < 3, !isAtEnd { try fill() }
        if buffer.starts(with: [0xEF, 0xBB, 0xBF]) { move(by: 3) }
    }

    private mutating func passEmptyLines() throws(Malformed) {
        while true {
            if at == buffer.count {
                if isAtEnd { return }
                try fill()
                continue
            }
            guard buffer[at] == UInt8(ascii: "\n") || buffer[at] == UInt8(ascii: "\r") else { return }
            if buffer[at] == UInt8(ascii: "\n") { line += 1 }
            move(by: 1)
        }
    }

    /// Moves behind the next line end.
    private mutating func skipLine() throws(Malformed) {
        while true {
            if let end = buffer[at...].firstIndex(of: UInt8(ascii: "\n")) {
                move(by: end + 1 - at)
                line += 1
                return
            }
            move(by: buffer.count - at)
            if isAtEnd { return }
            try fill()
        }
    }

    private mutating func move(by count: Int) {
        at += count
        bytesRead += Int64(count)
    }

    /// Drops what has been read and takes the next chunk in.
    private mutating func fill() throws(Malformed) {
        buffer.removeSubrange(..<at)
        at = 0
        do {
            if let chunk = try source.next(CSVLimits.chunkBytes) {
                buffer += chunk
            } else {
                isAtEnd = true
            }
        } catch {
            isAtEnd = true
            buffer = []
            throw Malformed(line: line, reason: "the file cannot be read on: \(error)", isFatal: true)
        }
    }
}
