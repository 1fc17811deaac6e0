/// `duration`: `P1Y2M3DT4H5M6S` or `P2W`.
///
/// Source: RFC 3339, appendix A. No unit between two others may be left out, and nothing has a fraction.
enum DurationFormat {
    static func accepts(_ text: Span<UInt8>) -> Bool {
        guard ASCII.has("P", text, 0) else { return false }
        var at = 1
        if let afterWeeks = element(text, at), ASCII.has("W", text, afterWeeks) { return afterWeeks + 1 == text.count }
        let date = units(text, &at, UInt8(ascii: "Y"), UInt8(ascii: "M"), UInt8(ascii: "D"))
        guard let date else { return false }
        guard at < text.count else { return date > 0 }
        guard text[at] == UInt8(ascii: "T") else { return false }
        at += 1
        let time = units(text, &at, UInt8(ascii: "H"), UInt8(ascii: "M"), UInt8(ascii: "S"))
        return (time ?? 0) > 0 && at == text.count
    }

    /// Moves past numbers with units, of three units in order, and says how many there were; nil if one was left out
    /// between two others.
    private static func units(
        _ text: Span<UInt8>, _ at: inout Int, _ first: UInt8, _ second: UInt8, _ third: UInt8
    ) -> Int? {
        var count = 0
        var last = 0
        while let end = element(text, at), end < text.count {
            let unit = text[end]
            let rank = unit == first ? 1 : unit == second ? 2 : unit == third ? 3 : 0
            guard rank > last, last == 0 || rank == last + 1 else { return nil }
            last = rank
            count += 1
            at = end + 1
        }
        return count
    }

    /// Where digits end that start at an offset, or nil if there are none.
    private static func element(_ text: Span<UInt8>, _ start: Int) -> Int? {
        var at = start
        while at < text.count, ASCII.digit(text[at]) != nil { at += 1 }
        return at > start ? at : nil
    }
}
