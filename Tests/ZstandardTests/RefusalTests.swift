import TestSupport
import Testing
import Zstandard

@Suite("What is not as it was compressed is refused")
struct ZstandardRefusalTests {
    private let content = (0..<400).flatMap { Array("line \($0 * 7919) of the content\n".utf8) }

    @Test("cut short anywhere, in pieces of any size")
    func truncated() throws {
        let frame = try compressed(content)
        for count in 0..<frame.count {
            #expect(fault(Array(frame[..<count])) == .truncated, "cut after \(count)")
            #expect(fault(Array(frame[..<count]), pieceBytes: 3) == .truncated, "cut after \(count), in pieces")
        }
        #expect(fault(frame + frame[..<20]) == .truncated)
        #expect(fault(frame + skippable([1, 2, 3]).dropLast()) == .truncated)
    }

    @Test("something after the last frame", arguments: 1..<12)
    func trailing(count: Int) throws {
        let frame = try compressed(content)
        for byte: UInt8 in [0, 0x0A, 0xFF] {
            let garbage = [UInt8](repeating: byte, count: count)
            #expect(fault(frame + garbage) == .trailingBytes)
            #expect(fault(frame + garbage, pieceBytes: 2) == .trailingBytes)
        }
    }

    @Test("something else altogether", arguments: ["{}", "{\"a\":1}", "PK\u{3}\u{4}", "hello, world"])
    func notZstandard(text: String) {
        #expect(fault(Array(text.utf8)) == .notZstandard)
    }

    @Test("any byte changed: a fault, or the same content")
    func changed() throws {
        let frame = try compressed(content)
        var dice = Dice(seed: 7)
        for at in frame.indices {
            var other = frame
            other[at] ^= UInt8(1 << dice.below(8))
            do throws(ZstandardError) {
                let result = try decompressed(other)
                #expect(result == content, "byte \(at)")
            } catch {
                #expect(error.code != .failed, "byte \(at): \(error)")
            }
        }
    }

    @Test("a checksum that is of other content")
    func checksum() throws {
        let frame = try compressed(content)
        for at in frame.count - 4..<frame.count {
            var other = frame
            other[at] ^= 0x10
            #expect(fault(other) == .checksumMismatch)
        }
        let plain = try compressed(content, .init(hasChecksum: false))
        #expect(plain.count == frame.count - 4)
    }

    @Test("a window over the limit, whatever memory there is")
    func window() {
        // Magic, a header with a window of 2^(10 + exponent), and an empty block that is the last.
        func frame(_ exponent: UInt8) -> [UInt8] { [0x28, 0xB5, 0x2F, 0xFD, 0x00, exponent << 3, 0x01, 0x00, 0x00] }
        #expect(fault(frame(17)) == nil)
        #expect(fault(frame(18)) == .windowTooLarge)
        #expect(fault(frame(18), maximumWindowLog: 28) == nil)
        #expect(fault(frame(11), maximumWindowLog: 20) == .windowTooLarge)
    }

    @Test("a frame that needs a dictionary")
    func dictionary() {
        #expect(fault([0x28, 0xB5, 0x2F, 0xFD, 0x01, 0x00, 0x07, 0x01, 0x00, 0x00]) == .unsupported)
    }

    @Test("a decompressor that has failed stays so")
    func poisoned() throws {
        var decompressor = try ZstandardDecompressor()
        var output: [UInt8] = []
        let garbage = Array("garbage garbage".utf8)
        #expect(throws: ZstandardError.self) { try decompressor.decompress(garbage.span, to: &output) }
        let frame = try compressed(content)
        #expect(throws: ZstandardError.self) { try decompressor.decompress(frame.span, to: &output) }
        #expect(throws: ZstandardError.self) { try decompressor.finish() }
    }

    @Test("levels and windows that the library does not have")
    func parameters() {
        #expect(throws: ZstandardError.self) { _ = try ZstandardCompressor(.init(level: 1_000)) }
        #expect(throws: ZstandardError.self) { _ = try ZstandardDecompressor(maximumWindowLog: 99) }
    }
}
