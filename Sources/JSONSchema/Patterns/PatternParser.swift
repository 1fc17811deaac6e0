/// A parser of regular expressions as ECMA-262 writes them with the flag `u` (section 22.2.1, without annex B).
///
/// What needs backtracking is refused: back-references and looking ahead or behind. That a repetition is lazy makes no
/// difference to whether a text matches, so it is accepted.
struct PatternParser {
    private static let maximumDepth = 64
    /// A count of a repetition that no program can hold.
    static let largestCount = 1 << 20
    static let syntaxCharacters: Set<Unicode.Scalar> = [
        "^", "$", "\\", ".", "*", "+", "?", "(", ")", "[", "]", "{", "}", "|", "/",
    ]

    private let text: [Unicode.Scalar]
    var at = 0
    private var depth = 0

    private init(_ text: String) {
        self.text = Array(text.unicodeScalars)
    }

    /// Parses a whole regular expression.
    static func parse(_ text: String) throws(PatternError) -> PatternNode {
        var parser = PatternParser(text)
        let node = try parser.alternation()
        guard parser.peek == nil else { throw parser.malformed("a parenthesis that closes nothing") }
        return node
    }

    var peek: Unicode.Scalar? { at < text.count ? text[at] : nil }

    /// Moves past a scalar if it comes next.
    mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard peek == scalar else { return false }
        at += 1
        return true
    }

    /// Moves past a text if it comes next.
    private mutating func take(_ expected: String) -> Bool {
        guard text[at...].starts(with: expected.unicodeScalars) else { return false }
        at += expected.unicodeScalars.count
        return true
    }

    func malformed(_ reason: String) -> PatternError { PatternError(.malformed, reason, at: at) }

    private mutating func alternation() throws(PatternError) -> PatternNode {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.maximumDepth else {
            throw PatternError(.tooLarge, "more than \(Self.maximumDepth) groups in one another", at: at)
        }
        var choices = [try sequence()]
        while take("|" as Unicode.Scalar) { choices.append(try sequence()) }
        return choices.count == 1 ? choices[0] : .alternation(choices)
    }

    private mutating func sequence() throws(PatternError) -> PatternNode {
        var nodes: [PatternNode] = []
        while let next = peek, next != "|", next != ")" {
            let (node, isAtom) = try term()
            nodes.append(isAtom ? try repetition(of: node) : node)
        }
        return nodes.count == 1 ? nodes[0] : nodes.isEmpty ? .empty : .sequence(nodes)
    }

    /// An assertion or an atom, and whether it may be repeated.
    private mutating func term() throws(PatternError) -> (PatternNode, isAtom: Bool) {
        guard let next = peek else { return (.empty, false) }
        switch next {
        case "^":
            at += 1
            return (.assertion(.start), false)
        case "$":
            at += 1
            return (.assertion(.end), false)
        case "(":
            return (try group(), true)
        case ".":
            at += 1
            return (.set(ScalarSet.lineTerminator.inverted), true)
        case "[":
            at += 1
            return (.set(try characterClass()), true)
        case "\\":
            at += 1
            if take("b" as Unicode.Scalar) { return (.assertion(.wordBoundary), false) }
            if take("B" as Unicode.Scalar) { return (.assertion(.noWordBoundary), false) }
            return (.set(try escape(inClass: false)), true)
        case "*", "+", "?", "{":
            throw malformed("a repetition of nothing")
        case "]", "}":
            throw malformed("a bracket that closes nothing; write a backslash before it")
        default:
            at += 1
            return (.set(ScalarSet(next.value)), true)
        }
    }

    private mutating func group() throws(PatternError) -> PatternNode {
        let start = at
        at += 1
        if take("?" as Unicode.Scalar) {
            for sign in ["=", "!", "<=", "<!"] where take(sign) {
                throw PatternError(
                    .unsupported, "looking ahead or behind, which takes more than linear time,", at: start)
            }
            if take("<" as Unicode.Scalar) {
                try groupName()
            } else if !take(":" as Unicode.Scalar) {
                throw malformed("a group of an unknown kind")
            }
        }
        let node = try alternation()
        guard take(")" as Unicode.Scalar) else {
            throw PatternError(.malformed, "a group that is not closed", at: start)
        }
        return node
    }

    private mutating func groupName() throws(PatternError) {
        let start = at
        while let next = peek, next != ">" {
            let isFirst = at == start
            guard
                next == "$" || next == "_" || (isFirst ? next.properties.isIDStart : next.properties.isIDContinue)
            else { throw malformed("a group's name that is no identifier") }
            at += 1
        }
        guard at > start, take(">" as Unicode.Scalar) else { throw malformed("a group's name that does not end") }
    }

    private mutating func repetition(of node: PatternNode) throws(PatternError) -> PatternNode {
        let counts: (Int, Int?)
        switch peek {
        case "*": counts = (0, nil)
        case "+": counts = (1, nil)
        case "?": counts = (0, 1)
        case "{":
            at += 1
            counts = try bounds()
        default: return node
        }
        at += 1
        _ = take("?" as Unicode.Scalar)
        return .repetition(node, minimum: counts.0, maximum: counts.1)
    }

    /// The bounds in braces; stops before the closing brace.
    private mutating func bounds() throws(PatternError) -> (Int, Int?) {
        guard let minimum = decimal() else {
            throw malformed("braces that hold no count; write a backslash before them")
        }
        var maximum: Int? = minimum
        if take("," as Unicode.Scalar) { maximum = decimal() }
        guard peek == "}" else { throw malformed("a count that is not closed") }
        if let maximum, maximum < minimum { throw malformed("a count whose maximum is below its minimum") }
        return (minimum, maximum)
    }

    private mutating func decimal() -> Int? {
        var value: Int?
        while let next = peek, let digit = next.value >= 0x30 && next.value <= 0x39 ? Int(next.value - 0x30) : nil {
            value = min((value ?? 0) * 10 + digit, Self.largestCount)
            at += 1
        }
        return value
    }
}
