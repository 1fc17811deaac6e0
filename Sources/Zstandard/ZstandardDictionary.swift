internal import CZstd

/// What many small contents have in common, prepared for compressing and decompressing them one by one.
///
/// A text of some hundred bytes has little that comes twice in it; beside a dictionary of texts like it, it shrinks to what is its
/// own. Safe from any thread.
@safe
public final class ZstandardDictionary: Sendable {
    /// The dictionary as it is stored.
    public let bytes: [UInt8]

    nonisolated(unsafe) let compressing: OpaquePointer
    nonisolated(unsafe) let decompressing: OpaquePointer

    /// - Parameters:
    ///   - bytes: What ``train(on:sizes:capacity:)`` made.
    ///   - level: How hard contents are compressed.
    /// - Throws: ``ZstandardError`` with code `.unsupported` if that is no dictionary.
    /// - Complexity: O(*n*) in the bytes; it takes about eight times as much memory.
    public init(_ bytes: [UInt8], level: Int = 3) throws(ZstandardError) {
        guard unsafe bytes.withUnsafeBytes({ unsafe ZDICT_getDictID($0.baseAddress, $0.count) }) != 0 else {
            throw ZstandardError(.unsupported, "that is no dictionary")
        }
        self.bytes = bytes
        guard
            let compressing = unsafe bytes.withUnsafeBytes({
                unsafe ZSTD_createCDict($0.baseAddress, $0.count, Int32(clamping: level))
            })
        else { throw ZstandardError(.unsupported, "the dictionary cannot be used for compressing") }
        guard
            let decompressing = unsafe bytes.withUnsafeBytes({ unsafe ZSTD_createDDict($0.baseAddress, $0.count) })
        else {
            unsafe ZSTD_freeCDict(compressing)
            throw ZstandardError(.unsupported, "the dictionary cannot be used for decompressing")
        }
        unsafe self.compressing = compressing
        unsafe self.decompressing = decompressing
    }

    deinit {
        unsafe ZSTD_freeCDict(compressing)
        unsafe ZSTD_freeDDict(decompressing)
    }

    /// Makes a dictionary of what samples have in common.
    ///
    /// - Parameters:
    ///   - samples: The samples, one after another.
    ///   - sizes: How many bytes each of them has.
    ///   - capacity: The most bytes of the dictionary; a hundredth of the samples or less is best.
    /// - Throws: ``ZstandardError`` with code `.failed` if there are too few samples, or they have nothing in common.
    /// - Complexity: O(*n*) in the samples; some tenths of a second for a few megabytes.
    public static func train(
        on samples: [UInt8], sizes: [Int], capacity: Int
    ) throws(ZstandardError) -> [UInt8] {
        guard sizes.allSatisfy({ $0 > 0 }), sizes.reduce(0, +) == samples.count,
            let count = UInt32(exactly: sizes.count)
        else {
            throw ZstandardError(.invalidParameter, "the sizes are not those of the samples")
        }
        var status = 0
        let dictionary = unsafe [UInt8](unsafeUninitializedCapacity: capacity) { buffer, initialized in
            unsafe samples.withUnsafeBytes { samples in
                unsafe sizes.withUnsafeBufferPointer { sizes in
                    // Each size is at least 1, so it is the same as an unsigned one.
                    unsafe sizes.withMemoryRebound(to: UInt.self) { sizes in
                        status = unsafe ZDICT_trainFromBuffer(
                            buffer.baseAddress, capacity, samples.baseAddress, sizes.baseAddress, count)
                    }
                }
            }
            initialized = ZDICT_isError(status) == 0 ? status : 0
        }
        guard ZDICT_isError(status) == 0 else {
            throw ZstandardError(.failed, unsafe String(cString: ZDICT_getErrorName(status)))
        }
        return dictionary
    }
}
