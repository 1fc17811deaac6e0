import TestSupport
import Testing
import Zstandard

@Suite("What is compressed comes back")
struct RoundTripTests {
    @Test("content of any size, in pieces of any size, at any level, with and without threads", arguments: 0..<40)
    func roundTrip(seed: UInt64) throws {
        var dice = Dice(seed: seed)
        var content: [UInt8] = []
        let size = dice.pick([0, 1, 10, 5_000, 131_072, 400_000])
        while content.count < size { content += dice.oneIn(3) ? dice.bytes(100) : Array("a line of the port\n".utf8) }
        let options = ZstandardCompressor.Options(
            level: dice.pick([-5, 1, 3, 9]), hasChecksum: !dice.oneIn(4), workers: dice.pick([0, 0, 1, 2]))
        let frame = try compressed(content, pieceBytes: dice.pick([1_000, 70_001, 1 << 20]), options)
        #expect(try decompressed(frame, pieceBytes: dice.pick([7, 1_000, 1 << 20])) == content)
    }

    @Test("several frames, empty and skippable ones among them, are one content")
    func frames() throws {
        let first = Array("first ".utf8)
        let second = Array("second".utf8)
        let frames =
            try skippable([]) + compressed(first) + skippable([1, 2, 3]) + compressed([]) + compressed(second)
            + skippable(first)
        for pieceBytes in [1, 5, 1_000] { #expect(try decompressed(frames, pieceBytes: pieceBytes) == first + second) }
    }

    @Test("one compressor makes one frame after another")
    func compressorGoesOn() throws {
        var compressor = try ZstandardCompressor()
        var output: [UInt8] = []
        for text in ["one", "two"] {
            let bytes = Array(text.utf8)
            try compressor.compress(bytes.span, to: &output)
            try compressor.endFrame(to: &output)
        }
        #expect(try decompressed(output) == Array("onetwo".utf8))
    }

    @Test("what blows up comes out in pieces of at most 128 KiB")
    func bounded() throws {
        let zeros = [UInt8](repeating: 0, count: 1 << 20)
        var compressor = try ZstandardCompressor()
        var frame: [UInt8] = []
        for _ in 0..<64 { try compressor.compress(zeros.span, to: &frame) }
        try compressor.endFrame(to: &frame)
        #expect(frame.count < 16_384)
        var decompressor = try ZstandardDecompressor()
        var output: [UInt8] = []
        var taken = 0
        var total = 0
        var needsInput = false
        while !needsInput {
            let step = try decompressor.decompress(frame.span.extracting(taken..<frame.count), to: &output)
            taken += step.taken
            needsInput = step.needsInput
            #expect(output.count <= 128 << 10)
            total += output.count
            output.removeAll(keepingCapacity: true)
        }
        try decompressor.finish()
        #expect(total == 64 << 20)
    }
}
