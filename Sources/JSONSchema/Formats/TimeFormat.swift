/// `date`, `time` and `date-time`.
///
/// Source: RFC 3339, section 5.6, and the days of months and leap years of its appendices B and C.
enum TimeFormat {
    static func isDate(_ text: Span<UInt8>) -> Bool {
        text.count == 10 && hasDate(text)
    }

    static func isTime(_ text: Span<UInt8>) -> Bool {
        hasTime(text, from: 0)
    }

    static func isDateTime(_ text: Span<UInt8>) -> Bool {
        text.count > 11 && hasDate(text) && text[10] | 0x20 == UInt8(ascii: "t") && hasTime(text, from: 11)
    }

    /// Whether the first ten bytes are a date.
    private static func hasDate(_ text: Span<UInt8>) -> Bool {
        guard let year = ASCII.number(text, 0, digits: 4), ASCII.has("-", text, 4),
            let month = ASCII.number(text, 5, digits: 2), ASCII.has("-", text, 7),
            let day = ASCII.number(text, 8, digits: 2)
        else { return false }
        return month >= 1 && month <= 12 && day >= 1 && day <= days(inMonth: month, of: year)
    }

    private static func days(inMonth month: Int, of year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// Whether everything from an offset on is a time with its offset from UTC.
    private static func hasTime(_ text: Span<UInt8>, from start: Int) -> Bool {
        guard let hour = ASCII.number(text, start, digits: 2), ASCII.has(":", text, start + 2),
            let minute = ASCII.number(text, start + 3, digits: 2), ASCII.has(":", text, start + 5),
            let second = ASCII.number(text, start + 6, digits: 2), hour < 24, minute < 60, second <= 60
        else { return false }
        var at = start + 8
        if ASCII.has(".", text, at) {
            let fraction = at + 1
            at = fraction
            while at < text.count, ASCII.digit(text[at]) != nil { at += 1 }
            guard at > fraction else { return false }
        }
        guard let offset = offset(text, at) else { return false }
        guard second == 60 else { return true }
        // A leap second is the last of a day in UTC.
        return (hour * 60 + minute - offset + 2 * 1440) % 1440 == 1439
    }

    /// The offset from UTC in minutes that ends the text, or nil.
    private static func offset(_ text: Span<UInt8>, _ at: Int) -> Int? {
        guard at < text.count else { return nil }
        if text[at] | 0x20 == UInt8(ascii: "z") { return at + 1 == text.count ? 0 : nil }
        guard text[at] == UInt8(ascii: "+") || text[at] == UInt8(ascii: "-"), text.count == at + 6,
            let hours = ASCII.number(text, at + 1, digits: 2), ASCII.has(":", text, at + 3),
            let minutes = ASCII.number(text, at + 4, digits: 2), hours < 24, minutes < 60
        else { return nil }
        let size = hours * 60 + minutes
        return text[at] == UInt8(ascii: "-") ? -size : size
    }
}
