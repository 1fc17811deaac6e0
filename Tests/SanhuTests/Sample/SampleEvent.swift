import EventLog
import JSON

@testable import sanhu

/// A draft of the sample with its event parsed, for tests to ask.
struct SampleEvent {
    let draft: EventDraft
    let event: JSONValue

    init(_ draft: EventDraft) throws {
        self.draft = draft
        event = try JSONDocument(parsing: draft.event).root
    }

    /// A member of the envelope that is a string, or the empty text.
    func text(_ key: String) -> String { event[key]?.string ?? "" }

    /// A member of the data that is a string, or the empty text.
    func data(_ key: String) -> String { event["data"]?[key]?.string ?? "" }

    /// The type without its prefix.
    var name: String { String(text("type").dropFirst("sanhu.".count)) }

    /// Whether goods are declared, and not persons.
    var isDeclaration: Bool { name == "declaration.lodged" && !tags("declaration").isEmpty }

    /// The values of its tags of a kind.
    func tags(_ kind: String) -> [String] {
        draft.tags.filter { $0.kind == kind }.map { String($0.value) }
    }

    /// All events of a sample.
    static func all(seed: UInt64, declarations: Int) throws -> [SampleEvent] {
        try SampleGenerator(seed: seed, declarations: declarations).makeDrafts().map { try SampleEvent($0) }
    }

    /// The events of each declaration's story, in the order in which they came.
    static func stories(seed: UInt64, declarations: Int) throws -> [String: [SampleEvent]] {
        Dictionary(grouping: try all(seed: seed, declarations: declarations)) { $0.text("correlationid") }
            .filter { $0.key.hasPrefix("sample-\(seed)-d") }
    }
}
