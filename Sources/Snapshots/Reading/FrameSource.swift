internal import Glibc
internal import LMDB
internal import Zstandard

/// The frames of a file, one after another, in memory that does not grow with it.
struct FrameSource: ~Copyable {
    /// What comes next in a file.
    enum Next {
        case frame(FrameParser.Frame)
        /// A frame that decompressors pass over, whole.
        case skippable([UInt8])
        /// The file ends after a frame.
        case end
    }

    /// Why there is no next frame.
    enum Fault: Error {
        case system(Int32)
        /// What stands there is no frame. Whether it is the beginning of the file is said.
        case noFrame(isFirst: Bool)
        /// The file ends within a frame.
        case partialFrame
        case damaged(String)
        /// The frame is of a content that is longer than a snapshot's frames can be, or does not say how long it is.
        case longFrame
        case unsized
    }

    /// The most bytes of a frame's content, and of what is to be passed over.
    static let maximumContent = 64 << 20
    private static let maximumSkippable = 8 + SeekTable.byteCount(frames: SeekTable.maximumFrames)

    private let descriptor: Int32
    private var chunk = [UInt8](repeating: 0, count: 1 << 20)
    private var buffer: [UInt8] = []
    private var start = 0
    private var isFileRead = false
    /// How many bytes of the file were gone through: up to the end of the last frame.
    private(set) var offset: UInt64 = 0

    /// Opens a file.
    init(path: String) throws(Fault) {
        let opened = open(path, O_RDONLY | O_CLOEXEC)
        guard opened >= 0 else { throw .system(errno) }
        descriptor = opened
        _ = posix_fadvise(opened, 0, 0, POSIX_FADV_SEQUENTIAL)
    }

    deinit {
        close(descriptor)
    }

    /// The next frame.
    mutating func next() throws(Fault) -> Next {
        while true {
            let isAtEnd = start == buffer.count && isFileRead
            if isAtEnd { return .end }
            if let length = try frameLength() {
                let bytes = Array(buffer[start..<start + length.bytes])
                start += length.bytes
                offset += UInt64(length.bytes)
                guard let content = length.content else { return .skippable(bytes) }
                return .frame(.init(bytes: bytes, contentBytes: content))
            }
            guard !isFileRead else { throw beginsLikeFrame ? .partialFrame : .noFrame(isFirst: offset == 0) }
            try read()
        }
    }

    /// How long the frame is that begins here; nil if more of it is needed to tell, or to take it.
    private func frameLength() throws(Fault) -> (bytes: Int, content: Int?)? {
        let rest = buffer.span.extracting(start..<buffer.count)
        let extent: ZstandardFrame.Extent
        do throws(ZstandardError) {
            extent = try ZstandardFrame.extent(of: rest)
        } catch {
            if error.code == .notZstandard { throw .noFrame(isFirst: offset == 0) }
            throw .damaged(error.reason)
        }
        switch extent {
        case .unfinished:
            // No frame that is taken is compressed to more than this.
            guard rest.count <= Self.maximumContent + Self.maximumContent / 128 else { throw .longFrame }
            return nil
        case .skippable(let bytes):
            guard bytes <= Self.maximumSkippable else { throw .longFrame }
            return bytes <= rest.count ? (bytes, nil) : nil
        case .frame(let bytes, let content):
            guard let content else { throw .unsized }
            guard content <= UInt64(Self.maximumContent) else { throw .longFrame }
            return (bytes, Int(content))
        }
    }

    /// Whether the few bytes that are left may be the beginning of a frame.
    private var beginsLikeFrame: Bool {
        let rest = buffer[start...].prefix(4)
        return [UInt8](arrayLiteral: 0x28, 0xB5, 0x2F, 0xFD).starts(with: rest)
            || (rest.first ?? 0) & 0xF0 == 0x50 && [0x2A, 0x4D, 0x18].starts(with: rest.dropFirst())
    }

    private mutating func read() throws(Fault) {
        if start > 0 {
            buffer.removeFirst(start)
            start = 0
        }
        var count = 0
        repeat { count = Glibc.read(descriptor, &chunk, chunk.count) } while count < 0 && errno == EINTR
        guard count >= 0 else { throw .system(errno) }
        buffer += chunk[..<count]
        isFileRead = count == 0
    }
}
