import EventLog
import Exchange
import TestSupport

/// A query, matched against what events say of themselves for all to see.
struct NaiveQuery: CustomStringConvertible {
    private struct Item {
        var types: [String] = []
        var tags: [EventLog.Tag] = []
    }

    private var items: [Item] = []

    /// How many entries one by types alone is asked of: it matches many.
    private static let window = 200

    /// A query by chance that has something to do with some entries: with their types, their tags, or what an event that is
    /// sealed as a whole would be found by.
    init(of entries: [NaivePort.Entry], persons: [EventLog.Tag], _ dice: inout Dice) {
        for _ in 0..<1 + dice.below(3) {
            // Half of them from the end, where there is a little of everything.
            let entry = dice.pick(dice.oneIn(2) ? entries : Array(entries.suffix(120)))
            var item = Item()
            for tag in entry.readable.tags where dice.oneIn(2) { item.tags.append(tag) }
            if dice.oneIn(4) { item.types.append(entry.type) }
            if dice.oneIn(4) { item.types.append(dice.pick(entries).type) }
            if dice.oneIn(5) { item.tags = [dice.pick(persons)] }
            if dice.oneIn(8), let tag = try? EventLog.Tag("declaration:\(dice.below(10))") { item.tags = [tag] }
            if item.tags.isEmpty, item.types.isEmpty { item.types = [entry.type] }
            items.append(item)
        }
    }

    var query: Query { Query(items.map { Query.Item(types: $0.types, tags: $0.tags) }) }
    var tags: [EventLog.Tag] { items.flatMap(\.tags) }
    var description: String { items.map { "\($0.types) \($0.tags)" }.joined(separator: " | ") }

    /// The entries that it is asked of.
    func part(of entries: [NaivePort.Entry], _ dice: inout Dice) -> ArraySlice<NaivePort.Entry> {
        guard items.contains(where: \.tags.isEmpty), entries.count > Self.window else { return entries[...] }
        let start = dice.oneIn(2) ? entries.count - Self.window : dice.below(entries.count - Self.window)
        return entries[start..<start + Self.window]
    }

    /// - Parameter mayLook: Whether the reader may look for what a tag names.
    func matches(_ entry: NaivePort.Entry, _ mayLook: (EventLog.Tag) -> Bool) -> Bool {
        items.contains { item in
            (item.types.isEmpty || item.types.contains(entry.type))
                && item.tags.allSatisfy { entry.readable.tags.contains($0) && mayLook($0) }
        }
    }
}
