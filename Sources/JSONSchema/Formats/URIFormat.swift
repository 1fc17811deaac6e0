/// `uri` and `uri-reference`.
///
/// Source: RFC 3986, appendix A. An address of a future version (`[v1.…]`) is accepted by its form.
enum URIFormat {
    static func accepts(_ text: Span<UInt8>, needsScheme: Bool) -> Bool {
        var at = 0
        let hasScheme = skipScheme(text, &at)
        guard hasScheme || !needsScheme else { return false }
        if ASCII.has("/", text, at), ASCII.has("/", text, at + 1) {
            at += 2
            guard skipAuthority(text, &at) else { return false }
        } else if !hasScheme {
            // In a relative path a colon in the first segment would be read as a scheme.
            var first = at
            while first < text.count, !isDelimiter(text[first]), text[first] != UInt8(ascii: ":") { first += 1 }
            if ASCII.has(":", text, first) { return false }
        }
        guard skip(text, &at, while: { isPathCharacter($0) || $0 == UInt8(ascii: "/") }) else { return false }
        for sign in ["?", "#"] as [Unicode.Scalar] where ASCII.has(sign, text, at) {
            at += 1
            let isQueryCharacter = { isPathCharacter($0) || $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") }
            guard skip(text, &at, while: isQueryCharacter) else { return false }
        }
        return at == text.count
    }

    /// Moves past a scheme and its colon if there is one.
    private static func skipScheme(_ text: Span<UInt8>, _ at: inout Int) -> Bool {
        guard !text.isEmpty, ASCII.isLetter(text[0]) else { return false }
        var end = 1
        while end < text.count,
            ASCII.isAlphanumeric(text[end]) || ASCII.has("+", text, end) || ASCII.has("-", text, end)
                || ASCII.has(".", text, end)
        {
            end += 1
        }
        guard ASCII.has(":", text, end) else { return false }
        at = end + 1
        return true
    }

    /// Moves past user, host and port.
    private static func skipAuthority(_ text: Span<UInt8>, _ at: inout Int) -> Bool {
        var end = at
        var user: Int?
        while end < text.count, !isDelimiter(text[end]) {
            if text[end] == UInt8(ascii: "@"), user == nil { user = end }
            end += 1
        }
        if let user {
            guard skip(text, &at, while: { isRegisteredName($0) || $0 == UInt8(ascii: ":") }), at == user else {
                return false
            }
            at += 1
        }
        if ASCII.has("[", text, at) {
            guard skipLiteral(text, &at) else { return false }
        } else {
            guard skip(text, &at, while: isRegisteredName) else { return false }
        }
        if ASCII.has(":", text, at) {
            at += 1
            while at < text.count, ASCII.digit(text[at]) != nil { at += 1 }
        }
        return at == end
    }

    private static func skipLiteral(_ text: Span<UInt8>, _ at: inout Int) -> Bool {
        let start = at + 1
        while at < text.count, text[at] != UInt8(ascii: "]") { at += 1 }
        guard at < text.count, at > start else { return false }
        let address = text.extracting(start..<at)
        at += 1
        guard address[0] | 0x20 == UInt8(ascii: "v") else { return AddressFormat.isIPv6(address) }
        var digits = 1
        while digits < address.count, ASCII.isHexadecimal(address[digits]) { digits += 1 }
        guard digits > 1, ASCII.has(".", address, digits), digits + 1 < address.count else { return false }
        var end = digits + 1
        return skip(address, &end, while: { $0 != 0x25 && (isRegisteredName($0) || $0 == UInt8(ascii: ":")) })
            && end == address.count
    }

    /// Moves past characters of a kind; false at a `%` without two hexadecimal digits.
    private static func skip(_ text: Span<UInt8>, _ at: inout Int, while isKind: (UInt8) -> Bool) -> Bool {
        while at < text.count {
            if text[at] == UInt8(ascii: "%") {
                guard at + 2 < text.count, ASCII.isHexadecimal(text[at + 1]), ASCII.isHexadecimal(text[at + 2]) else {
                    return false
                }
                at += 3
            } else if isKind(text[at]) {
                at += 1
            } else {
                return true
            }
        }
        return true
    }

    private static func isDelimiter(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "/") || byte == UInt8(ascii: "?") || byte == UInt8(ascii: "#")
    }

    /// Unreserved characters and sub-delimiters.
    private static func isRegisteredName(_ byte: UInt8) -> Bool {
        switch byte {
        case _ where ASCII.isAlphanumeric(byte): true
        case 0x21, 0x24, 0x26...0x2E, 0x3B, 0x3D, 0x5F, 0x7E: true
        default: false
        }
    }

    private static func isPathCharacter(_ byte: UInt8) -> Bool {
        isRegisteredName(byte) || byte == UInt8(ascii: ":") || byte == UInt8(ascii: "@")
    }
}
