import Crypto
import EventLog
import Foundation
import Snapshots
import TestSupport
import Transparency
import Zstandard

/// A ledger with entries and disclosures of many sizes, and a snapshot of it.
final class Sample: Sendable {
    let folder: TemporaryFolder
    let signer: NoteSigner
    let log: Log
    /// The disclosures by position.
    let disclosures: [Position: [[UInt8]]]

    /// - Parameter disclosing: Whether entries have disclosures beside them.
    init(entries: Int, disclosing: Bool = true, name: String = "port.example/ledger", seed: UInt64 = 1) async throws {
        folder = try TemporaryFolder()
        signer = try NoteSigner.generate(name: name)
        log = try Log.create(at: folder.path("ledger"), signer: signer)
        var dice = Dice(seed: seed)
        var disclosures: [Position: [[UInt8]]] = [:]
        var done = 0
        while done < entries {
            var events: [EventDraft] = []
            for number in done..<min(entries, done + 500) {
                let filler = String(repeating: "货物 goods \"x\" ", count: dice.oneIn(200) ? 2_000 : dice.below(40))
                let text = "\(number): " + filler.replacing("\"", with: "\\\"")
                let json =
                    "{\"specversion\":\"1.0\",\"id\":\"\(number)\",\"source\":\"/test\",\"type\":\"sanhu.test\","
                    + "\"data\":{\"text\":\"\(text)\",\"number\":\(number)}}"
                var sealed: [[UInt8]] = []
                if disclosing, dice.oneIn(4) {
                    for _ in 0...dice.below(3) { sealed.append(dice.bytes(dice.below(dice.oneIn(50) ? 60_000 : 90))) }
                }
                if !sealed.isEmpty { disclosures[Position(number)] = sealed }
                events.append(
                    EventDraft(
                        agency: "CUS", tags: [try Tag("declaration:\(number / 3)")], event: Array(json.utf8),
                        disclosures: sealed))
            }
            _ = try await log.append(AppendRequest(events))
            done += events.count
        }
        self.disclosures = disclosures
    }

    var verifier: NoteVerifier { signer.verifier }
    func path(_ name: String) -> String { folder.path(name) }

    /// Exports the log.
    @discardableResult
    func export(_ name: String = "log.zst") throws -> String {
        _ = try SnapshotExporter(log: log, signer: signer).export(to: path(name))
        return path(name)
    }

    /// Writes bytes into a file.
    func write(_ bytes: [UInt8], _ name: String = "other.zst") throws -> String {
        try Data(bytes).write(to: URL(fileURLWithPath: path(name)))
        return path(name)
    }

    /// Compresses a text into a file as a snapshot is: the first line, what lies between, and the last line in a frame each.
    func compress(_ text: [UInt8], _ name: String = "other.zst") throws -> String {
        let first = (text.firstIndex(of: 0x0A) ?? text.count - 1) + 1
        let last = (text.dropLast().lastIndex(of: 0x0A) ?? -1) + 1
        guard first < text.count, last >= first else { return try write(framed([text]), name) }
        return try write(framed([Array(text[..<first]), Array(text[first..<last]), Array(text[last...])]), name)
    }

    /// Compresses lines into a file.
    func compress(_ lines: [String], _ name: String = "other.zst") throws -> String {
        try compress(Array(lines.map { $0 + "\n" }.joined().utf8), name)
    }

    /// Why a file is not accepted, or nil if it is. If it is to be imported as well, that must be refused for the same
    /// reason and leave nothing behind.
    func refusal(_ path: String, importing: Bool = true, verifier: NoteVerifier? = nil) -> SnapshotError? {
        let verifier = verifier ?? self.verifier
        var refusal: SnapshotError?
        do throws(SnapshotError) {
            _ = try SnapshotVerifier.verify(path: path, verifier: verifier)
        } catch {
            refusal = error
        }
        guard importing else { return refusal }
        let target = self.path("imported")
        do throws(SnapshotError) {
            try SnapshotImporter.import(from: path, into: target, verifier: verifier)
            if let refusal { return SnapshotError(.inputOutput, "imported though verify says \(refusal)") }
        } catch {
            if error != refusal {
                return SnapshotError(.inputOutput, "import says \(error), verify \(String(describing: refusal))")
            }
            for name in [target, target + ".importing"] where FileManager.default.fileExists(atPath: name) {
                return SnapshotError(.inputOutput, "the import left \(name)")
            }
        }
        try? FileManager.default.removeItem(atPath: target)
        return refusal
    }
}

/// Frames of texts, with the seal and the seek table behind them; empty texts have none.
func framed(_ texts: [[UInt8]]) throws -> [UInt8] {
    try finished(texts.filter { !$0.isEmpty }.map { (try compressed($0), $0.count) })
}

/// Frames, with the seal and the seek table behind them, made by what the format says and by nothing else.
func finished(_ frames: [(bytes: [UInt8], content: Int)]) throws -> [UInt8] {
    func little(_ value: some FixedWidthInteger) -> [UInt8] { withUnsafeBytes(of: value.littleEndian) { Array($0) } }
    var seal: [UInt8] = [0x53, 0x2A, 0x4D, 0x18] + little(UInt32(8 * frames.count))
    for (number, frame) in frames.enumerated() { seal += little(XXHash64.hash(frame.bytes.span, seed: UInt64(number))) }
    var rows: [UInt8] = []
    for frame in frames { rows += little(UInt32(frame.bytes.count)) + little(UInt32(frame.content)) }
    rows += little(UInt32(seal.count)) + little(UInt32(0))
    let table: [UInt8] =
        [0x5E, 0x2A, 0x4D, 0x18] + little(UInt32(rows.count + 9)) + rows + little(UInt32(frames.count + 1))
        + [0, 0xB1, 0xEA, 0x92, 0x8F]
    return frames.flatMap(\.bytes) + seal + table
}

func bytes(_ path: String) throws -> [UInt8] { try [UInt8](Data(contentsOf: URL(fileURLWithPath: path))) }

func compressed(_ text: [UInt8]) throws -> [UInt8] {
    var maker = try ZstandardFrameMaker(level: 3)
    var frame: [UInt8] = []
    try maker.append(frameOf: text.span, to: &frame)
    return frame
}

/// The text of a compressed file.
func text(_ path: String) throws -> [UInt8] { try decompressed(bytes(path)) }

func decompressed(_ file: [UInt8]) throws -> [UInt8] {
    var decompressor = try ZstandardDecompressor()
    var output: [UInt8] = []
    var taken = 0
    var needsInput = false
    while !needsInput {
        let step = try decompressor.decompress(file.span.extracting(taken..<file.count), to: &output)
        taken += step.taken
        needsInput = step.needsInput
    }
    try decompressor.finish()
    return output
}

/// The lines of a compressed file.
func lines(_ path: String) throws -> [String] {
    try String(decoding: text(path), as: UTF8.self).split(separator: "\n").map(String.init)
}
