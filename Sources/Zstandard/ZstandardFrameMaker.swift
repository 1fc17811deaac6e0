internal import CZstd

/// Compresses contents that lie in memory, each into a frame of its own that says how long its content is.
@safe
public struct ZstandardFrameMaker: ~Copyable {
    private let context: OpaquePointer

    /// - Parameter level: How hard to try, as in ``ZstandardCompressor/Options/level``.
    /// - Throws: ``ZstandardError`` with code `.invalidParameter` if the library has no such level.
    public init(level: Int) throws(ZstandardError) {
        guard ZstandardCompressor.levels.contains(level) else {
            throw ZstandardError(.invalidParameter, "there is no level \(level)")
        }
        unsafe context = try Self.makeContext(level)
    }

    deinit {
        unsafe ZSTD_freeCCtx(context)
    }

    private static func makeContext(_ level: Int) throws(ZstandardError) -> OpaquePointer {
        guard let context = unsafe ZSTD_createCCtx() else { throw ZstandardError(.outOfMemory, "out of memory") }
        unsafe ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, Int32(clamping: level))
        return unsafe context
    }

    /// Appends the frame of a content, without a checksum.
    ///
    /// - Throws: ``ZstandardError``.
    /// - Complexity: O(*n*) in the content; no allocation if the array has room for what may come of it.
    public mutating func append(frameOf content: Span<UInt8>, to output: inout [UInt8]) throws(ZstandardError) {
        var status = 0
        output.append(addingCapacity: ZSTD_compressBound(content.count)) { output in
            unsafe output.withUnsafeMutableBufferPointer { buffer, filled in
                let free = unsafe UnsafeMutableRawBufferPointer(
                    rebasing: UnsafeMutableRawBufferPointer(buffer)[filled...])
                status = unsafe content.withUnsafeBytes { bytes in
                    unsafe ZSTD_compress2(context, free.baseAddress, free.count, bytes.baseAddress, bytes.count)
                }
                if ZSTD_isError(status) == 0 { filled += status }
            }
        }
        _ = try ZstandardError.check(status)
    }
}
