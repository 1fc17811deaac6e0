internal import CZstd

/// Decompresses frames that lie in memory and say how long their contents are.
@safe
public struct ZstandardFrameReader: ~Copyable {
    private let context: OpaquePointer

    public init() throws(ZstandardError) {
        guard let context = unsafe ZSTD_createDCtx() else { throw ZstandardError(.outOfMemory, "out of memory") }
        unsafe self.context = context
    }

    deinit {
        unsafe ZSTD_freeDCtx(context)
    }

    /// The content of one frame.
    ///
    /// - Parameter count: How many bytes the content has, as ``ZstandardFrame/extent(of:)`` told; so much memory is taken.
    /// - Throws: ``ZstandardError`` if the frame is damaged, or its content is longer.
    /// - Complexity: O(*n*) in the content.
    public mutating func content(of frame: Span<UInt8>, count: Int) throws(ZstandardError) -> [UInt8] {
        var status = 0
        let content = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            status = unsafe frame.withUnsafeBytes { bytes in
                unsafe ZSTD_decompressDCtx(context, buffer.baseAddress, buffer.count, bytes.baseAddress, bytes.count)
            }
            filled = ZSTD_isError(status) != 0 ? 0 : status
        }
        _ = try ZstandardError.check(status)
        return content
    }
}
