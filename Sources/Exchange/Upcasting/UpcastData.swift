internal import JSON

/// Data on their way up: what the reader sees of them, and where what it does not see would stand.
struct UpcastData {
    private(set) var tree: DataTree
    /// Where something is withheld or gone; nil once a step has taken it out.
    private(set) var hidden: [JSONPointer?]

    init(_ data: JSONValue, hidden: [JSONPointer]) {
        tree = DataTree(data)
        self.hidden = hidden
    }

    /// Does a step.
    ///
    /// - Throws: ``UpcastRefusal``: `.withheld` or `.failed`.
    mutating func apply(_ step: Upcaster.Step) throws(UpcastRefusal) {
        switch step {
        case .move(let from, let to): try move(from, to)
        case .remove(let pointer):
            _ = tree.remove(at: pointer.tokens[...])
            for index in hidden.indices where isWithin(index, pointer) { hidden[index] = nil }
        case .supply(let pointer, let value):
            guard tree.value(at: pointer.tokens[...]) == nil, !isHidden(pointer) else { return }
            try insert(try Self.tree(value, pointer), pointer)
        case .compute(let pointer, let sources, let function):
            for source in sources + [pointer] { try checkSeen(source) }
            let values = sources.map { tree.value(at: $0.tokens[...])?.text }
            guard let value = function(values) else {
                throw UpcastRefusal(.failed, "“\(pointer)” cannot be computed from these data.", [pointer.description])
            }
            _ = tree.remove(at: pointer.tokens[...])
            try insert(try Self.tree(value, pointer), pointer)
        }
    }

    private mutating func move(_ from: JSONPointer, _ to: JSONPointer) throws(UpcastRefusal) {
        // A value that may be within one that is not seen.
        if let outer = hidden.first(where: { $0.map { Self.is($0, properlyAround: from) } ?? false }) {
            throw Self.withheld([outer])
        }
        let moving = hidden.indices.filter { isWithin($0, from) }
        let value = tree.remove(at: from.tokens[...])
        guard value != nil || !moving.isEmpty else { return }
        // What stays where it is and would be mixed with what comes.
        let rest = hidden.indices.filter { !moving.contains($0) && hidden[$0].map { Self.overlap($0, to) } ?? false }
        guard rest.isEmpty else { throw Self.withheld(rest.map { hidden[$0] }) }
        if let value { try insert(value, to) }
        // The object that something would stand in is there, whoever looks.
        for index in moving where to.tokens.count > 1 && hidden[index] == from {
            let host = JSONPointer(tokens: Array(to.tokens.dropLast()))
            if tree.value(at: host.tokens[...]) == nil { try insert(.object([]), host) }
        }
        for index in moving {
            hidden[index] = hidden[index].map {
                JSONPointer(tokens: to.tokens + $0.tokens.dropFirst(from.tokens.count))
            }
        }
    }

    private mutating func insert(_ value: DataTree, _ pointer: JSONPointer) throws(UpcastRefusal) {
        guard tree.insert(value, at: pointer.tokens[...]) else {
            throw UpcastRefusal(
                .failed, "“\(pointer)” is there already, or would not stand in an object.", [pointer.description])
        }
    }

    private static func tree(_ text: [UInt8], _ pointer: JSONPointer) throws(UpcastRefusal) -> DataTree {
        guard let document = try? JSONDocument(parsing: text) else {
            throw UpcastRefusal(.failed, "What was made for “\(pointer)” is not JSON.", [pointer.description])
        }
        return DataTree(document.root)
    }

    // MARK: What is not seen

    private func checkSeen(_ pointer: JSONPointer) throws(UpcastRefusal) {
        let found = hidden.filter { $0.map { Self.overlap($0, pointer) } ?? false }
        guard found.isEmpty else { throw Self.withheld(found) }
    }

    /// Whether something that is not seen is at a place or around it.
    private func isHidden(_ pointer: JSONPointer) -> Bool {
        hidden.contains { $0.map { $0 == pointer || Self.is($0, properlyAround: pointer) } ?? false }
    }

    private func isWithin(_ index: Int, _ pointer: JSONPointer) -> Bool {
        hidden[index].map { $0 == pointer || Self.is(pointer, properlyAround: $0) } ?? false
    }

    private static func overlap(_ one: JSONPointer, _ other: JSONPointer) -> Bool {
        one == other || `is`(one, properlyAround: other) || `is`(other, properlyAround: one)
    }

    static func `is`(_ outer: JSONPointer, properlyAround inner: JSONPointer) -> Bool {
        outer.tokens.count < inner.tokens.count
            && JSONPointer(tokens: Array(inner.tokens.prefix(outer.tokens.count))) == outer
    }

    private static func withheld(_ pointers: [JSONPointer?]) -> UpcastRefusal {
        UpcastRefusal(
            .withheld, "A step from an older version needs what is withheld or gone.",
            pointers.compactMap { $0?.description })
    }
}
