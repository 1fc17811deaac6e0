/// `un-locode`: the code of a place in trade and transport, `CNSHA`: a country and three letters or digits from 2 to 9.
///
/// Source: UN/ECE Recommendation 16. `XZ` stands for installations in international waters. Only the form is checked:
/// the list of places changes twice a year.
enum LocationFormat {
    static func accepts(_ text: Span<UInt8>) -> Bool {
        guard text.count == 5 else { return false }
        for at in 2..<5 {
            let byte = text[at]
            guard ASCII.isUppercase(byte) || byte >= UInt8(ascii: "2") && byte <= UInt8(ascii: "9") else {
                return false
            }
        }
        return CountryFormat.accepts(text.extracting(0..<2)) || ASCII.has("X", text, 0) && ASCII.has("Z", text, 1)
    }
}
