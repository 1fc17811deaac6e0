internal import CZstd

/// Whole frames in memory: where the next ends, and what is in it.
public enum ZstandardFrame {
    /// How a frame begins, as far as it is there.
    public enum Extent: Hashable, Sendable {
        /// A frame of so many bytes; of a content of so many, if it says so.
        case frame(bytes: Int, content: UInt64?)
        /// A frame to be passed over, of so many bytes with its header.
        case skippable(bytes: Int)
        /// More bytes are needed to tell.
        case unfinished
    }

    /// Where the frame ends that begins with some bytes, or must begin so once there are more.
    ///
    /// - Throws: ``ZstandardError`` with code `.notZstandard` or `.corrupted` if no frame begins so.
    /// - Complexity: O(1) for each block of the frame.
    public static func extent(of data: Span<UInt8>) throws(ZstandardError) -> Extent {
        guard data.count >= 8 else { return .unfinished }
        let magic = UInt32(data[0]) | UInt32(data[1]) << 8 | UInt32(data[2]) << 16 | UInt32(data[3]) << 24
        if magic & 0xFFFF_FFF0 == UInt32(ZSTD_MAGIC_SKIPPABLE_START) {
            let length = UInt32(data[4]) | UInt32(data[5]) << 8 | UInt32(data[6]) << 16 | UInt32(data[7]) << 24
            return .skippable(bytes: 8 + Int(length))
        }
        guard magic == UInt32(ZSTD_MAGICNUMBER) else {
            throw ZstandardError(.notZstandard, "the data does not begin with a frame")
        }
        let status = unsafe data.withUnsafeBytes { bytes in
            unsafe ZSTD_findFrameCompressedSize(bytes.baseAddress, bytes.count)
        }
        if ZSTD_isError(status) != 0 {
            guard ZSTD_getErrorCode(status) == ZSTD_error_srcSize_wrong else { throw ZstandardError(status: status) }
            return .unfinished
        }
        let content = unsafe data.withUnsafeBytes { bytes in
            unsafe ZSTD_getFrameContentSize(bytes.baseAddress, bytes.count)
        }
        // Two of the largest numbers say that it is not known, or not told.
        return .frame(bytes: status, content: content < UInt64.max - 1 ? content : nil)
    }
}
