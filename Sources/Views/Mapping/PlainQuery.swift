internal import EventLog
internal import LMDB

/// A query as it is held against entries where they lie.
struct PlainQuery: Sendable {
    private struct Item: Sendable {
        let types: [[UInt8]]
        let tags: [[UInt8]]
    }

    private let items: [Item]
    let matchesAll: Bool

    init(_ query: Query) {
        matchesAll = query.matchesAll
        items = query.items.map { item in
            Item(types: item.types.map { Array($0.utf8) }, tags: item.tags.map { Array($0.text.utf8) })
        }
    }

    /// Whether an entry matches.
    func matches(_ bytes: Span<UInt8>, _ shape: EntryShape, _ scratch: EntryScratch) -> Bool {
        for item in items {
            let isTyped =
                item.types.isEmpty
                || item.types.contains { $0.span.isEqual(to: bytes.extracting(shape.type.range)) }
            guard isTyped else { continue }
            let isTagged = item.tags.allSatisfy { wanted in
                (0..<scratch.tagCount(bytes, shape)).contains { index in
                    wanted.span.isEqual(to: bytes.extracting(scratch.tag(index, bytes, shape)))
                }
            }
            if isTagged { return true }
        }
        return items.isEmpty
    }
}
