package import EventLog
package import Exchange
internal import JSON

/// Reads drafts from input: one CloudEvent, an array of them, or one a line; or drafts with agency and tags,
/// `{"agency":…,"tags":[…],"event":{…}}`, as `sanhu sample` writes them and `sanhu read` prints them.
package struct DraftReader {
    /// What is given to events that do not say it themselves.
    package struct Defaults {
        package let agency: String
        package let tags: [Tag]
        /// Whether events may be handed in that their agency sealed and signed itself.
        package var takesSealed: Bool

        package init(agency: String, tags: [Tag], takesSealed: Bool = false) {
            (self.agency, self.tags, self.takesSealed) = (agency, tags, takesSealed)
        }
    }

    private let defaults: Defaults

    package init(_ defaults: Defaults) {
        self.defaults = defaults
    }

    /// The most bytes of a JSON text that is not a line of its own.
    package static let maximumBytes = 64 << 20

    /// A draft of one JSON value, or what keeps it from being one: it is not JSON, or says something of itself that
    /// cannot be.
    package func draft(_ bytes: [UInt8]) -> Result<EventDraft, LogError> {
        Result { () throws(LogError) in
            let document = try Self.parse(bytes)
            return try draft(document.root, document)
        }
    }

    /// Whether a text is one JSON value.
    package func isValue(_ bytes: [UInt8]) -> Bool {
        (try? Self.parse(bytes)) != nil
    }

    /// The drafts of a text that is one value: an object, or an array of objects.
    package func drafts(_ bytes: [UInt8]) -> [Result<EventDraft, LogError>] {
        do throws(LogError) {
            let root = try Self.parse(bytes).root
            guard root.kind == .array else { return [Result { () throws(LogError) in try draft(root, root.document) }] }
            return root.elements.map { element in
                Result { () throws(LogError) in try draft(element, nil) }
            }
        } catch {
            return [.failure(error)]
        }
    }

    /// What may stand beside an event: what `sanhu read` prints, so that its lines can be appended elsewhere.
    private static let memberNames: Set = ["position", "recorded", "agency", "tags", "event"]
    /// What beside these comes with an event that its agency sealed and signed itself.
    private static let sealedNames: Set = ["disclosures", "signature"]

    private static func parse(_ bytes: [UInt8]) throws(LogError) -> JSONDocument {
        do throws(JSONError) {
            return try JSONDocument(parsing: bytes, limits: .init(maximumBytes: maximumBytes))
        } catch {
            throw LogError(.invalidJSON, "This is not JSON that the ledger accepts: \(error).")
        }
    }

    /// - Parameter document: Of the value, if it has one of its own.
    private func draft(_ root: JSONValue, _ document: JSONDocument?) throws(LogError) -> EventDraft {
        guard let event = root["event"], root["specversion"] == nil else {
            return draft(of: root, document)
        }
        let known = defaults.takesSealed ? Self.memberNames.union(Self.sealedNames) : Self.memberNames
        for (name, _) in root.members where !known.contains(name) {
            let hint =
                Self.sealedNames.contains(name)
                ? "what is sealed and signed is for ledgers with a charter, by --as"
                : "known are agency, tags and event"
            throw LogError(.invalidEvent, "“\(name.prefix(64))” cannot stand beside “event”: \(hint).")
        }
        var draft = draft(of: event, nil)
        if let agency = root["agency"] {
            guard let name = agency.string else { throw LogError(.invalidAgency, "“agency” is a string.") }
            draft.agency = name
        }
        for text in try Self.strings("tags", root, .invalidTag) { draft.tags.append(try Tag(text)) }
        draft.disclosures = try Self.strings("disclosures", root, .invalidEvent).map { Array($0.utf8) }
        if let signature = root["signature"] {
            guard let text = signature.string else { throw LogError(.invalidEvent, "“signature” is a string.") }
            draft.signature = text
        }
        return draft
    }

    /// The draft of an event, parsed but once where that can be.
    private func draft(of event: JSONValue, _ document: JSONDocument?) -> EventDraft {
        guard let parsed = document ?? JSONDocument(extracting: event) else {
            return EventDraft(agency: defaults.agency, tags: defaults.tags, event: Array(event.text))
        }
        return EventDraft(agency: defaults.agency, tags: defaults.tags, parsed: parsed)
    }

    private static func strings(
        _ name: String, _ root: JSONValue, _ code: LogError.Code
    ) throws(LogError) -> [String] {
        guard let array = root[name] else { return [] }
        let texts = array.elements.compactMap(\.string)
        guard array.kind == .array, texts.count == array.elements.count else {
            throw LogError(code, "“\(name)” is an array of strings.")
        }
        return texts
    }
}

extension AgencyEvent {
    /// The event that a draft hands in: with a signature it is one that the agency sealed itself.
    ///
    /// - Throws: ``ExchangeError`` with code `.wrongSignature`.
    package init(_ draft: EventDraft) throws(ExchangeError) {
        var handOver: HandOver?
        if draft.signature != nil || !draft.disclosures.isEmpty {
            handOver = .init(disclosures: draft.disclosures, signature: try AgencySignature(draft.signature ?? ""))
        }
        self.init(draft, handOver: handOver)
    }
}
