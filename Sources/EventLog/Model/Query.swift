/// Which events: those that match any of its items. A query without items matches every event.
public struct Query: Hashable, Sendable, CustomStringConvertible {
    /// Events of any of some types that carry all of some tags. Without types, of any type; without tags, whatever they
    /// carry.
    public struct Item: Hashable, Sendable, CustomStringConvertible {
        public var types: [String]
        public var tags: [Tag]

        public init(types: [String] = [], tags: [Tag] = []) {
            self.types = types
            self.tags = tags
        }

        /// Whether an event with a type and tags matches. Names are compared by their bytes.
        public func matches(type: String, tags carried: some Collection<Tag>) -> Bool {
            (types.isEmpty || types.contains { $0.utf8.elementsEqual(type.utf8) }) && tags.allSatisfy(carried.contains)
        }

        public var description: String {
            let terms = types.map { Self.quoted("type=" + $0) } + tags.map { Self.quoted($0.text) }
            return terms.isEmpty ? "*" : terms.joined(separator: " ")
        }

        /// A term in quotes if it holds what would end it.
        private static func quoted(_ term: String) -> String {
            term.contains { $0 == " " || $0 == "|" } ? "\"\(term)\"" : term
        }
    }

    public var items: [Item]

    public init(_ items: [Item]) {
        self.items = items
    }

    /// Events of any of some types that carry all of some tags.
    public init(types: [String] = [], tags: [Tag] = []) {
        items = types.isEmpty && tags.isEmpty ? [] : [Item(types: types, tags: tags)]
    }

    /// Every event.
    public static let all = Query([])

    /// Whether the query matches every event.
    public var matchesAll: Bool {
        items.isEmpty || items.contains { $0.types.isEmpty && $0.tags.isEmpty }
    }

    /// Whether an event with a type and tags matches.
    public func matches(type: String, tags: some Collection<Tag>) -> Bool {
        items.isEmpty || items.contains { $0.matches(type: type, tags: tags) }
    }

    /// - Throws: ``LogError`` with code `.limitExceeded` if it has more items or names than ``LogLimits`` allows.
    package func validate() throws(LogError) {
        guard items.count <= LogLimits.itemsPerQuery else {
            throw LogError(
                .limitExceeded, "A query has at most \(LogLimits.itemsPerQuery) items; this has \(items.count).")
        }
        for item in items where item.types.count > LogLimits.namesPerItem || item.tags.count > LogLimits.namesPerItem {
            throw LogError(
                .limitExceeded, "An item of a query has at most \(LogLimits.namesPerItem) types and as many tags.")
        }
    }

    /// The query as the command line writes it: items joined by bars, of terms `type=NAME` and tags; `*` is every event.
    public var description: String {
        items.isEmpty ? "*" : items.map(\.description).joined(separator: " | ")
    }
}
