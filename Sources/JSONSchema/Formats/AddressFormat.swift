/// `ipv4` and `ipv6`.
///
/// Sources: RFC 2673, section 3.2; RFC 4291, section 2.2.
enum AddressFormat {
    /// Four decimal numbers up to 255 without leading zeros.
    static func isIPv4(_ text: Span<UInt8>) -> Bool {
        var parts = 0
        var at = 0
        while true {
            let start = at
            var value = 0
            while at < text.count, at - start < 3, let digit = ASCII.digit(text[at]) {
                value = value * 10 + digit
                at += 1
            }
            guard at > start, value <= 255, at - start == 1 || text[start] != UInt8(ascii: "0") else { return false }
            parts += 1
            if at == text.count { return parts == 4 }
            guard parts < 4, text[at] == UInt8(ascii: ".") else { return false }
            at += 1
        }
    }

    /// Eight groups of up to four hexadecimal digits; one run of groups may be `::`, the last two may be an IPv4 address.
    static func isIPv6(_ text: Span<UInt8>) -> Bool {
        var groups = 0
        var isShortened = false
        var at = 0
        if ASCII.has(":", text, 0) {
            guard ASCII.has(":", text, 1) else { return false }
            isShortened = true
            at = 2
        }
        while at < text.count {
            let start = at
            while at < text.count, at - start < 4, ASCII.isHexadecimal(text[at]) { at += 1 }
            guard at > start else { return false }
            if ASCII.has(".", text, at) {
                groups += 2
                guard isIPv4(text.extracting(start..<text.count)) else { return false }
                at = text.count
                break
            }
            groups += 1
            if at == text.count { break }
            guard text[at] == UInt8(ascii: ":") else { return false }
            at += 1
            if ASCII.has(":", text, at) {
                guard !isShortened else { return false }
                isShortened = true
                at += 1
            } else if at == text.count {
                return false
            }
        }
        return isShortened ? groups < 8 : groups == 8
    }
}
