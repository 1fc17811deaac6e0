/// Splits the lists of a notification, whose only separator is a comma that may also stand in a name.
enum RASFFList {
    /// The names of a list of authorities or countries. A comma before a space is part of a name, as in “Bonaire, Sint
    /// Eustatius and Saba”.
    static func names(_ text: String) -> [String] {
        split(text) { _, next in next != " " }
    }

    /// The hazards of a list. A comma between two digits is part of a name, as in “2,4-D”.
    static func hazards(_ text: String) -> [String] {
        split(text) { previous, next in !(isDigit(previous) && isDigit(next)) }
    }

    private static func isDigit(_ scalar: Unicode.Scalar?) -> Bool {
        scalar.map { ("0"..."9").contains($0) } ?? false
    }

    /// The parts between commas that separate, without white space around them; an empty text has none.
    private static func split(
        _ text: String, where separates: (Unicode.Scalar?, Unicode.Scalar?) -> Bool
    ) -> [String] {
        guard !text.isEmpty else { return [] }
        let scalars = Array(text.unicodeScalars)
        var parts: [String] = []
        var part = String.UnicodeScalarView()
        for (index, scalar) in scalars.enumerated() {
            let next = index + 1 < scalars.count ? scalars[index + 1] : nil
            if scalar == ",", separates(index > 0 ? scalars[index - 1] : nil, next) {
                parts.append(trimmed(String(part)))
                part = String.UnicodeScalarView()
            } else {
                part.append(scalar)
            }
        }
        return parts + [trimmed(String(part))]
    }

    /// A text without white space around it.
    static func trimmed(_ text: String) -> String {
        let scalars = text.unicodeScalars
        guard let first = scalars.firstIndex(where: { !$0.properties.isWhitespace }),
            let last = scalars.lastIndex(where: { !$0.properties.isWhitespace })
        else { return "" }
        return String(scalars[first...last])
    }
}
