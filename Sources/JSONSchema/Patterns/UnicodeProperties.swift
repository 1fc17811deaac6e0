/// The sets that `\p{…}` names: general categories under all their names, some binary properties, and the script Han.
///
/// Sources: ECMA-262, section 22.2.2.9; Unicode's PropertyValueAliases. The categories are those of the standard
/// library's Unicode version. Other scripts have no tables here.
enum UnicodeProperties {
    /// The set a property's name and value stand for, or nil if it is not known here.
    static func set(name: String, value: String?) -> ScalarSet? {
        guard let value else { return category(name) ?? binary(name) }
        switch name {
        case "General_Category", "gc": return category(value)
        case "Script", "sc": return ["Han", "Hani"].contains(value) ? han : nil
        default: return nil
        }
    }

    private static func category(_ name: String) -> ScalarSet? {
        guard let members = categories[name] else { return nil }
        return ScalarSet(assigned.filter { members.contains($0.category) }.map(\.range))
    }

    private static func binary(_ name: String) -> ScalarSet? {
        switch name {
        case "Any": .all
        case "ASCII": ScalarSet([0...0x7F])
        case "ASCII_Hex_Digit", "AHex": ScalarSet([0x30...0x39, 0x41...0x46, 0x61...0x66])
        case "Assigned": category("Cn")?.inverted
        case "Alphabetic", "Alpha": collected(\.isAlphabetic)
        case "Lowercase", "Lower": collected(\.isLowercase)
        case "Uppercase", "Upper": collected(\.isUppercase)
        case "White_Space", "space": collected(\.isWhitespace)
        case "Ideographic", "Ideo": collected(\.isIdeographic)
        default: nil
        }
    }

    private static let han = ScalarSet([
        0x2E80...0x2E99, 0x2E9B...0x2EF3, 0x2F00...0x2FD5, 0x3005...0x3005, 0x3007...0x3007, 0x3021...0x3029,
        0x3038...0x303B, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xF900...0xFA6D, 0xFA70...0xFAD9, 0x16FE2...0x16FE3,
        0x16FF0...0x16FF1, 0x20000...0x2A6DF, 0x2A700...0x2B739, 0x2B740...0x2B81D, 0x2B820...0x2CEA1,
        0x2CEB0...0x2EBE0, 0x2EBF0...0x2EE5D, 0x2F800...0x2FA1D, 0x30000...0x3134A, 0x31350...0x323AF,
    ])

    /// The scalars for which a property holds.
    private static func collected(_ property: (Unicode.Scalar.Properties) -> Bool) -> ScalarSet {
        ScalarSet(runs { property($0.properties) }.filter(\.value).map(\.range))
    }

    /// All scalars, cut where the general category changes; surrogates are none.
    private static let assigned: [(range: ClosedRange<UInt32>, category: Unicode.GeneralCategory)] =
        runs { $0.properties.generalCategory }.map { ($0.range, $0.value) }

    /// All scalars, cut where the value of a function changes. Planes 4 to 13 hold nothing and are asked once.
    private static func runs<Value: Equatable>(
        _ value: (Unicode.Scalar) -> Value
    ) -> [(range: ClosedRange<UInt32>, value: Value)] {
        var result: [(range: ClosedRange<UInt32>, value: Value)] = []
        func append(_ range: ClosedRange<UInt32>, _ value: Value) {
            if let last = result.last, last.value == value, last.range.upperBound + 1 == range.lowerBound {
                result[result.count - 1].range = last.range.lowerBound...range.upperBound
            } else {
                result.append((range, value))
            }
        }
        for code in 0...ScalarSet.largest where code < 0x40000 || code >= 0xE0000 {
            guard let scalar = Unicode.Scalar(code) else { continue }
            if code == 0xE0000, let empty = Unicode.Scalar(UInt32(0x40000)) { append(0x40000...0xDFFFF, value(empty)) }
            append(code...code, value(scalar))
        }
        return result
    }

    private static let categories: [String: Set<Unicode.GeneralCategory>] = {
        let single: [(Unicode.GeneralCategory, [String])] = [
            (.uppercaseLetter, ["Lu", "Uppercase_Letter"]), (.lowercaseLetter, ["Ll", "Lowercase_Letter"]),
            (.titlecaseLetter, ["Lt", "Titlecase_Letter"]), (.modifierLetter, ["Lm", "Modifier_Letter"]),
            (.otherLetter, ["Lo", "Other_Letter"]), (.nonspacingMark, ["Mn", "Nonspacing_Mark"]),
            (.spacingMark, ["Mc", "Spacing_Mark"]), (.enclosingMark, ["Me", "Enclosing_Mark"]),
            (.decimalNumber, ["Nd", "Decimal_Number", "digit"]), (.letterNumber, ["Nl", "Letter_Number"]),
            (.otherNumber, ["No", "Other_Number"]), (.connectorPunctuation, ["Pc", "Connector_Punctuation"]),
            (.dashPunctuation, ["Pd", "Dash_Punctuation"]), (.openPunctuation, ["Ps", "Open_Punctuation"]),
            (.closePunctuation, ["Pe", "Close_Punctuation"]), (.initialPunctuation, ["Pi", "Initial_Punctuation"]),
            (.finalPunctuation, ["Pf", "Final_Punctuation"]), (.otherPunctuation, ["Po", "Other_Punctuation"]),
            (.mathSymbol, ["Sm", "Math_Symbol"]), (.currencySymbol, ["Sc", "Currency_Symbol"]),
            (.modifierSymbol, ["Sk", "Modifier_Symbol"]), (.otherSymbol, ["So", "Other_Symbol"]),
            (.spaceSeparator, ["Zs", "Space_Separator"]), (.lineSeparator, ["Zl", "Line_Separator"]),
            (.paragraphSeparator, ["Zp", "Paragraph_Separator"]), (.control, ["Cc", "Control", "cntrl"]),
            (.format, ["Cf", "Format"]), (.privateUse, ["Co", "Private_Use"]), (.unassigned, ["Cn", "Unassigned"]),
        ]
        let groups = [
            "L": ["Letter"], "M": ["Mark", "Combining_Mark"], "N": ["Number"], "P": ["Punctuation", "punct"],
            "S": ["Symbol"], "Z": ["Separator"], "C": ["Other"],
        ]
        var result: [String: Set<Unicode.GeneralCategory>] = [:]
        for (category, names) in single {
            for name in names { result[name] = [category] }
            let letter = String(names[0].prefix(1))
            for name in [letter] + groups[letter, default: []] { result[name, default: []].insert(category) }
        }
        result["LC"] = [.uppercaseLetter, .lowercaseLetter, .titlecaseLetter]
        result["Cased_Letter"] = result["LC"]
        return result
    }()
}
