/// `email`: a mailbox, with a quoted local part or an address literal where there is one.
///
/// Source: RFC 5321, section 4.1.2, and its limits of section 4.5.3.1. The tag of a general address literal is not
/// checked, comments are not part of the format.
enum EmailFormat {
    static func accepts(_ text: Span<UInt8>) -> Bool {
        guard text.count <= 254, let at = localPartEnd(text), at > 0, at <= 64, ASCII.has("@", text, at) else {
            return false
        }
        let domain = text.extracting(at + 1..<text.count)
        guard !domain.isEmpty else { return false }
        return domain[0] == UInt8(ascii: "[") ? isLiteral(domain) : isDomain(domain)
    }

    /// Where the local part ends, or nil if it is none.
    private static func localPartEnd(_ text: Span<UInt8>) -> Int? {
        var at = 0
        if ASCII.has("\"", text, 0) {
            at = 1
            while at < text.count, text[at] != UInt8(ascii: "\"") {
                if text[at] == UInt8(ascii: "\\") { at += 1 }
                guard at < text.count, text[at] >= 0x20, text[at] < 0x7F else { return nil }
                at += 1
            }
            return at < text.count ? at + 1 : nil
        }
        var wasDot = true
        while at < text.count, text[at] != UInt8(ascii: "@") {
            let isDot = text[at] == UInt8(ascii: ".")
            guard isDot ? !wasDot : isAtomText(text[at]) else { return nil }
            wasDot = isDot
            at += 1
        }
        return wasDot ? nil : at
    }

    private static func isAtomText(_ byte: UInt8) -> Bool {
        switch byte {
        case _ where ASCII.isAlphanumeric(byte): true
        case 0x21, 0x23...0x27, 0x2A, 0x2B, 0x2D, 0x2F, 0x3D, 0x3F, 0x5E...0x60, 0x7B...0x7E: true
        default: false
        }
    }

    private static func isDomain(_ text: Span<UInt8>) -> Bool {
        var start = 0
        for at in 0...text.count {
            let isEnd = at == text.count || text[at] == UInt8(ascii: ".")
            guard isEnd else {
                let isHyphen = text[at] == UInt8(ascii: "-")
                guard isHyphen && at > start || ASCII.isAlphanumeric(text[at]) else { return false }
                continue
            }
            guard at > start, at - start <= 63, text[at - 1] != UInt8(ascii: "-") else { return false }
            start = at + 1
        }
        return true
    }

    private static func isLiteral(_ text: Span<UInt8>) -> Bool {
        guard text.count > 2, text[text.count - 1] == UInt8(ascii: "]") else { return false }
        let address = text.extracting(1..<text.count - 1)
        let tag: [UInt8] = Array("IPv6:".utf8)
        if address.count > tag.count, tag.indices.allSatisfy({ address[$0] | 0x20 == tag[$0] | 0x20 }) {
            return AddressFormat.isIPv6(address.extracting(tag.count..<address.count))
        }
        return AddressFormat.isIPv4(address)
    }
}
