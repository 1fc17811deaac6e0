import JSON
import SelectiveDisclosure
import TestSupport

/// A payload as a tree in which each value knows whether it is marked: a model that seals nothing and leaves out what
/// is not disclosed.
indirect enum Tree {
    /// A scalar, as it is written.
    case scalar(String)
    case array([Item], decoys: Int?)
    case object([Member], decoys: Int?)

    struct Item {
        var value: Tree
        /// The number of the mark, or nil.
        var mark: Int?
    }

    struct Member {
        let name: String
        var item: Item
    }

    /// A mark, where it is, and the mark it is within.
    struct Mark {
        let number: Int
        let pointer: JSONPointer
        let parent: Int?
    }

    /// A container with a fixed number of digests.
    struct Padding {
        let pointer: JSONPointer
        let marks: Int
        let decoys: Int
    }

    /// The JSON without what is marked by other numbers than these; all of it for nil. White space is put in by dice.
    func json(showing shown: Set<Int>?, _ dice: inout Dice?) -> String {
        var space: String {
            guard dice?.oneIn(4) == true else { return "" }
            return dice?.pick([" ", "\n", "\t ", "\r\n"]) ?? ""
        }
        func isShown(_ item: Item) -> Bool { item.mark.map { shown?.contains($0) ?? true } ?? true }
        switch self {
        case .scalar(let text):
            return space + text + space
        case .array(let items, _):
            return space + "["
                + items.filter(isShown).map { $0.value.json(showing: shown, &dice) }.joined(separator: ",") + space
                + "]"
        case .object(let members, _):
            return "{"
                + members.filter { isShown($0.item) }.map {
                    space + Self.quoted($0.name) + space + ":" + $0.item.value.json(showing: shown, &dice)
                }.joined(separator: ",") + space + "}" + space
        }
    }

    func json(showing shown: Set<Int>? = nil) -> [UInt8] {
        var dice: Dice?
        return Array(json(showing: shown, &dice).utf8)
    }

    static func quoted(_ name: String) -> String {
        var text = "\""
        for scalar in name.unicodeScalars {
            switch scalar {
            case "\"", "\\": text += "\\" + String(scalar)
            case "\n": text += "\\n"
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text + "\""
    }

    /// All marks; one comes before those within it.
    func marks(at path: [String] = [], within parent: Int? = nil) -> [Mark] {
        children.flatMap { key, item -> [Mark] in
            let own =
                item.mark.map { [Mark(number: $0, pointer: JSONPointer(tokens: path + [key]), parent: parent)] } ?? []
            return own + item.value.marks(at: path + [key], within: item.mark ?? parent)
        }
    }

    /// All containers with decoys.
    func paddings(at path: [String] = []) -> [Padding] {
        let decoys: Int? =
            switch self {
            case .scalar: nil
            case .array(_, let decoys), .object(_, let decoys): decoys
            }
        let marks = children.count { $0.item.mark != nil }
        let own = decoys.map { [Padding(pointer: JSONPointer(tokens: path), marks: marks, decoys: $0)] } ?? []
        return own + children.flatMap { $0.item.value.paddings(at: path + [$0.key]) }
    }

    private var children: [(key: String, item: Item)] {
        switch self {
        case .scalar: []
        case .array(let items, _): items.enumerated().map { (String($0.offset), $0.element) }
        case .object(let members, _): members.map { ($0.name, $0.item) }
        }
    }
}
