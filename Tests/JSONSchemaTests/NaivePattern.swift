import TestSupport

/// A regular expression as a tree, matched in the most obvious way: by all places where each of its parts may end.
indirect enum NaivePattern {
    case character(Character)
    case any
    case oneOf([Character], isInverted: Bool)
    case sequence([NaivePattern])
    case choice([NaivePattern])
    case repeated(NaivePattern, Int, Int?, isLazy: Bool)
    case start
    case end
    case boundary(isInverted: Bool)

    static let alphabet: [Character] = ["a", "b", "-", "é", "🐲"]

    /// A pattern by chance.
    static func random(_ dice: inout Dice, depth: Int) -> NaivePattern {
        switch dice.below(depth > 0 ? 12 : 6) {
        case 0...2: return .character(dice.pick(alphabet))
        case 3: return .any
        case 4:
            let members = (0..<dice.within(1..<3)).map { _ in dice.pick(alphabet) }
            return .oneOf(members, isInverted: dice.oneIn(2))
        case 5:
            return dice.pick([.start, .end, .boundary(isInverted: false), .boundary(isInverted: true)])
        case 6, 7: return .sequence((0..<dice.below(4)).map { _ in random(&dice, depth: depth - 1) })
        case 8: return .choice((0..<dice.within(1..<4)).map { _ in random(&dice, depth: depth - 1) })
        default:
            let minimum = dice.below(3)
            return .repeated(
                random(&dice, depth: depth - 1), minimum, dice.oneIn(2) ? nil : minimum + dice.below(3),
                isLazy: dice.oneIn(4))
        }
    }

    /// The pattern as ECMA-262 writes it.
    var text: String {
        switch self {
        case .character(let character): String(character)
        case .any: "."
        case .oneOf(let members, let isInverted):
            "[" + (isInverted ? "^" : "") + members.map { $0 == "-" ? "\\-" : String($0) }.joined() + "]"
        case .sequence(let parts): "(?:" + parts.map(\.text).joined() + ")"
        case .choice(let parts): "(" + parts.map(\.text).joined(separator: "|") + ")"
        case .repeated(let part, let minimum, let maximum, let isLazy):
            "(?:" + part.text + ")" + Self.count(minimum, maximum) + (isLazy ? "?" : "")
        case .start: "^"
        case .end: "$"
        case .boundary(let isInverted): isInverted ? "\\B" : "\\b"
        }
    }

    private static func count(_ minimum: Int, _ maximum: Int?) -> String {
        switch (minimum, maximum) {
        case (0, nil): "*"
        case (1, nil): "+"
        case (0, 1): "?"
        case (_, nil): "{\(minimum),}"
        case (_, let maximum?): maximum == minimum ? "{\(minimum)}" : "{\(minimum),\(maximum)}"
        }
    }

    func matches(_ text: [Character]) -> Bool {
        (0...text.count).contains { !ends(text, $0).isEmpty }
    }

    /// Where the pattern may end if it begins at a place.
    private func ends(_ text: [Character], _ at: Int) -> Set<Int> {
        switch self {
        case .character(let character): return at < text.count && text[at] == character ? [at + 1] : []
        case .any: return at < text.count ? [at + 1] : []
        case .oneOf(let members, let isInverted):
            return at < text.count && members.contains(text[at]) != isInverted ? [at + 1] : []
        case .sequence(let parts):
            return parts.reduce([at]) { places, part in Set(places.flatMap { part.ends(text, $0) }) }
        case .choice(let parts): return Set(parts.flatMap { $0.ends(text, at) })
        case .repeated(let part, let minimum, let maximum, _):
            return Self.ends(of: part, minimum, maximum, text, at)
        case .start: return at == 0 ? [at] : []
        case .end: return at == text.count ? [at] : []
        case .boundary(let isInverted):
            let before = at > 0 && Self.isWord(text[at - 1])
            let after = at < text.count && Self.isWord(text[at])
            return (before != after) != isInverted ? [at] : []
        }
    }

    private static func ends(
        of part: NaivePattern, _ minimum: Int, _ maximum: Int?, _ text: [Character], _ at: Int
    ) -> Set<Int> {
        var places: Set<Int> = [at]
        for _ in 0..<minimum { places = Set(places.flatMap { part.ends(text, $0) }) }
        var all = places
        // Beyond as many times as there are places, nothing new is reached.
        for _ in 0..<((maximum ?? minimum + text.count + 1) - minimum) {
            places = Set(places.flatMap { part.ends(text, $0) })
            all.formUnion(places)
        }
        return all
    }

    private static func isWord(_ character: Character) -> Bool { character == "a" || character == "b" }
}
