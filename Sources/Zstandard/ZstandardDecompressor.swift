internal import CZstd

/// Decompresses content of any size, piece by piece, in memory that does not grow with it.
///
/// It takes frames one after another as one content, passes over skippable frames, and verifies checksums where frames
/// have them.
///
/// ```swift
/// var decompressor = try ZstandardDecompressor()
/// var taken = 0
/// while true {
///     let step = try decompressor.decompress(input.span.extracting(taken...), to: &output)
///     taken += step.taken
///     // use and empty `output`
///     if step.needsInput { break }   // and come back with more, or, at the end of the file:
/// }
/// try decompressor.finish()
/// ```
@safe
public struct ZstandardDecompressor: ~Copyable {
    /// The largest window, as a power of two, that is accepted unless told otherwise: 128 MiB, as the command `zstd` does.
    public static let defaultWindowLog = 27

    /// What a step did.
    public struct Step: Hashable, Sendable {
        /// How many bytes of the input were taken.
        public let taken: Int
        /// Whether everything that the input given so far leads to has come out.
        public let needsInput: Bool
    }

    private let context: OpaquePointer
    private let buffer: UnsafeMutableRawBufferPointer
    private var fault: ZstandardError?
    /// How many frames have ended.
    private var frames: UInt64 = 0
    /// How many bytes of the frame at hand were taken, and the first four of them.
    private var frameBytes: UInt64 = 0
    private var magic: InlineArray<4, UInt8> = .init(repeating: 0)

    /// - Parameter maximumWindowLog: The largest window, as a power of two, that a frame may ask for: what a
    ///   decompressor holds in memory.
    /// - Throws: ``ZstandardError`` with code `.invalidParameter` if the library has no such window.
    public init(maximumWindowLog: Int = defaultWindowLog) throws(ZstandardError) {
        unsafe context = try Self.makeContext(maximumWindowLog)
        unsafe buffer = .allocate(byteCount: ZSTD_DStreamOutSize(), alignment: 1)
    }

    deinit {
        unsafe ZSTD_freeDCtx(context)
        unsafe buffer.deallocate()
    }

    private static func makeContext(_ maximumWindowLog: Int) throws(ZstandardError) -> OpaquePointer {
        guard let context = unsafe ZSTD_createDCtx() else { throw ZstandardError(.outOfMemory, "out of memory") }
        let status = unsafe ZSTD_DCtx_setParameter(context, ZSTD_d_windowLogMax, Int32(clamping: maximumWindowLog))
        if ZSTD_isError(status) != 0 {
            unsafe ZSTD_freeDCtx(context)
            throw ZstandardError(status: status)
        }
        return unsafe context
    }

    /// Takes some of the input and appends what comes out of it, at most 128 KiB.
    ///
    /// - Throws: ``ZstandardError``; nothing can be decompressed with this decompressor any more.
    public mutating func decompress(
        _ input: Span<UInt8>, to output: inout [UInt8]
    ) throws(ZstandardError) -> Step {
        if let fault { throw fault }
        var status = 0
        var taken = 0
        var produced = 0
        unsafe input.withUnsafeBufferPointer { bytes in
            var source = unsafe ZSTD_inBuffer(src: bytes.baseAddress, size: bytes.count, pos: 0)
            var target = unsafe ZSTD_outBuffer(dst: buffer.baseAddress, size: buffer.count, pos: 0)
            status = unsafe ZSTD_decompressStream(context, &target, &source)
            taken = unsafe source.pos
            produced = unsafe target.pos
            unsafe output.append(contentsOf: UnsafeRawBufferPointer(rebasing: buffer[..<produced]))
        }
        for at in 0..<taken where frameBytes + UInt64(at) < 4 { magic[Int(frameBytes) + at] = input[at] }
        do throws(ZstandardError) {
            let hint = try ZstandardError.check(status)
            if taken > 0 || produced > 0 {
                frameBytes += UInt64(taken)
                if hint == 0 {
                    frames += 1
                    frameBytes = 0
                }
            }
        } catch {
            let isTrailing = error.code == .notZstandard && frames > 0
            fault = isTrailing ? Self.trailing : error
            throw isTrailing ? Self.trailing : error
        }
        return Step(taken: taken, needsInput: unsafe taken == input.count && produced < buffer.count)
    }

    /// Says that the input is at its end.
    ///
    /// - Throws: ``ZstandardError``: `.truncated` if a frame is not at its end or there was none, `.trailingBytes` if
    ///   what follows the last frame is too short to be one.
    public func finish() throws(ZstandardError) {
        if let fault { throw fault }
        guard frameBytes > 0 else {
            if frames == 0 { throw ZstandardError(.truncated, "there is no data") }
            return
        }
        guard startsLikeFrame else {
            throw frames > 0 ? Self.trailing : ZstandardError(.notZstandard, "the data does not begin with a frame")
        }
        throw ZstandardError(.truncated, "the data ends within a frame")
    }

    private static var trailing: ZstandardError {
        ZstandardError(.trailingBytes, "after the last frame comes something that is no frame")
    }

    /// Whether the bytes taken of the frame at hand are how a frame, or one to skip, begins.
    private var startsLikeFrame: Bool {
        let count = Int(min(frameBytes, 4))
        let frame = UInt32(ZSTD_MAGICNUMBER)
        let skippable = UInt32(ZSTD_MAGIC_SKIPPABLE_START)
        var isFrame = true
        var isSkippable = true
        for at in 0..<count {
            let shift = UInt32(at * 8)
            isFrame = isFrame && magic[at] == UInt8(truncatingIfNeeded: frame >> shift)
            let mask: UInt8 = at == 0 ? 0xF0 : 0xFF
            isSkippable = isSkippable && magic[at] & mask == UInt8(truncatingIfNeeded: skippable >> shift) & mask
        }
        return isFrame || isSkippable
    }
}
