internal import EventLog
internal import JSON
internal import LMDB

/// The lines between a snapshot's first and its last, as they are written:
///
/// ```text
/// {"position":P,"recorded":…,"agency":…,"tags":[…],"event":{…}}     an entry: its bytes, with the position put in
/// {"position":P,"ordinal":K,"disclosure":"base64"}                  a sealed disclosure beside the entry before it
/// ```
enum SnapshotLine {
    static let position = Array("{\"position\":".utf8)
    static let recorded = Array("\"recorded\":\"".utf8)
    static let agency = Array("\",\"agency\":\"".utf8)
    static let ordinal = Array("\"ordinal\":".utf8)
    static let disclosure = Array(",\"disclosure\":\"".utf8)
    static let disclosureEnd = Array("\"}".utf8)
    /// How many bytes a recorded time has.
    static let timeBytes = 27

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
        LineBase64.append(value.span, to: &bytes)
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

    /// Passes over a number of bytes, if there are as many.
    @_lifetime(self: copy self)
    mutating func take(count: Int) -> Range<Int>? {
        guard line.count - at >= count else { return nil }
        at += count
        return at - count..<at
    }
}

/// Standard base64, strict, over bytes in place: disclosures are many and may be large.
enum LineBase64 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    /// The value of each character; 255 for those that have none.
    private static let values: [UInt8] = {
        var values = [UInt8](repeating: 255, count: 256)
        for (value, character) in alphabet.enumerated() { values[Int(character)] = UInt8(value) }
        return values
    }()

    static func append(_ bytes: Span<UInt8>, to text: inout [UInt8]) {
        let alphabet = alphabet
        var at = 0
        while at < bytes.count {
            let left = bytes.count - at
            let group =
                UInt32(bytes[at]) << 16 | (left > 1 ? UInt32(bytes[at + 1]) << 8 : 0)
                | (left > 2 ? UInt32(bytes[at + 2]) : 0)
            text.append(alphabet[Int(group >> 18)])
            text.append(alphabet[Int(group >> 12 & 63)])
            text.append(left > 1 ? alphabet[Int(group >> 6 & 63)] : UInt8(ascii: "="))
            text.append(left > 2 ? alphabet[Int(group & 63)] : UInt8(ascii: "="))
            at += 3
        }
    }

    /// The bytes of a text, or nil if it is not the one text of some bytes.
    static func decode(_ text: Span<UInt8>) -> [UInt8]? {
        guard text.count % 4 == 0 else { return nil }
        var end = text.count
        while end > 0, text.count - end < 2, text[end - 1] == UInt8(ascii: "=") { end -= 1 }
        let values = values
        var bytes: [UInt8] = []
        bytes.reserveCapacity(end * 3 / 4)
        var bits: UInt32 = 0
        var held = 0
        for at in 0..<end {
            let value = values[Int(text[at])]
            guard value < 64 else { return nil }
            bits = bits << 6 | UInt32(value)
            held += 6
            if held >= 8 {
                held -= 8
                bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(held)))
                bits &= (1 << UInt32(held)) - 1
            }
        }
        return bits == 0 && held == [0, 2, 4][text.count - end] ? bytes : nil
    }
}
