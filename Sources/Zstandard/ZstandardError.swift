internal import CZstd

/// Why something could not be compressed, or is not what it should be to be decompressed.
public struct ZstandardError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kinds of fault.
    public enum Code: String, Hashable, Sendable {
        /// What stands at the beginning is no frame.
        case notZstandard
        /// The data ends within a frame, or before the first.
        case truncated
        /// After a frame comes something that is no frame.
        case trailingBytes
        /// The data contradicts itself.
        case corrupted
        /// The content is not the one that the frame's checksum was made of.
        case checksumMismatch
        /// To decompress the frame would take more memory than was allowed.
        case windowTooLarge
        /// The frame needs a dictionary, or was made by a version that this library does not know.
        case unsupported
        case outOfMemory
        /// A level or another parameter that the library does not have.
        case invalidParameter
        case failed
    }

    public let code: Code
    /// What happened, in words for a person; the library's own where it has some.
    public let reason: String

    public init(_ code: Code, _ reason: String) {
        self.code = code
        self.reason = reason
    }

    public var description: String { "Zstandard: \(reason)" }

    /// What the library says a call ended with.
    init(status: Int) {
        let code: Code =
            switch ZSTD_getErrorCode(status) {
            case ZSTD_error_prefix_unknown: .notZstandard
            case ZSTD_error_corruption_detected, ZSTD_error_literals_headerWrong, ZSTD_error_srcSize_wrong,
                ZSTD_error_tableLog_tooLarge, ZSTD_error_maxSymbolValue_tooLarge, ZSTD_error_maxSymbolValue_tooSmall:
                .corrupted
            case ZSTD_error_checksum_wrong: .checksumMismatch
            case ZSTD_error_frameParameter_windowTooLarge: .windowTooLarge
            case ZSTD_error_version_unsupported, ZSTD_error_frameParameter_unsupported, ZSTD_error_dictionary_wrong,
                ZSTD_error_dictionary_corrupted:
                .unsupported
            case ZSTD_error_memory_allocation: .outOfMemory
            case ZSTD_error_parameter_unsupported, ZSTD_error_parameter_outOfBound,
                ZSTD_error_parameter_combination_unsupported:
                .invalidParameter
            default: .failed
            }
        self.init(code, unsafe String(cString: ZSTD_getErrorName(status)))
    }

    /// The result of a call, if it succeeded.
    @inline(__always)
    static func check(_ status: Int) throws(ZstandardError) -> Int {
        if ZSTD_isError(status) != 0 { throw ZstandardError(status: status) }
        return status
    }
}
