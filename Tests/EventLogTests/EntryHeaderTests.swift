import TestSupport
import Testing
import Transparency

@testable import EventLog

struct EntryHeaderTests {
    private static let header = EntryHeader(
        length: 4, recorded: Timestamp(microseconds: 0x0102_0304_0506), leafHash: MerkleHash.leaf([1, 2].span))

    private static func value(_ change: (inout [UInt8]) -> Void = { _ in }) -> [UInt8] {
        var bytes = array(header)
        bytes += [9, 9, 9, 9]
        change(&bytes)
        return bytes
    }

    private static func array(_ header: EntryHeader) -> [UInt8] {
        let words = header.words
        return words.indices.flatMap { at in (0..<8).map { UInt8(truncatingIfNeeded: words[at] >> UInt64($0 * 8)) } }
    }

    private func fault(_ bytes: [UInt8]) -> LogError? {
        refusal { _ = try EntryHeader(of: bytes.span, at: 77) }
    }

    @Test("A header is laid out as the file format says")
    func layout() {
        let hash = MerkleHash.leaf([1, 2].span).bytes
        #expect(Self.value() == [0, 0, 0, 0, 4, 0, 0, 0, 6, 5, 4, 3, 2, 1, 0, 0] + hash + [9, 9, 9, 9])
    }

    @Test("A header is read as it was written")
    func roundTrip() throws {
        var dice = Dice(seed: 5)
        for _ in 0..<200 {
            let leaf = MerkleHash.leaf(dice.bytes(8).span)
            let time = Timestamp(microseconds: Int64(truncatingIfNeeded: dice.next()))
            let length = dice.below(300)
            var bytes = Self.array(EntryHeader(length: length, recorded: time, leafHash: leaf))
            #expect(bytes.count == EntryHeader.byteCount)
            bytes += dice.bytes(length)
            let header = try EntryHeader(of: bytes.span, at: 0)
            #expect(header.length == length)
            #expect(header.recorded == time)
            #expect(header.leafHash == leaf)
            #expect(header.codec == .plain)
        }
    }

    @Test("An unknown codec is of a newer format", arguments: UInt8(2)...255)
    func codec(number: UInt8) {
        let error = fault(Self.value { $0[0] = number })
        #expect(error?.code == .newerFormat)
        #expect(error?.reason.contains("77") == true)
        #expect(error?.reason.contains("codec \(number)") == true)
    }

    @Test("A header that contradicts itself or its entry is damaged")
    func contradictions() {
        #expect(fault(Self.value()) == nil)
        #expect(fault([])?.code == .corrupted)
        #expect(fault(Array(Self.value().prefix(47)))?.code == .corrupted)
        for at in 1...7 {
            let error = fault(Self.value { $0[at] ^= 1 })
            #expect(error?.code == .corrupted, "byte \(at)")
            #expect(error?.reason.contains("77") == true)
        }
        #expect(fault(Self.value { $0.append(9) })?.code == .corrupted)
        #expect(fault(Self.value { $0.removeLast() })?.code == .corrupted)
    }
}
