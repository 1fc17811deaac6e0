/// Classes of characters and escapes.
extension PatternParser {
    /// A class in brackets; `at` stands after the opening one.
    mutating func characterClass() throws(PatternError) -> ScalarSet {
        let isInverted = take("^" as Unicode.Scalar)
        var ranges: [ClosedRange<UInt32>] = []
        while let next = peek, next != "]" {
            let first = try classAtom()
            guard peek == "-" else {
                ranges += first.ranges
                continue
            }
            at += 1
            guard peek != "]" else {
                ranges += first.ranges
                ranges.append(0x2D...0x2D)
                continue
            }
            let last = try classAtom()
            guard let low = first.single, let high = last.single else {
                throw malformed("a range of characters that begins or ends with a class")
            }
            guard low <= high else { throw malformed("a range of characters that ends before it begins") }
            ranges.append(low...high)
        }
        guard take("]" as Unicode.Scalar) else { throw malformed("a class of characters that is not closed") }
        let set = ScalarSet(ranges)
        return isInverted ? set.inverted : set
    }

    private mutating func classAtom() throws(PatternError) -> ScalarSet {
        guard let next = peek else { throw malformed("a class of characters that is not closed") }
        at += 1
        return next == "\\" ? try escape(inClass: true) : ScalarSet(next.value)
    }

    /// What an escape matches; `at` stands after the backslash.
    mutating func escape(inClass: Bool) throws(PatternError) -> ScalarSet {
        guard let letter = peek else { throw malformed("a backslash at the end") }
        at += 1
        switch letter {
        case "d": return .digit
        case "D": return ScalarSet.digit.inverted
        case "w": return .word
        case "W": return ScalarSet.word.inverted
        case "s": return .space
        case "S": return ScalarSet.space.inverted
        case "p": return try property()
        case "P": return try property().inverted
        case "t": return ScalarSet(0x09)
        case "n": return ScalarSet(0x0A)
        case "v": return ScalarSet(0x0B)
        case "f": return ScalarSet(0x0C)
        case "r": return ScalarSet(0x0D)
        case "b" where inClass: return ScalarSet(0x08)
        case "-" where inClass: return ScalarSet(0x2D)
        case "0":
            if let next = peek, next.value >= 0x30, next.value <= 0x39 { throw malformed("an octal escape") }
            return ScalarSet(0)
        case "1", "2", "3", "4", "5", "6", "7", "8", "9":
            guard !inClass else { throw malformed("an octal escape") }
            throw PatternError(.unsupported, "a back-reference, which takes more than linear time,", at: at - 2)
        case "k" where !inClass:
            throw PatternError(.unsupported, "a back-reference, which takes more than linear time,", at: at - 2)
        case "c":
            guard let control = peek, control.isASCII, control.properties.isAlphabetic else {
                throw malformed("an escape of a control character without its letter")
            }
            at += 1
            return ScalarSet(control.value & 0x1F)
        case "x": return ScalarSet(try hexadecimal(digits: 2))
        case "u": return ScalarSet(try unicodeEscape())
        case _ where Self.syntaxCharacters.contains(letter): return ScalarSet(letter.value)
        default:
            at -= 1
            throw malformed("the escape \\\(letter), which means nothing,")
        }
    }

    private mutating func unicodeEscape() throws(PatternError) -> UInt32 {
        if take("{" as Unicode.Scalar) {
            var value: UInt32 = 0
            let start = at
            while let digit = peek.flatMap({ Character($0).hexDigitValue }), peek?.isASCII == true {
                value = min(value << 4 | UInt32(digit), ScalarSet.largest + 1)
                at += 1
            }
            guard at > start, value <= ScalarSet.largest, take("}" as Unicode.Scalar) else {
                throw malformed("an escape that is no code point")
            }
            return value
        }
        let high = try hexadecimal(digits: 4)
        let afterHigh = at
        // Two escapes of surrogates are one character; one alone stands for a surrogate, which no text holds.
        if high & 0xFC00 == 0xD800, take("\\" as Unicode.Scalar), take("u" as Unicode.Scalar),
            let low = try? hexadecimal(digits: 4), low & 0xFC00 == 0xDC00
        {
            return 0x10000 + (high & 0x3FF) << 10 + (low & 0x3FF)
        }
        at = afterHigh
        return high
    }

    private mutating func hexadecimal(digits: Int) throws(PatternError) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<digits {
            guard let next = peek, next.isASCII, let digit = Character(next).hexDigitValue else {
                throw malformed("an escape with too few hexadecimal digits")
            }
            value = value << 4 | UInt32(digit)
            at += 1
        }
        return value
    }

    /// The set of a property; `at` stands after the `p`.
    private mutating func property() throws(PatternError) -> ScalarSet {
        guard take("{" as Unicode.Scalar) else { throw malformed("a property without braces") }
        let start = at
        var parts = [""]
        while let next = peek, next != "}" {
            if next == "=" { parts.append("") } else { parts[parts.count - 1].unicodeScalars.append(next) }
            at += 1
        }
        guard parts.count <= 2, take("}" as Unicode.Scalar) else { throw malformed("a property that is not closed") }
        guard let set = UnicodeProperties.set(name: parts[0], value: parts.count == 2 ? parts[1] : nil) else {
            throw PatternError(.unsupported, "the property “\(parts.joined(separator: "="))”, unknown here,", at: start)
        }
        return set
    }
}

extension ScalarSet {
    /// The only scalar of the set, or nil if it has more.
    fileprivate var single: UInt32? {
        ranges.count == 1 && ranges[0].count == 1 ? ranges[0].lowerBound : nil
    }
}
