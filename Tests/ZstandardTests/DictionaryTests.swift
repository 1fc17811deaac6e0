import TestSupport
import Testing

@testable import Zstandard

/// Small contents with a dictionary.
struct DictionaryTests {
    /// Lines that have much in common.
    static func line(_ dice: inout Dice) -> [UInt8] {
        let agency = dice.pick(["CUS", "MSA", "BOR"])
        return Array(
            #"{"agency":"\#(agency)","tags":["container:C\#(dice.below(100_000))"],"event":{"specversion":"1.0","id":"\#(dice.next())","type":"sanhu.hold.placed"}}"#
                .utf8)
    }

    static func dictionary(_ seed: UInt64 = 1) throws -> ZstandardDictionary {
        var dice = Dice(seed: seed)
        let lines = (0..<2_000).map { _ in line(&dice) }
        return try ZstandardDictionary(
            ZstandardDictionary.train(on: lines.flatMap(\.self), sizes: lines.map(\.count), capacity: 4_096))
    }

    @Test("What is like the samples shrinks to a fraction, and comes out as it was")
    func roundTrip() throws {
        let dictionary = try Self.dictionary()
        #expect(dictionary.bytes.count <= 4_096)
        let again = try ZstandardDictionary(dictionary.bytes)
        let coder = ZstandardFrameCoder(maximumBytes: 65_535)
        var dice = Dice(seed: 2)
        var (before, after) = (0, 0)
        var contents = (0..<200).map { _ in Self.line(&dice) }
        contents += [[], [0], dice.bytes(65_535), Array(repeating: 7, count: 65_535)]
        for content in contents {
            var (frame, back): ([UInt8], [UInt8]) = ([9], [8])
            try coder.compress(content.span, with: dictionary, to: &frame)
            try coder.decompress(frame.span.extracting(1...), with: again, to: &back)
            #expect(back == [8] + content)
            if content.count < 300 { (before, after) = (before + content.count, after + frame.count - 1) }
        }
        #expect(after * 3 < before, "\(before) to \(after)")
    }

    @Test("What is no frame, is cut off, too long, or of another dictionary is refused, or is another content")
    func refusals() throws {
        let dictionary = try Self.dictionary()
        let coder = ZstandardFrameCoder(maximumBytes: 1_000)
        var dice = Dice(seed: 3)
        let content = Self.line(&dice)
        var frame: [UInt8] = []
        try coder.compress(content.span, with: dictionary, to: &frame)
        for end in 0..<frame.count {
            var output: [UInt8] = []
            let part = Array(frame[..<end])
            let isRefused = refusal { () throws(ZstandardError) in
                try coder.decompress(part.span, with: dictionary, to: &output)
            }
            #expect(isRefused != nil || output.isEmpty && end == 0, "cut at \(end)")
        }
        var output: [UInt8] = []
        #expect(
            refusal { () throws(ZstandardError) in
                try coder.decompress(dice.bytes(90).span, with: dictionary, to: &output)
            } != nil)
        let long = [UInt8](repeating: 1, count: 1_001)
        #expect(
            refusal { () throws(ZstandardError) in try coder.compress(long.span, with: dictionary, to: &output) }?.code
                == .invalidParameter)
        var large: [UInt8] = []
        try ZstandardFrameCoder(maximumBytes: 2_000).compress(long.span, with: dictionary, to: &large)
        #expect(
            refusal { () throws(ZstandardError) in try coder.decompress(large.span, with: dictionary, to: &output) }
                != nil)
        let other = try Self.dictionary(9)
        var wrong: [UInt8] = []
        try? coder.decompress(frame.span, with: other, to: &wrong)
        #expect(wrong != content)
    }

    @Test("What is no dictionary is refused, and too few samples make none")
    func dictionaries() {
        #expect(refusal { () throws(ZstandardError) in _ = try ZstandardDictionary([]) }?.code == .unsupported)
        #expect(
            refusal { () throws(ZstandardError) in _ = try ZstandardDictionary(Array("{}{}{}{}{}".utf8)) }?.code
                == .unsupported)
        #expect(
            refusal { () throws(ZstandardError) in
                _ = try ZstandardDictionary.train(on: [1, 2, 3], sizes: [1, 1, 1], capacity: 1_024)
            }?.code == .failed)
        #expect(
            refusal { () throws(ZstandardError) in
                _ = try ZstandardDictionary.train(on: [1, 2, 3], sizes: [1, 1], capacity: 1_024)
            }?.code == .invalidParameter)
    }

    @Test("Many threads use one coder and one dictionary at once")
    func threads() async throws {
        let dictionary = try Self.dictionary()
        let coder = ZstandardFrameCoder(maximumBytes: 65_535)
        let wrong = await withTaskGroup(of: Int.self) { group in
            for seed in 0..<8 {
                group.addTask {
                    var dice = Dice(seed: UInt64(seed))
                    var wrong = 0
                    for _ in 0..<500 {
                        let content = Self.line(&dice)
                        var (frame, back): ([UInt8], [UInt8]) = ([], [])
                        try? coder.compress(content.span, with: dictionary, to: &frame)
                        try? coder.decompress(frame.span, with: dictionary, to: &back)
                        if back != content { wrong += 1 }
                    }
                    return wrong
                }
            }
            return await group.reduce(0, +)
        }
        #expect(wrong == 0)
    }
}
