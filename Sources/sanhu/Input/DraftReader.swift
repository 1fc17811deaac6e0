import EventLog
import Foundation
import JSON

/// Reads drafts from input: one CloudEvent, an array of them, or one a line; or drafts with agency and tags,
/// `{"agency":…,"tags":[…],"event":{…}}`, as `sanhu sample` writes them and `sanhu read` prints them.
struct DraftReader {
    /// What is given to events that do not say it themselves.
    struct Defaults {
        let agency: String
        let tags: [Tag]
    }

    private let defaults: Defaults

    init(_ defaults: Defaults) {
        self.defaults = defaults
    }

    /// A draft of one JSON value.
    ///
    /// - Throws: ``LogError`` if it is not JSON, or says something of itself that cannot be.
    func draft(_ bytes: [UInt8]) throws(LogError) -> EventDraft {
        try draft(Self.parse(bytes).root, bytes)
    }

    /// The drafts of a text that is one value: an object, or an array of objects.
    func drafts(_ bytes: [UInt8]) throws(LogError) -> [EventDraft] {
        let root = try Self.parse(bytes).root
        guard root.kind == .array else { return [try draft(root, bytes)] }
        var drafts: [EventDraft] = []
        for element in root.elements { drafts.append(try draft(element, Array(element.text))) }
        return drafts
    }

    private static func parse(_ bytes: [UInt8]) throws(LogError) -> JSONDocument {
        do throws(JSONError) {
            return try JSONDocument(parsing: bytes, limits: .init(maximumBytes: 64 << 20))
        } catch {
            throw LogError(.invalidJSON, "This is not JSON that the ledger accepts: \(error).")
        }
    }

    private func draft(_ root: JSONValue, _ bytes: [UInt8]) throws(LogError) -> EventDraft {
        guard let event = root["event"], root["specversion"] == nil else {
            return EventDraft(agency: defaults.agency, tags: defaults.tags, event: bytes)
        }
        var tags: [Tag] = []
        for value in root["tags"]?.elements ?? [] {
            guard let text = value.string else { throw LogError(.invalidTag, "A tag is a string.") }
            tags.append(try Tag(text))
        }
        return EventDraft(
            agency: root["agency"]?.string ?? defaults.agency, tags: tags + defaults.tags, event: Array(event.text))
    }
}
