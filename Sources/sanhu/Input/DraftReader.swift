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

    /// The most bytes of a JSON text that is not a line of its own.
    static let maximumBytes = 64 << 20

    /// A draft of one JSON value, or what keeps it from being one: it is not JSON, or says something of itself that
    /// cannot be.
    func draft(_ bytes: [UInt8]) -> Result<EventDraft, LogError> {
        Result { () throws(LogError) in try draft(Self.parse(bytes).root, bytes) }
    }

    /// Whether a text is one JSON value.
    func isValue(_ bytes: [UInt8]) -> Bool {
        (try? Self.parse(bytes)) != nil
    }

    /// The drafts of a text that is one value: an object, or an array of objects.
    func drafts(_ bytes: [UInt8]) -> [Result<EventDraft, LogError>] {
        do throws(LogError) {
            let root = try Self.parse(bytes).root
            guard root.kind == .array else { return [draft(bytes)] }
            return root.elements.map { element in
                Result { () throws(LogError) in try draft(element, Array(element.text)) }
            }
        } catch {
            return [.failure(error)]
        }
    }

    /// What may stand beside an event: what `sanhu read` prints, so that its lines can be appended elsewhere.
    private static let memberNames: Set = ["position", "recorded", "agency", "tags", "event"]

    private static func parse(_ bytes: [UInt8]) throws(LogError) -> JSONDocument {
        do throws(JSONError) {
            return try JSONDocument(parsing: bytes, limits: .init(maximumBytes: maximumBytes))
        } catch {
            throw LogError(.invalidJSON, "This is not JSON that the ledger accepts: \(error).")
        }
    }

    private func draft(_ root: JSONValue, _ bytes: [UInt8]) throws(LogError) -> EventDraft {
        guard let event = root["event"], root["specversion"] == nil else {
            return EventDraft(agency: defaults.agency, tags: defaults.tags, event: bytes)
        }
        for (name, _) in root.members where !Self.memberNames.contains(name) {
            let hint =
                name == "signature" ? "signed entries cannot be appended yet" : "known are agency, tags and event"
            throw LogError(.invalidEvent, "“\(name.prefix(64))” cannot stand beside “event”: \(hint).")
        }
        var draft = EventDraft(agency: defaults.agency, tags: defaults.tags, event: Array(event.text))
        if let agency = root["agency"] {
            guard let name = agency.string else { throw LogError(.invalidAgency, "“agency” is a string.") }
            draft.agency = name
        }
        if let tags = root["tags"] {
            guard tags.kind == .array else { throw LogError(.invalidTag, "“tags” is an array of strings.") }
            for value in tags.elements {
                guard let text = value.string else { throw LogError(.invalidTag, "A tag is a string.") }
                draft.tags.append(try Tag(text))
            }
        }
        return draft
    }
}
