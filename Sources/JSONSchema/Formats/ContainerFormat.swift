/// `iso6346`: the number of a freight container, `CSQU3054383`: three letters for the owner, U, J or Z for the kind of
/// equipment, six digits and a check digit.
///
/// Source: ISO 6346, section 4 and annex A. A remainder of 10 is written as 0; the standard advises against such
/// numbers, but they are on the road.
enum ContainerFormat {
    static func accepts(_ text: Span<UInt8>) -> Bool {
        guard text.count == 11, let remainder = CheckDigit.containerRemainder(text) else { return false }
        let category = text[3]
        guard category == UInt8(ascii: "U") || category == UInt8(ascii: "J") || category == UInt8(ascii: "Z") else {
            return false
        }
        return ASCII.digit(text[10]) == remainder % 10
    }
}
