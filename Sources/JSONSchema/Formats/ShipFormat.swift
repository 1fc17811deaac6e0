/// `imo-number`: the number of a ship for life, `9074729`: six digits and a check digit, without the letters IMO.
///
/// Source: IMO resolution A.1117(30): the digits times 7 to 2, summed, end with the check digit.
enum ShipFormat {
    static func accepts(_ text: Span<UInt8>) -> Bool {
        guard text.count == 7, ASCII.number(text, 0, digits: 7) != nil else { return false }
        var sum = 0
        for at in 0..<6 { sum += Int(text[at] - UInt8(ascii: "0")) * (7 - at) }
        return sum % 10 == Int(text[6] - UInt8(ascii: "0"))
    }
}
