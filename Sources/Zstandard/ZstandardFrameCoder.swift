internal import CZstd
internal import Synchronization

/// Compresses small contents with a dictionary, each into a frame of its own, and decompresses them.
///
/// It keeps what calls need, so that none allocates but for its output. Safe from any thread: each call has its own.
@safe
public final class ZstandardFrameCoder: Sendable {
    /// The most bytes of a content.
    public let maximumBytes: Int
    private let idle = Mutex<[Workspace]>([])

    /// What one call at a time uses.
    @safe
    private final class Workspace: @unchecked Sendable {
        let compressing: OpaquePointer
        let decompressing: OpaquePointer
        let buffer: UnsafeMutableRawBufferPointer

        init(_ capacity: Int) throws(ZstandardError) {
            guard let compressing = unsafe ZSTD_createCCtx() else {
                throw ZstandardError(.outOfMemory, "out of memory")
            }
            guard let decompressing = unsafe ZSTD_createDCtx() else {
                unsafe ZSTD_freeCCtx(compressing)
                throw ZstandardError(.outOfMemory, "out of memory")
            }
            unsafe ZSTD_CCtx_setParameter(compressing, ZSTD_c_dictIDFlag, 0)
            unsafe ZSTD_CCtx_setParameter(compressing, ZSTD_c_checksumFlag, 0)
            unsafe (self.compressing, self.decompressing) = (compressing, decompressing)
            unsafe buffer = .allocate(byteCount: capacity, alignment: 1)
        }

        deinit {
            unsafe ZSTD_freeCCtx(compressing)
            unsafe ZSTD_freeDCtx(decompressing)
            unsafe buffer.deallocate()
        }
    }

    public init(maximumBytes: Int) {
        self.maximumBytes = maximumBytes
    }

    /// Appends a content, compressed into one frame. The frame does not name its dictionary, and has no checksum.
    ///
    /// - Throws: ``ZstandardError`` with code `.invalidParameter` if the content is too long.
    /// - Complexity: O(*n*) in the content.
    public func compress(
        _ content: Span<UInt8>, with dictionary: ZstandardDictionary, to output: inout [UInt8]
    ) throws(ZstandardError) {
        guard content.count <= maximumBytes else {
            throw ZstandardError(.invalidParameter, "\(content.count) bytes are more than \(maximumBytes)")
        }
        let workspace = try workspace()
        _ = try ZstandardError.check(unsafe ZSTD_CCtx_refCDict(workspace.compressing, dictionary.compressing))
        let status = unsafe content.withUnsafeBytes { bytes in
            unsafe ZSTD_compress2(
                workspace.compressing, workspace.buffer.baseAddress, workspace.buffer.count, bytes.baseAddress,
                bytes.count)
        }
        // The dictionary may be gone before the next call.
        unsafe ZSTD_CCtx_refCDict(workspace.compressing, nil)
        let count = try ZstandardError.check(status)
        unsafe output.append(contentsOf: UnsafeRawBufferPointer(rebasing: workspace.buffer[..<count]))
        idle.withLock { $0.append(workspace) }
    }

    /// Appends the content of a frame.
    ///
    /// - Throws: ``ZstandardError`` with code `.corrupted` if it is no frame, or one of a content that is too long.
    /// - Complexity: O(*n*) in the content.
    public func decompress(
        _ frame: Span<UInt8>, with dictionary: ZstandardDictionary, to output: inout [UInt8]
    ) throws(ZstandardError) {
        let workspace = try workspace()
        let status = unsafe frame.withUnsafeBytes { bytes in
            unsafe ZSTD_decompress_usingDDict(
                workspace.decompressing, workspace.buffer.baseAddress, maximumBytes, bytes.baseAddress, bytes.count,
                dictionary.decompressing)
        }
        let count = try ZstandardError.check(status)
        unsafe output.append(contentsOf: UnsafeRawBufferPointer(rebasing: workspace.buffer[..<count]))
        idle.withLock { $0.append(workspace) }
    }

    private func workspace() throws(ZstandardError) -> Workspace {
        if let workspace = idle.withLock({ $0.popLast() }) { return workspace }
        return try Workspace(ZSTD_compressBound(maximumBytes))
    }
}
