/// The check digits of the port's identifiers, without a judgement of anything else in them.
package enum CheckDigit {
    /// The remainder modulo 11 of a container number's first ten characters; 10 is written as 0. Nil if one of the first
    /// four is no capital letter or one of the others no digit.
    ///
    /// Source: ISO 6346, annex A: values times 1, 2, 4 … 512. Letters count from 10 on, without the multiples of 11.
    package static func containerRemainder(_ text: Span<UInt8>) -> Int? {
        guard text.count >= 10 else { return nil }
        var sum = 0
        for at in 0..<10 {
            guard let value = at < 4 ? containerLetter(text[at]) : ASCII.digit(text[at]) else { return nil }
            sum += value << at
        }
        return sum % 11
    }

    /// The value of a letter: from 10 on, without the multiples of 11.
    private static func containerLetter(_ byte: UInt8) -> Int? {
        guard ASCII.isUppercase(byte) else { return nil }
        let value = 10 + Int(byte - UInt8(ascii: "A"))
        // One more after 11, two more after 22, three more after 33: A 10, B 12, K 21, L 23, U 32, V 34.
        return value + (value > 10 ? 1 : 0) + (value > 20 ? 1 : 0) + (value > 30 ? 1 : 0)
    }

    /// The check digit of a ship's number, of its first six digits; nil if these are not there.
    ///
    /// Source: IMO resolution A.1117(30): the digits times 7 to 2, summed, end with it.
    package static func ship(_ text: Span<UInt8>) -> Int? {
        guard text.count >= 6 else { return nil }
        var sum = 0
        for at in 0..<6 {
            guard let digit = ASCII.digit(text[at]) else { return nil }
            sum += digit * (7 - at)
        }
        return sum % 10
    }

    /// The value, from 0 to 30, of the check character of a social credit code, of its first 17 characters; nil if one of
    /// these is none of the 31.
    ///
    /// Source: GB 32100-2015: values times powers of 3 modulo 31; with the check character the sum is a multiple of 31.
    package static func enterprise(_ text: Span<UInt8>) -> Int? {
        guard text.count >= 17 else { return nil }
        var sum = 0
        var weight = 1
        for at in 0..<17 {
            guard let value = enterpriseValue(text[at]) else { return nil }
            sum += value * weight
            weight = weight * 3 % 31
        }
        return (31 - sum % 31) % 31
    }

    /// The value of a character of a social credit code: digits, then letters in order, without I, O, S, V and Z.
    package static func enterpriseValue(_ byte: UInt8) -> Int? {
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
