/// A set of codes of two or three capital letters, as one bit for each possible code.
struct CodeSet: Sendable {
    private let length: Int
    private var bits: [UInt64]

    /// - Parameter list: Codes of one length, divided by spaces.
    init(_ list: String, length: Int) {
        self.length = length
        bits = [UInt64](repeating: 0, count: length == 2 ? 11 : 275)
        for code in list.split(separator: " ") {
            guard let index = Self.index(Array(code.utf8).span, length) else { continue }
            bits[index >> 6] |= 1 << UInt64(index & 63)
        }
    }

    func contains(_ text: Span<UInt8>) -> Bool {
        guard let index = Self.index(text, length) else { return false }
        return bits[index >> 6] >> UInt64(index & 63) & 1 == 1
    }

    private static func index(_ text: Span<UInt8>, _ length: Int) -> Int? {
        guard text.count == length else { return nil }
        var index = 0
        for at in text.indices {
            guard ASCII.isUppercase(text[at]) else { return nil }
            index = index * 26 + Int(text[at] - UInt8(ascii: "A"))
        }
        return index
    }
}
