/// The canonical form of JSON (RFC 8785): no white space, members in the order of their keys' UTF-16 code units,
/// strings with the fewest escapes, numbers as ECMAScript writes them.
public enum JSONCanonicalForm {
    /// The canonical bytes of a value.
    ///
    /// - Complexity: O(*n* log *n*) in the size of the value.
    public static func bytes(of value: JSONValue) -> [UInt8] {
        var bytes: [UInt8] = []
        append(value, to: &bytes)
        return bytes
    }

    private static func append(_ value: JSONValue, to bytes: inout [UInt8]) {
        switch value.kind {
        case .null, .true, .false:
            bytes.append(contentsOf: value.text)
        case .integer, .number:
            bytes.append(contentsOf: number(value.double ?? 0).utf8)
        case .string:
            JSONText.appendQuoted((value.string ?? "").utf8Span.span, to: &bytes)
        case .array:
            appendList(value.elements, "[", "]", to: &bytes) { element, bytes in append(element, to: &bytes) }
        case .object:
            let members = value.members.sorted { $0.key.utf16.lexicographicallyPrecedes($1.key.utf16) }
            appendList(members, "{", "}", to: &bytes) { member, bytes in
                JSONText.appendQuoted(member.key.utf8Span.span, to: &bytes)
                bytes.append(UInt8(ascii: ":"))
                append(member.value, to: &bytes)
            }
        }
    }

    private static func appendList<Element>(
        _ list: [Element], _ open: Unicode.Scalar, _ close: Unicode.Scalar, to bytes: inout [UInt8],
        _ appendElement: (Element, inout [UInt8]) -> Void
    ) {
        bytes.append(UInt8(ascii: open))
        for (index, element) in list.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            appendElement(element, &bytes)
        }
        bytes.append(UInt8(ascii: close))
    }

    /// A finite double as ECMAScript's `Number.prototype.toString` writes it (ECMA-262, section 6.1.6.1.20): the
    /// shortest digits that read back as the same double, laid out by the size of the exponent.
    package static func number(_ value: Double) -> String {
        guard value != 0, value.isFinite else { return "0" }
        let (digits, point) = shortestDigits(value.magnitude)
        let sign = value < 0 ? "-" : ""
        let count = digits.count
        switch point {
        case count...21 where count <= 21:
            return sign + digits + String(repeating: "0", count: point - count)
        case 1...21:
            return sign + digits.prefix(point) + "." + digits.dropFirst(point)
        case -5...0:
            return sign + "0." + String(repeating: "0", count: -point) + digits
        default:
            let exponent = point - 1
            let fraction = count > 1 ? "." + digits.dropFirst() : ""
            return sign + digits.prefix(1) + fraction + "e" + (exponent < 0 ? "-" : "+") + String(exponent.magnitude)
        }
    }

    /// The shortest digits of a positive double, and how many of them stand before the decimal point.
    private static func shortestDigits(_ value: Double) -> (digits: String, point: Int) {
        let text = value.description
        let parts = text.split(separator: "e", maxSplits: 1)
        let exponent = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
        let mantissa = parts[0].split(separator: ".", maxSplits: 1)
        let whole = mantissa[0]
        let fraction = mantissa.count > 1 ? mantissa[1] : ""
        let all = whole + fraction
        let leadingZeros = all.prefix { $0 == "0" }.count
        var digits = String(all.dropFirst(leadingZeros))
        while digits.last == "0" { digits.removeLast() }
        return (digits, whole.count - leadingZeros + exponent)
    }
}
