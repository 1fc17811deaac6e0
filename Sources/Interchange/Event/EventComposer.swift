import EventLog
import JSON

/// Puts a CloudEvents 1.0 event together. Members come in a fixed order, so equal input gives equal bytes.
struct EventComposer {
    let template: EventTemplate
    let id: String
    let subject: String

    /// When it happened, RFC 3339; nil if the input does not tell.
    let time: String?

    /// The id of the event that caused it, of the same source; nil if none is known.
    var causation: String? = nil

    /// Makes the draft.
    ///
    /// - Throws: ``Refusal`` if the event breaks ``EventLimits``.
    /// - Complexity: O(*n*) in the size of the data.
    func draft(tags: [Tag], data: DataRecord) throws(Refusal) -> EventDraft {
        try draft(tags: tags) { data.write(to: &$0) }
    }

    /// Makes the draft of data that is written straight to JSON: the closure writes one value, an object.
    ///
    /// - Throws: ``Refusal`` if the event breaks ``EventLimits``.
    /// - Complexity: O(*n*) in the size of the data.
    func draft(tags: [Tag], writing data: (inout JSONWriter) -> Void) throws(Refusal) -> EventDraft {
        guard id.utf8.count <= EventLimits.idBytes else {
            throw Refusal(
                "its reference makes an id of \(id.utf8.count) bytes, over the limit of \(EventLimits.idBytes)")
        }
        guard subject.utf8.count <= EventLimits.subjectBytes else {
            throw Refusal(
                "names its object in \(subject.utf8.count) bytes, over the limit of \(EventLimits.subjectBytes)")
        }
        guard !Self.holdsControl(id), !Self.holdsControl(subject) else {
            throw Refusal("has a reference with a control character or a line break inside")
        }
        var writer = JSONWriter(reservingCapacity: 1024)
        writer.object { writer in
            writer.member("specversion", "1.0")
            writer.member("id", id)
            writer.key("source")
            writer.raw(template.sourceText)
            writer.key("type")
            writer.raw(template.typeText)
            writer.member("subject", subject)
            if let time { writer.member("time", time) }
            if let causation { writer.member("causationid", causation) }
            writer.member("datacontenttype", "application/json")
            writer.key("dataschema")
            writer.raw(template.schemaText)
            writer.key("data")
            data(&writer)
        }
        let event = writer.bytes
        guard event.count <= EventLimits.eventBytes else {
            throw Refusal("makes an event of \(event.count) bytes, over the limit of \(EventLimits.eventBytes)")
        }
        return EventDraft(agency: template.producer.agency, tags: tags, event: event)
    }

    private static func holdsControl(_ text: String) -> Bool {
        text.utf8.contains { $0 < 0x20 || $0 == 0x7F }
    }
}
