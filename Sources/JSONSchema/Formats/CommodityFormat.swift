/// `hs-code`: a commodity by the Harmonized System, 6 digits, or 8 or 10 as countries extend it.
///
/// Source: the nomenclature of the WCO: chapters 01 to 97, of which 77 is reserved. Only the form is checked: what
/// stands in a chapter depends on the edition.
enum CommodityFormat {
    static func accepts(_ text: Span<UInt8>) -> Bool {
        guard text.count == 6 || text.count == 8 || text.count == 10,
            let chapter = ASCII.number(text, 0, digits: 2), ASCII.number(text, 0, digits: text.count) != nil
        else { return false }
        return chapter >= 1 && chapter <= 97 && chapter != 77
    }
}
