internal import Glibc
internal import LMDB
internal import Zstandard

/// A file that is open for as long as it is of use.
private struct InputFile: ~Copyable {
    let descriptor: Int32

    deinit {
        close(descriptor)
    }
}

/// The lines of a compressed file, one after another, in memory that does not grow with it.
struct SnapshotLines: ~Copyable {
    /// Why there is no next line.
    enum Fault: Error {
        case system(Int32)
        case compression(ZstandardError)
        /// The file ends, as far as it goes well, within a line.
        case partialLine
        case longLine
        /// Everything goes well, but the file does not end with its seal, or its bytes are not those that were sealed.
        case noSeal
        case brokenSeal
    }

    private let file: InputFile
    private var decompressor: ZstandardDecompressor
    private var input = [UInt8](repeating: 0, count: 128 << 10)
    private var inputRange = 0..<0
    private var isFileRead = false
    private var seal = SnapshotSeal()
    private var text: [UInt8] = []
    private var lineRange = 0..<0
    /// Up to where a newline has been looked for.
    private var searched = 0
    /// How many bytes of the file and of its text have been read, and how many lines.
    private(set) var fileBytes: UInt64 = 0
    private(set) var textBytes: UInt64 = 0
    private(set) var lineNumber: UInt64 = 0

    /// Opens a file.
    init(path: String) throws(Fault) {
        let made = try Self.makeDecompressor()
        file = InputFile(descriptor: try Self.descriptor(path))
        decompressor = made
    }

    private static func descriptor(_ path: String) throws(Fault) -> Int32 {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system(errno) }
        return descriptor
    }

    private static func makeDecompressor() throws(Fault) -> ZstandardDecompressor {
        do throws(ZstandardError) {
            return try ZstandardDecompressor()
        } catch {
            throw .compression(error)
        }
    }

    /// The line at hand, without its newline.
    var line: Span<UInt8> {
        @_lifetime(borrow self)
        get { text.span.extracting(lineRange) }
    }

    /// Moves to the next line.
    ///
    /// - Returns: false if the file has ended, as it should, after a line.
    mutating func advance() throws(Fault) -> Bool {
        var start = lineNumber == 0 ? 0 : lineRange.upperBound + 1
        while true {
            if let newline = Self.newline(in: text.span, from: searched) {
                lineRange = start..<newline
                searched = newline + 1
                lineNumber += 1
                guard lineRange.count <= SnapshotLine.maximumBytes else { throw .longLine }
                return true
            }
            if text.count - start > SnapshotLine.maximumBytes { throw .longLine }
            text.removeSubrange(0..<start)
            searched = text.count
            start = 0
            guard try pull() else {
                if !text.isEmpty { throw .partialLine }
                lineRange = 0..<0
                return false
            }
        }
    }

    /// Decompresses some more.
    ///
    /// - Returns: false if there is no more.
    private mutating func pull() throws(Fault) -> Bool {
        let before = text.count
        var isEnded = false
        while text.count == before {
            if inputRange.isEmpty, !isFileRead { try readFile() }
            let input = input
            do throws(ZstandardError) {
                let step = try decompressor.decompress(input.span.extracting(inputRange), to: &text)
                inputRange = inputRange.lowerBound + step.taken..<inputRange.upperBound
                if step.needsInput, isFileRead, text.count == before {
                    try decompressor.finish()
                    isEnded = true
                }
            } catch {
                throw .compression(error)
            }
            if isEnded {
                guard seal.isThere else { throw .noSeal }
                guard seal.holds else { throw .brokenSeal }
                return false
            }
        }
        textBytes += UInt64(text.count - before)
        return true
    }

    private mutating func readFile() throws(Fault) {
        var count = 0
        repeat { count = read(file.descriptor, &input, input.count) } while count < 0 && errno == EINTR
        guard count >= 0 else { throw .system(errno) }
        isFileRead = count == 0
        inputRange = 0..<count
        fileBytes += UInt64(count)
        seal.read(input[..<count])
    }

    /// Where the next newline stands, looked for eight bytes at a time.
    private static func newline(in text: Span<UInt8>, from start: Int) -> Int? {
        var at = start
        while at + 8 <= text.count {
            let word = text.littleEndianWord(at: at) ^ 0x0A0A_0A0A_0A0A_0A0A
            let zeros = (word &- 0x0101_0101_0101_0101) & ~word & 0x8080_8080_8080_8080
            if zeros != 0 { return at + zeros.trailingZeroBitCount / 8 }
            at += 8
        }
        while at < text.count {
            if text[at] == 0x0A { return at }
            at += 1
        }
        return nil
    }
}
