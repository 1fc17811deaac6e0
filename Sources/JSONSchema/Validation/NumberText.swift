/// Reading numbers that the parser has checked.
enum NumberText {
    /// The largest powers of ten that a double holds exactly.
    private static let powers: [Double] = [
        1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20,
        1e21, 1e22,
    ]

    /// The double nearest to a number.
    ///
    /// An integer below 2^53, and one divided by a power of ten that a double holds, are exact after at most one
    /// rounding (Clinger, "How to Read Floating Point Numbers Accurately", 1990); all else the standard library reads.
    static func double(_ text: Span<UInt8>) -> Double {
        let isNegative = ASCII.has("-", text, 0)
        var value: UInt64 = 0
        var fraction = 0
        var isFraction = false
        guard text.count <= 17 else { return slow(text) }
        for at in (isNegative ? 1 : 0)..<text.count {
            if let digit = ASCII.digit(text[at]) {
                value = value * 10 + UInt64(digit)
                if isFraction { fraction += 1 }
            } else if text[at] == UInt8(ascii: ".") {
                isFraction = true
            } else {
                return slow(text)
            }
        }
        guard value < 1 << 53 else { return slow(text) }
        let magnitude = fraction == 0 ? Double(value) : Double(value) / powers[fraction]
        return isNegative ? -magnitude : magnitude
    }

    /// Whether a finite double is an integer. From 2^53 on all are.
    static func isIntegral(_ number: Double) -> Bool {
        number.magnitude >= 0x1p53 || Double(Int64(number)) == number
    }

    private static func slow(_ text: Span<UInt8>) -> Double {
        var copy = ""
        for at in text.indices { copy.unicodeScalars.append(Unicode.Scalar(text[at])) }
        return Double(copy) ?? 0
    }
}
