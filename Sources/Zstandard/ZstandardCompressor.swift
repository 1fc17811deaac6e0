internal import CZstd

/// Compresses content of any size, piece by piece, in memory that does not grow with it.
///
/// ```swift
/// var compressor = try ZstandardCompressor()
/// var output: [UInt8] = []
/// try compressor.compress(piece.span, to: &output)   // as often as there are pieces; write and empty `output` between
/// try compressor.endFrame(to: &output)
/// ```
@safe
public struct ZstandardCompressor: ~Copyable {
    /// How it compresses.
    public struct Options: Hashable, Sendable {
        /// How hard to try: 1 is fastest, 3 the library's own choice, 19 slow; negative levels are faster still.
        public var level = 3
        /// Whether a checksum of the content ends every frame.
        public var hasChecksum = true
        /// How many threads compress beside the caller's, which then only hands over; 0 for none. A library built
        /// without threads compresses in the caller's.
        public var workers = 0

        public init(level: Int = 3, hasChecksum: Bool = true, workers: Int = 0) {
            self.level = level
            self.hasChecksum = hasChecksum
            self.workers = workers
        }
    }

    /// The levels that the library has.
    public static var levels: ClosedRange<Int> { Int(ZSTD_minCLevel())...Int(ZSTD_maxCLevel()) }

    /// Whether the library can compress in threads of its own.
    public static var hasWorkers: Bool {
        let bounds = ZSTD_cParam_getBounds(ZSTD_c_nbWorkers)
        return ZSTD_isError(bounds.error) == 0 && bounds.upperBound > 0
    }

    private let context: OpaquePointer
    private let buffer: UnsafeMutableRawBufferPointer
    private var fault: ZstandardError?

    /// - Throws: ``ZstandardError`` with code `.invalidParameter` if the library has no such level.
    public init(_ options: Options = Options()) throws(ZstandardError) {
        guard Self.levels.contains(options.level) else {
            throw ZstandardError(
                .invalidParameter,
                "there is no level \(options.level); choose one from \(Self.levels.lowerBound) to "
                    + "\(Self.levels.upperBound)")
        }
        unsafe context = try Self.makeContext(options)
        unsafe buffer = .allocate(byteCount: ZSTD_CStreamOutSize(), alignment: 1)
    }

    deinit {
        unsafe ZSTD_freeCCtx(context)
        unsafe buffer.deallocate()
    }

    private static func makeContext(_ options: Options) throws(ZstandardError) -> OpaquePointer {
        guard let context = unsafe ZSTD_createCCtx() else { throw ZstandardError(.outOfMemory, "out of memory") }
        var parameters = [
            (ZSTD_c_compressionLevel, options.level), (ZSTD_c_checksumFlag, options.hasChecksum ? 1 : 0),
        ]
        if options.workers > 0, hasWorkers { parameters.append((ZSTD_c_nbWorkers, options.workers)) }
        for (parameter, value) in parameters {
            let status = unsafe ZSTD_CCtx_setParameter(context, parameter, Int32(clamping: value))
            if ZSTD_isError(status) != 0 {
                unsafe ZSTD_freeCCtx(context)
                throw ZstandardError(status: status)
            }
        }
        return unsafe context
    }

    /// Takes in a piece of the content and appends what has been compressed so far, which may be nothing.
    ///
    /// - Throws: ``ZstandardError``; nothing can be compressed with this compressor any more.
    /// - Complexity: O(*n*) in the piece.
    public mutating func compress(_ input: Span<UInt8>, to output: inout [UInt8]) throws(ZstandardError) {
        try run(input, ZSTD_e_continue, &output)
    }

    /// Ends the frame: everything taken in is in the output then. What is compressed afterwards is a frame of its own.
    ///
    /// - Throws: ``ZstandardError``.
    public mutating func endFrame(to output: inout [UInt8]) throws(ZstandardError) {
        let nothing: [UInt8] = []
        try run(nothing.span, ZSTD_e_end, &output)
    }

    private mutating func run(
        _ input: Span<UInt8>, _ directive: ZSTD_EndDirective, _ output: inout [UInt8]
    ) throws(ZstandardError) {
        if let fault { throw fault }
        var taken = 0
        var isDone = false
        while !isDone {
            var status = 0
            unsafe input.withUnsafeBufferPointer { bytes in
                var source = unsafe ZSTD_inBuffer(src: bytes.baseAddress, size: bytes.count, pos: taken)
                var target = unsafe ZSTD_outBuffer(dst: buffer.baseAddress, size: buffer.count, pos: 0)
                status = unsafe ZSTD_compressStream2(context, &target, &source, directive)
                taken = unsafe source.pos
                unsafe output.append(contentsOf: UnsafeRawBufferPointer(rebasing: buffer[..<target.pos]))
            }
            do throws(ZstandardError) {
                let left = try ZstandardError.check(status)
                isDone = directive == ZSTD_e_end ? left == 0 : taken == input.count
            } catch {
                fault = error
                throw error
            }
        }
    }
}
