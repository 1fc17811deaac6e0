/// The digits of a number in JSON's grammar, from the first to the last that is not 0.
struct DecimalScan {
    private(set) var isNegative = false
    /// How many digits there are; 0 for the number 0.
    private(set) var count = 0
    /// The power of ten of the last digit.
    private(set) var exponent = 0
    private var first = 0
    private var last = 0

    init(_ text: Span<UInt8>) {
        isNegative = ASCII.has("-", text, 0)
        var at = isNegative ? 1 : 0
        var point: Int?
        var seen = 0
        var lastSeen = 0
        while at < text.count, text[at] | 0x20 != UInt8(ascii: "e") {
            if let digit = ASCII.digit(text[at]) {
                if seen > 0 || digit != 0 { seen += 1 }
                if digit != 0 {
                    if count == 0 { first = at }
                    (last, lastSeen, count) = (at, seen, seen)
                }
            } else {
                point = at
            }
            at += 1
        }
        let end = at
        // Places between the last digit and the point, which is at the end if it is not written.
        let place = point ?? end
        exponent = last < place ? place - last - 1 : place - last
        count = lastSeen
        guard at < text.count else { return }
        at += 1
        let isSmall = ASCII.has("-", text, at)
        if isSmall || ASCII.has("+", text, at) { at += 1 }
        var power = 0
        while at < text.count, let digit = ASCII.digit(text[at]) {
            power = min(power * 10 + digit, 1 << 40)
            at += 1
        }
        exponent += isSmall ? -power : power
    }

    /// The digits as an integer, modulo a number of at most 18 digits; with the largest divisor, of so many digits, the
    /// integer itself.
    func remainder(_ text: Span<UInt8>, dividedBy divisor: UInt64) -> UInt64 {
        guard count > 0 else { return 0 }
        var result: UInt64 = 0
        for at in first...last {
            guard let digit = ASCII.digit(text[at]) else { continue }
            result = (result * 10 + UInt64(digit)) % divisor
        }
        return result
    }
}
