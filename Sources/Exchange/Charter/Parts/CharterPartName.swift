/// A name in the charter, or two: an officer is known by its agency and its id. Compared by bytes, since Swift's own
/// comparison of strings takes the Kelvin sign for a K.
struct CharterPartName: Sendable, Hashable, Comparable, CustomStringConvertible {
    let first: Substring
    let second: Substring

    init(_ first: Substring, _ second: Substring = "") {
        self.first = first
        self.second = second
    }

    init(_ first: String, _ second: String = "") {
        self.init(first[...], second[...])
    }

    var description: String { second.isEmpty ? String(first) : "\(first)/\(second)" }

    static func == (left: CharterPartName, right: CharterPartName) -> Bool {
        left.first.utf8.elementsEqual(right.first.utf8) && left.second.utf8.elementsEqual(right.second.utf8)
    }

    // Names with the same bytes have the same hash; that others may have it too costs nothing here.
    func hash(into hasher: inout Hasher) {
        hasher.combine(first)
        hasher.combine(second)
    }

    static func < (left: CharterPartName, right: CharterPartName) -> Bool {
        left.first.utf8.elementsEqual(right.first.utf8)
            ? left.second.utf8.lexicographicallyPrecedes(right.second.utf8)
            : left.first.utf8.lexicographicallyPrecedes(right.first.utf8)
    }
}
