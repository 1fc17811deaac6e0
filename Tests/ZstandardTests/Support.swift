import Zstandard

/// What pieces compress to, as one frame.
func compressed(
    _ content: [UInt8], pieceBytes: Int = 1 << 20, _ options: ZstandardCompressor.Options = .init()
) throws(ZstandardError) -> [UInt8] {
    var compressor = try ZstandardCompressor(options)
    var output: [UInt8] = []
    for start in stride(from: 0, to: content.count, by: pieceBytes) {
        try compressor.compress(content.span.extracting(start..<min(content.count, start + pieceBytes)), to: &output)
    }
    try compressor.endFrame(to: &output)
    return output
}

/// What frames decompress to, taken in pieces of a size.
func decompressed(
    _ frames: [UInt8], pieceBytes: Int = 1 << 20, maximumWindowLog: Int = 27
) throws(ZstandardError) -> [UInt8] {
    var decompressor = try ZstandardDecompressor(maximumWindowLog: maximumWindowLog)
    var output: [UInt8] = []
    for start in stride(from: 0, to: frames.count, by: pieceBytes) {
        var piece = start..<min(frames.count, start + pieceBytes)
        var needsInput = false
        while !needsInput {
            let step = try decompressor.decompress(frames.span.extracting(piece), to: &output)
            piece = piece.lowerBound + step.taken..<piece.upperBound
            needsInput = step.needsInput
        }
    }
    try decompressor.finish()
    return output
}

/// Why frames do not decompress, or nil if they do.
func fault(_ frames: [UInt8], pieceBytes: Int = 1 << 20, maximumWindowLog: Int = 27) -> ZstandardError.Code? {
    do throws(ZstandardError) {
        _ = try decompressed(frames, pieceBytes: pieceBytes, maximumWindowLog: maximumWindowLog)
        return nil
    } catch {
        return error.code
    }
}

/// A skippable frame.
func skippable(_ content: [UInt8]) -> [UInt8] {
    let count = UInt32(content.count)
    return [0x5A, 0x2A, 0x4D, 0x18] + (0..<4).map { UInt8(truncatingIfNeeded: count >> UInt32($0 * 8)) } + content
}

/// Why something is refused, or nil if it is not.
func refusal(_ body: () throws(ZstandardError) -> Void) -> ZstandardError? {
    do throws(ZstandardError) {
        try body()
        return nil
    } catch {
        return error
    }
}
