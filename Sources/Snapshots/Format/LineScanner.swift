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

    /// Passes over a string without escapes, if one stands here.
    ///
    /// - Returns: Where its text stands.
    @_lifetime(self: copy self)
    mutating func takePlainString() -> Range<Int>? {
        guard at < line.count, line[at] == UInt8(ascii: "\"") else { return nil }
        var end = at + 1
        while end < line.count, line[end] != UInt8(ascii: "\""), line[end] != UInt8(ascii: "\\") { end += 1 }
        guard end < line.count, line[end] == UInt8(ascii: "\"") else { return nil }
        let text = at + 1..<end
        at = end + 1
        return text
    }
}
