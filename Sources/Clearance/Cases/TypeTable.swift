internal import LMDB

/// What is known of types of events, found by the type as UTF-8 without a copy.
struct TypeTable<Element: Sendable>: Sendable {
    /// By how many bytes their types have.
    private let byLength: [[(type: [UInt8], element: Element)]]

    init(_ elements: [Element], type: (_ element: Element) -> [UInt8]) {
        let all = elements.map { (type: type($0), element: $0) }
        let longest = all.map(\.type.count).max() ?? 0
        byLength = (0...longest).map { length in all.filter { $0.type.count == length } }
    }

    /// What is known of a type; nil if nothing is.
    subscript(type: Span<UInt8>) -> Element? {
        guard byLength.indices.contains(type.count) else { return nil }
        for known in byLength[type.count] {
            let name = known.type
            if name.span.isEqual(to: type) { return known.element }
        }
        return nil
    }
}
