/// `uscc`: the unified social credit code of an enterprise or organisation in China, 18 characters of which the last is
/// a check character.
///
/// Source: GB 32100-2015: digits and capital letters without I, O, S, V and Z; characters 3 to 8 are the digits of an
/// administrative division. The code of the organisation inside (GB 11714) has a check character of its own, which is
/// not looked at: codes from before 2015 were taken over as they were.
enum EnterpriseFormat {
    static func accepts(_ text: Span<UInt8>) -> Bool {
        guard text.count == 18, ASCII.number(text, 2, digits: 6) != nil, let check = CheckDigit.enterprise(text) else {
            return false
        }
        return CheckDigit.enterpriseValue(text[17]) == check
    }
}
