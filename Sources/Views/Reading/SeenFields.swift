internal import Exchange
internal import JSON

/// The fields of an event as a reader sees it, for references to be resolved.
struct SeenFields {
    private let event: SeenEntry.Event
    private let data: JSONValue?

    init(_ event: SeenEntry.Event) {
        self.event = event
        data = (try? JSONDocument(parsing: event.event))?.root["data"]
    }

    /// What a reader is told of a field.
    func value(at pointer: String) -> FactValue {
        let path = FieldPath(pointer)
        if let withheld = event.withheld.first(where: { covers($0.pointer, path) }) {
            return .withheld(withheld.reason)
        }
        if let gone = event.gone.first(where: { covers($0.pointer, path) }) {
            return gone.cause == .erased ? .erased : .lost
        }
        guard let found = JSONPointer(pointer).flatMap({ data?.value(at: $0) }) else { return .missing }
        return .json(Array(found.text))
    }

    /// Whether a marked field is at a place or around it.
    private func covers(_ marked: String, _ path: FieldPath) -> Bool {
        let field = FieldPath(marked)
        return field.tokens.count <= path.tokens.count && field.meets(path)
    }
}
