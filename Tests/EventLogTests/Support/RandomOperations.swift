import EventLog
import TestSupport

/// Random requests and reads over few names, so that they collide often.
struct RandomOperations {
    var dice: Dice

    private static let types = ["t.a", "t.b", "t.c", "t.d"]
    private static let tags = ["box:1", "box:2", "box:3", "row:1", "row:2", "lot:1"]

    mutating func request(head: Position) -> AppendRequest {
        let count = dice.oneIn(12) ? dice.within(8..<30) : dice.within(1..<5)
        let events = (0..<count).map { _ in event(head: head) }
        return AppendRequest(events, conditions: (0..<max(0, dice.within(-3..<4))).map { _ in condition(head: head) })
    }

    /// An event: mostly new, often one there is already, at times one with the id of another.
    private mutating func event(head: Position) -> EventDraft {
        let isKnown = dice.oneIn(4)
        let number = isKnown ? dice.below(Int(head) + 2) : Int(head) * 4 + dice.below(40)
        // What stands under a number follows from it, unless the id is to be used again.
        let content = isKnown && dice.oneIn(3) ? dice.below(1000) : number
        var tags: [String] = []
        for (index, tag) in Self.tags.enumerated() where (content / 7) >> index & 1 == 1 { tags.append(tag) }
        if dice.oneIn(3) { tags.reverse() }
        var data = "{\"n\":\(content),\"s\":\"x\"}"
        if dice.oneIn(4) { data = "{ \"s\" : \"\\u0078\",\"n\":\(content) }" }
        return draft(
            "\(number)", type: Self.types[content % 4], tags: tags, source: content % 2 == 0 ? "//cus" : "//tax",
            data: data)
    }

    private mutating func condition(head: Position) -> AppendCondition {
        let after: Position? =
            switch dice.below(8) {
            case 0: nil
            case 1: head + Position(dice.below(3))
            case 2: Position(dice.below(Int(head) + 1))
            default: head == 0 ? nil : head - 1
            }
        return AppendCondition(noneMatching: query(), after: after)
    }

    mutating func query() -> Query {
        Query(
            (0..<dice.below(4)).map { _ in
                Query.Item(
                    types: (0..<dice.below(3)).map { _ in dice.oneIn(9) ? "t.none" : dice.pick(Self.types) },
                    tags: (0..<dice.below(3)).map { _ in tag(dice.oneIn(9) ? "box:none" : dice.pick(Self.tags)) })
            })
    }

    mutating func range(head: Position) -> ReadRange {
        let from = dice.oneIn(3) ? Position(dice.below(Int(head) + 1)) : 0
        let to = dice.oneIn(3) ? Position(dice.below(Int(head) + 2)) : nil
        return ReadRange(
            from: from, to: to, isBackwards: dice.oneIn(2), limit: dice.oneIn(2) ? dice.below(12) : .max)
    }
}
