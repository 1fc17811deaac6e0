/// `imo-number`: the number of a ship for life, `9074729`: six digits and a check digit, without the letters IMO.
///
/// Source: IMO resolution A.1117(30).
enum ShipFormat {
    static func accepts(_ text: Span<UInt8>) -> Bool {
        text.count == 7 && CheckDigit.ship(text).map { $0 == ASCII.digit(text[6]) } ?? false
    }
}
