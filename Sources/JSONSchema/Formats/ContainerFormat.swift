/// `iso6346`: the number of a freight container, `CSQU3054383`: three letters for the owner, U, J or Z for the kind of
/// equipment, six digits and a check digit.
///
/// Source: ISO 6346, section 4 and annex A. A remainder of 10 is written as 0; the standard advises against such
/// numbers, but they are on the road.
enum ContainerFormat {
    static func accepts(_ text: Span<UInt8>) -> Bool {
        guard text.count == 11 else { return false }
        let category = text[3]
        guard category == UInt8(ascii: "U") || category == UInt8(ascii: "J") || category == UInt8(ascii: "Z") else {
            return false
        }
        var sum = 0
        for at in 0..<10 {
            guard let value = at < 4 ? letter(text[at]) : ASCII.digit(text[at]) else { return false }
            sum += value << at
        }
        return ASCII.digit(text[10]) == sum % 11 % 10
    }

    /// The value of a letter: from 10 on, without the multiples of 11.
    private static func letter(_ byte: UInt8) -> Int? {
        guard ASCII.isUppercase(byte) else { return nil }
        let value = 10 + Int(byte - UInt8(ascii: "A"))
        // One more after 11, two more after 22, three more after 33: A 10, B 12, K 21, L 23, U 32, V 34.
        return value + (value > 10 ? 1 : 0) + (value > 20 ? 1 : 0) + (value > 30 ? 1 : 0)
    }
}
