/// Reads fixed-width decimal fields from left to right.
struct DigitScanner {
    private let bytes: [UInt8]
    private var at = 0

    init(_ text: some Sequence<UInt8>) {
        bytes = Array(text)
    }

    var isAtEnd: Bool { at == bytes.count }

    /// Passes over a character if it stands here.
    mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard at < bytes.count, bytes[at] == UInt8(ascii: character) else { return false }
        at += 1
        return true
    }

    /// Reads exactly so many digits, or nothing.
    mutating func digits(_ count: Int) -> Int64? {
        guard bytes.count - at >= count else { return nil }
        var value: Int64 = 0
        for byte in bytes[at..<at + count] {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
            value = value * 10 + Int64(byte - UInt8(ascii: "0"))
        }
        at += count
        return value
    }

    /// Reads a run of digits; those beyond the limit are passed over.
    mutating func run(atMost limit: Int) -> String {
        var text = ""
        while at < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[at]) {
            if text.utf8.count < limit { text.unicodeScalars.append(Unicode.Scalar(bytes[at])) }
            at += 1
        }
        return text
    }
}
