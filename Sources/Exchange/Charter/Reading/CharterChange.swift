import JSON

/// One change of an amendment: to say something of a thing, anew or otherwise than before, or to end it.
struct CharterChange: Sendable, Hashable {
    enum Content: Sendable, Hashable {
        case put(CharterValue)
        case end(CharterEnding)
    }

    private enum Operation: String, CaseIterable {
        case put, end
    }

    let content: Content
    /// Where its value stands in the data of its event.
    let pointer: String

    /// What a founding charter says, which is put like everything later.
    init(putting value: CharterValue, at pointer: String) {
        content = .put(value)
        self.pointer = pointer
    }

    /// Reads `{"op":…,"kind":…,"value":…}`.
    init(_ value: JSONValue, at pointer: String) throws(ExchangeError) {
        let object = try CharterObject(value, at: pointer, ["op", "kind", "value"])
        let operation = try object.word("op", Operation.self, of: Operation.allCases)
        let kind = try object.word("kind", CharterKind.self, of: CharterKind.allCases)
        let value = try object.required("value")
        self.pointer = object.path("value")
        content =
            switch operation {
            case .put: .put(try CharterValue(kind, value, at: self.pointer))
            case .end: .end(try CharterEnding(kind, value, at: self.pointer))
            }
    }

    var kind: CharterKind {
        switch content {
        case .put(let value): value.kind
        case .end(let ending): ending.kind
        }
    }

    var name: CharterPartName {
        switch content {
        case .put(let value): value.partName
        case .end(let ending): ending.name
        }
    }

    /// Checks that changes are about different things: two words on one thing at one time would leave open which counts.
    static func checkDistinct(_ changes: [CharterChange]) throws(ExchangeError) {
        var seen: [CharterKind: Set<CharterPartName>] = [:]
        for change in changes where !seen[change.kind, default: []].insert(change.name).inserted {
            throw CharterObject.malformed(
                change.pointer, "speaks of the \(change.kind.rawValue) “\(change.name)” again: say it once")
        }
    }
}
