internal import EventLog
internal import JSON
internal import LMDB
internal import Transparency

/// The lines between a snapshot's first and its last, as they are written:
///
/// ```text
/// {"position":P,"recorded":…,"agency":…,"tags":[…],"event":{…}}     an entry: its bytes, with the position put in
/// {"position":P,"ordinal":K,"disclosure":"base64"}                  a sealed disclosure beside the entry before it
/// ```
enum SnapshotLine {
    static let position = Array("{\"position\":".utf8)
    static let recorded = Array("\"recorded\":\"".utf8)
    static let ordinal = Array("\"ordinal\":".utf8)
    static let disclosure = Array(",\"disclosure\":\"".utf8)
    static let disclosureEnd = Array("\"}".utf8)

    /// The most bytes of a manifest, which holds two notes, escaped.
    static let maximumManifestBytes = 512 << 10
    /// The most bytes of any line.
    static let maximumBytes = max(
        maximumManifestBytes, position.count + LogLimits.entryBytes + 24,
        (LogLimits.disclosureBytes + 2) / 3 * 4 + 96)

    /// Writes an entry's line with its newline.
    static func append(entry: Span<UInt8>, at number: Position, to bytes: inout [UInt8]) {
        bytes.append(contentsOf: position)
        JSONText.appendDecimal(number, to: &bytes)
        bytes.append(UInt8(ascii: ","))
        bytes.append(copying: entry.extracting(1..<entry.count))
        bytes.append(UInt8(ascii: "\n"))
    }

    /// Writes a disclosure's line with its newline.
    static func append(disclosure value: [UInt8], _ number: Int, at place: Position, to bytes: inout [UInt8]) {
        bytes.append(contentsOf: position)
        JSONText.appendDecimal(place, to: &bytes)
        bytes.append(UInt8(ascii: ","))
        bytes.append(contentsOf: ordinal)
        JSONText.appendDecimal(UInt64(number), to: &bytes)
        bytes.append(contentsOf: disclosure)
        Base64.append(value.span, to: &bytes)
        bytes.append(contentsOf: disclosureEnd)
        bytes.append(UInt8(ascii: "\n"))
    }
}

/// A place in a line that moves on over what it expects.
struct LineScanner: ~Escapable {
    let line: Span<UInt8>
    private(set) var at = 0

    @_lifetime(copy line)
    init(_ line: Span<UInt8>) {
        self.line = line
    }

    /// What has not been passed yet.
    var rest: Range<Int> { at..<line.count }

    /// Passes over bytes, if they stand here.
    @_lifetime(self: copy self)
    mutating func take(_ expected: [UInt8]) -> Bool {
        guard line.count - at >= expected.count else { return false }
        for step in expected.indices where line[at + step] != expected[step] { return false }
        at += expected.count
        return true
    }

    /// Passes over one byte, if it stands here.
    @_lifetime(self: copy self)
    mutating func take(_ expected: Unicode.Scalar) -> Bool {
        guard at < line.count, line[at] == UInt8(ascii: expected) else { return false }
        at += 1
        return true
    }

    /// Passes over a decimal number without leading zeros, if one of at most 16 digits stands here.
    @_lifetime(self: copy self)
    mutating func takeDecimal() -> UInt64? {
        var value: UInt64 = 0
        var end = at
        while end < line.count, end - at <= 16, line[end] >= 0x30, line[end] <= 0x39 {
            value = value * 10 + UInt64(line[end] - 0x30)
            end += 1
        }
        guard end > at, end - at <= 16, line[at] != 0x30 || end - at == 1 else { return nil }
        at = end
        return value
    }
}
