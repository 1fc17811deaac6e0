/// `uscc`: the unified social credit code of an enterprise or organisation in China, 18 characters of which the last is
/// a check character.
///
/// Source: GB 32100-2015: digits and capital letters without I, O, S, V and Z; characters 3 to 8 are the digits of an
/// administrative division. The code of the organisation inside (GB 11714) has a check character of its own, which is
/// not looked at: codes from before 2015 were taken over as they were.
enum EnterpriseFormat {
    static func accepts(_ text: Span<UInt8>) -> Bool {
        guard text.count == 18, ASCII.number(text, 2, digits: 6) != nil else { return false }
        var sum = 0
        var weight = 1
        for at in 0..<17 {
            guard let value = value(text[at]) else { return false }
            sum += value * weight
            weight = weight * 3 % 31
        }
        return value(text[17]) == (31 - sum % 31) % 31
    }

    /// The value of a character: digits, then letters in order, without those left out.
    private static func value(_ byte: UInt8) -> Int? {
        if let digit = ASCII.digit(byte) { return digit }
        guard ASCII.isUppercase(byte) else { return nil }
        var value = 10 + Int(byte - UInt8(ascii: "A"))
        for left in [UInt8(ascii: "I"), UInt8(ascii: "O"), UInt8(ascii: "S"), UInt8(ascii: "V"), UInt8(ascii: "Z")] {
            if byte == left { return nil }
            if byte > left { value -= 1 }
        }
        return value
    }
}
