import TestSupport

/// Makes up payloads with marks and decoys at random, their names and texts close to what the format reserves.
struct RandomTree {
    var dice: Dice
    private var marks = 0

    init(seed: UInt64) {
        dice = Dice(seed: seed)
    }

    private static let names = [
        "a", "b", "c", "", "_s", "_sd_", "_sdx", "sd", "..", "....", "\"", "\\", "a\"_sd", "{\"...\":\"",
        ",\"_sd\":[\"",
        "{\"_sd", "三互", "é", "e\u{301}", "\n", "_SD", "/", "~1", "0", "_sd_al", "x_sd_alg",
    ]
    private static let scalars = [
        "null", "true", "false", "0", "-1", "12.5", "1e3", "9007199254740991", "\"\"", "\"_sd\"", "\"...\"",
        "\"_sd_alg\"",
        "\"\\\"_sd\\\":[\\\"\"", "\"{\\\"...\\\":\\\"\"", "\"\\u005fsd\"", "\",\"", "\"_\"", "\".\"", "\"三\\u4e92\"",
        "\"\\\\\"", "\"a long text to cross the border of a block of bytes: \\\\\\\"_sd\\\":[\"",
    ]

    /// A payload.
    mutating func payload() -> Tree {
        marks = 0
        return object(depth: 4)
    }

    private mutating func value(depth: Int) -> Tree {
        switch dice.below(depth > 0 ? 6 : 3) {
        case 0...2: .scalar(dice.pick(Self.scalars))
        case 3: array(depth: depth)
        default: object(depth: depth)
        }
    }

    private mutating func item(depth: Int) -> Tree.Item {
        var mark: Int?
        if dice.oneIn(3) {
            mark = marks
            marks += 1
        }
        return Tree.Item(value: value(depth: depth), mark: mark)
    }

    private mutating func decoys() -> Int? { dice.oneIn(4) ? dice.below(4) : nil }

    private mutating func array(depth: Int) -> Tree {
        .array((0..<dice.below(5)).map { _ in item(depth: depth - 1) }, decoys: decoys())
    }

    private mutating func object(depth: Int) -> Tree {
        var members: [Tree.Member] = []
        for _ in 0..<dice.pick([0, 1, 3, 5, 24]) {
            let name = dice.pick(Self.names)
            guard !members.contains(where: { $0.name.utf8.elementsEqual(name.utf8) }) else { continue }
            members.append(Tree.Member(name: name, item: item(depth: depth - 1)))
        }
        return .object(members, decoys: decoys())
    }
}
