import EventLog
import Foundation
import Snapshots
import TestSupport
import Testing
import Transparency
import Zstandard

@Suite("A snapshot that was tampered with is refused, with what and where", .serialized)
struct TamperingTests {
    @Test("cut short at 200 places, compressed and as text")
    func cutShort() async throws {
        let sample = try await Sample(entries: 400)
        let path = try sample.export()
        let file = try bytes(path)
        for step in 0..<200 {
            let other = try sample.write(Array(file[..<(file.count * step / 200)]))
            let refusal = sample.refusal(other, importing: step % 10 == 0)
            #expect(refusal?.code == .cutShort, "\(step): \(String(describing: refusal))")
        }
        for left in 1...120 {
            let other = try sample.write(Array(file.dropLast(left)))
            #expect(sample.refusal(other, importing: false)?.code == .cutShort, "\(left) missing")
        }
        let whole = try text(path)
        for step in 0..<200 {
            let other = try sample.compress(Array(whole[..<(whole.count * step / 200)]))
            let refusal = sample.refusal(other, importing: step % 10 == 0)
            #expect(refusal?.code == (step == 0 ? .notASnapshot : .cutShort), "\(step): \(String(describing: refusal))")
        }
        let lines = try lines(path)
        let end = lines.firstIndex { $0.hasPrefix("{\"position\":123,") } ?? 0
        let refusal = sample.refusal(try sample.compress(Array(lines[..<end])))
        #expect(refusal?.code == .cutShort)
        #expect(refusal?.reason.contains("after position 122 (of 400 entries)") == true)
    }

    @Test("any byte of the file changed")
    func fileBytes() async throws {
        let sample = try await Sample(entries: 60)
        let path = try sample.export()
        let file = try bytes(path)
        let whole = try text(path)
        var dice = Dice(seed: 11)
        var same = 0
        for turn in 0..<1_200 {
            let at = turn < 40 ? turn : turn < 140 ? file.count - 140 + turn : dice.below(file.count)
            var other = file
            other[at] ^= UInt8(1 << dice.below(8))
            let refusal = sample.refusal(try sample.write(other), importing: turn % 50 == 0)
            #expect(
                [.changed, .cutShort, .notASnapshot, .tooLarge].contains(refusal?.code),
                "byte \(at): \(String(describing: refusal))")
            // Some bits mean nothing to the decompressor: only the seal tells.
            if (try? decompressed(other)) == whole { same += 1 }
        }
        #expect(same > 0)
    }

    @Test("any byte of the text changed")
    func textBytes() async throws {
        let sample = try await Sample(entries: 60)
        let whole = try text(sample.export())
        var dice = Dice(seed: 12)
        for turn in 0..<1_000 {
            let bound = turn < 300 ? 1_800 : turn < 400 ? 300 : whole.count
            let at = (300..<400).contains(turn) ? whole.count - 1 - dice.below(bound) : dice.below(bound)
            var other = whole
            other[at] = dice.oneIn(2) ? other[at] ^ UInt8(1 << dice.below(8)) : other[at] &+ UInt8(1 + dice.below(255))
            let refusal = sample.refusal(try sample.compress(other), importing: turn % 50 == 0)
            #expect(refusal != nil, "byte \(at)")
            if let refusal {
                #expect(
                    [.changed, .cutShort, .notASnapshot, .tooLarge, .newerFormat, .wrongLedger].contains(refusal.code),
                    "byte \(at): \(refusal)")
            }
            let trusting = Result { () throws(SnapshotError) in
                try SnapshotVerifier.verify(path: sample.path("other.zst"))
            }
            if case .success = trusting { Issue.record("byte \(at) is accepted without a key") }
        }
    }

    @Test("entries swapped, left out, added, edited, or moved in time")
    func entries() async throws {
        let sample = try await Sample(entries: 40, disclosing: false)
        let original = try lines(sample.export())
        func refused(_ what: Comment, _ part: String, _ edit: (inout [String]) -> Void) throws {
            var lines = original
            edit(&lines)
            let refusal = sample.refusal(try sample.compress(lines))
            #expect(refusal?.code == .changed, what)
            #expect(refusal?.reason.contains(part) == true, "\(what): \(String(describing: refusal))")
        }
        try refused("swapped", "position 10") { $0.swapAt(11, 12) }
        try refused("swapped, renumbered", "root") { lines in
            let (first, second) = (lines[11], lines[12])
            lines[11] = second.replacing("{\"position\":11,", with: "{\"position\":10,")
            lines[12] = first.replacing("{\"position\":10,", with: "{\"position\":11,")
        }
        try refused("left out", "position 10") { $0.remove(at: 11) }
        try refused("the last left out", "39 entries") { $0.remove(at: 40) }
        try refused("twice", "should hold the entry at position 11") { $0.insert($0[11], at: 12) }
        try refused("one more", "beyond the 40") {
            $0.insert($0[40].replacing("\"position\":39,", with: "\"position\":40,"), at: 41)
        }
        try refused("edited", "root") { $0[20] = $0[20].replacing("\"agency\":\"CUS\"", with: "\"agency\":\"TAX\"") }
        try refused("earlier", "before the one before it") {
            $0[20] = $0[20].replacing("\"recorded\":\"2", with: "\"recorded\":\"1")
        }
        try refused("at no time", "at no time") { $0[20] = $0[20].replacing("Z\",\"agency\"", with: "x\",\"agency\"") }
        try refused("with a leading zero", "neither") { $0[6] = $0[6].replacing("\":5,", with: "\":05,") }
        try refused("with a space", "is neither") { $0[6] = $0[6].replacing("\":5,", with: "\": 5,") }
        try refused("an empty line", "neither") { $0.insert("", at: 9) }
        try refused("a line of something else", "neither") { $0.insert("{\"comment\":\"hello\"}", at: 9) }
        try refused("a manifest in the middle", "neither") { $0.insert($0[0], at: 9) }
        try refused("another manifest's count", "manifest") {
            $0[0] = $0[0].replacing("\"size\":40", with: "\"size\":39")
        }
        try refused("another time of making", "signature") {
            $0[0] = $0[0].replacing("\"created\":\"2", with: "\"created\":\"1")
        }
        try refused("something more in the manifest", "signed") { $0[0] = String($0[0].dropLast()) + ",\"more\":1}" }
        try refused("a line after the last", "within a frame of other lines") { $0.append("{}") }
        try refused("the end in the middle", "within a frame of other lines") { $0.insert($0[41], at: 9) }
        let end = try lines(sample.path("log.zst")).count
        #expect(end == 42)
    }

    @Test("disclosures edited, swapped, left out, added, moved")
    func disclosures() async throws {
        let sample = try await Sample(entries: 60)
        let original = try lines(sample.export())
        let places = original.indices.filter { original[$0].contains("\"ordinal\":0,") && original[$0].utf8.count > 60 }
        let (first, second) = (places[1], places[3])
        func value(_ line: String) -> String { String(line.split(separator: "\"disclosure\":\"")[1].dropLast(2)) }
        func refused(_ what: Comment, _ edit: (inout [String]) -> Void) throws {
            var lines = original
            edit(&lines)
            let refusal = sample.refusal(try sample.compress(lines))
            #expect(refusal?.code == .changed, what)
            #expect(refusal?.reason.contains("disclosure") == true, "\(what): \(String(describing: refusal))")
        }
        try refused("edited") { lines in
            let old = value(lines[first])
            lines[first] = lines[first].replacing(old, with: (old.hasPrefix("A") ? "B" : "A") + old.dropFirst())
        }
        try refused("exchanged") { lines in
            let (one, other) = (value(lines[first]), value(lines[second]))
            lines[first] = lines[first].replacing(one, with: other)
            lines[second] = lines[second].replacing(other, with: one)
        }
        try refused("left out") { $0.remove(at: original.lastIndex { $0.contains("\"ordinal\":") } ?? 0) }
        try refused("added") { $0.insert($0[first].replacing("\"ordinal\":0", with: "\"ordinal\":1"), at: first + 1) }
        try refused("moved") { $0.insert($0.remove(at: first), at: first + 3) }
        try refused("beside no entry") { $0.insert($0[first], at: 1) }
        try refused("numbered otherwise") { $0[first] = $0[first].replacing("\"ordinal\":0", with: "\"ordinal\":1") }
        try refused("not base64") { lines in
            let old = value(lines[first])
            lines[first] = lines[first].replacing(old, with: "*" + old.dropFirst())
        }
    }

    @Test("of another ledger, or of another key with the ledger's name")
    func otherLedger() async throws {
        let sample = try await Sample(entries: 20)
        for name in ["other.example/ledger", "port.example/ledger"] {
            let other = try await Sample(entries: 20, name: name)
            let refusal = sample.refusal(try other.export())
            #expect(refusal?.code == .wrongLedger)
            #expect(refusal?.reason.contains(other.verifier.description) == true)
            #expect(refusal?.reason.contains(sample.verifier.description) == true)
        }
        let stranger = try NoteSigner.generate(name: "port.example/ledger")
        #expect(throws: SnapshotError.self) {
            _ = try SnapshotExporter(log: sample.log, signer: stranger).export(to: sample.path("x.zst"))
        }
        // The stranger's key in the manifest, the rest as it is.
        var lines = try lines(sample.export())
        lines[0] = lines[0].replacing(sample.verifier.description, with: stranger.verifier.description)
        let file = try sample.compress(lines)
        #expect(sample.refusal(file)?.code == .wrongLedger)
        #expect(sample.refusal(file, verifier: stranger.verifier)?.code == .changed)
    }

    @Test("of a newer format")
    func newerFormat() async throws {
        let sample = try await Sample(entries: 3)
        var lines = try lines(sample.export())
        lines[0] = lines[0].replacing("{\"format\":2,", with: "{\"format\":3,\"future\":true,")
        let refusal = sample.refusal(try sample.compress(lines))
        #expect(refusal?.code == .newerFormat)
        #expect(refusal?.reason.contains("format 3") == true)
    }

    @Test("something that is no snapshot")
    func notASnapshot() async throws {
        let sample = try await Sample(entries: 3)
        let path = try sample.export()
        #expect(sample.refusal(try sample.write(text(path)))?.code == .notASnapshot)
        #expect(sample.refusal(try sample.write(Array("hello".utf8)))?.code == .notASnapshot)
        #expect(sample.refusal(try sample.compress(["hello"]))?.code == .notASnapshot)
        #expect(sample.refusal(try sample.compress([UInt8](repeating: 0x61, count: 20 << 20)))?.code == .notASnapshot)
        #expect(sample.refusal(try sample.write([]))?.code == .cutShort)
        #expect(sample.refusal(sample.path("nothing-there.zst"))?.code == .notFound)
        #expect(sample.refusal(sample.folder.path) != nil)
    }

    @Test("with something after its end")
    func trailing() async throws {
        let sample = try await Sample(entries: 30)
        let path = try sample.export()
        let file = try bytes(path)
        for tail in [[0], Array("garbage".utf8), try compressed(Array("{}\n".utf8)), try compressed([0x0A]), file] {
            let refusal = sample.refusal(try sample.write(file + tail))
            // A few bytes may be the beginning of a frame.
            #expect(
                refusal?.code == .changed || tail.count < 8 && refusal?.code == .cutShort,
                "\(tail.prefix(8)): \(String(describing: refusal))")
        }
    }

    @Test("lines, windows and entries larger than any can be")
    func tooLarge() async throws {
        let sample = try await Sample(entries: 3)
        let path = try sample.export()
        let original = try lines(path)
        func refused(_ file: String) {
            let refusal = sample.refusal(file)
            #expect(refusal?.code == .tooLarge, "\(String(describing: refusal))")
        }
        var lines = original
        lines.insert("{\"position\":0," + String(repeating: "x", count: 30 << 20), at: 1)
        refused(try sample.compress(lines))
        lines = original
        lines[1] = String(lines[1].dropLast(2)) + ",\"x\":\"" + String(repeating: "x", count: 66_000) + "\"}}"
        refused(try sample.compress(lines))
        // A frame of a content that is longer than any can be, and one that does not say how long it is.
        let texts = original.map { Array(($0 + "\n").utf8) }
        let long = [UInt8](repeating: 0x20, count: 65 << 20)
        refused(try sample.write(finished([(compressed(texts[0]), texts[0].count), (compressed(long), 0)])))
        var compressor = try ZstandardCompressor()
        var unsized: [UInt8] = []
        let second = texts[1]
        try compressor.compress(second.span, to: &unsized)
        try compressor.endFrame(to: &unsized)
        refused(try sample.write(finished([(compressed(texts[0]), texts[0].count), (unsized, texts[1].count)])))
    }
}
