import EventLog
import JSON

/// Writes steps down as CloudEvents, with the tags that they are found by.
enum SampleEventWriter {
    /// The draft of a step.
    ///
    /// - Parameters:
    ///   - marksRefusals: Whether an event that a rule refuses says which, by the attribute `refusedby`.
    ///   - isPlayed: Whether the port's automations are at work, which name joint inspections after positions.
    ///   - position: Where the step of a number of the same story stands in the log.
    static func draft(
        _ step: SampleStep, marksRefusals: Bool = false, isPlayed: Bool = false, position: @escaping (Int) -> Position
    ) -> EventDraft {
        let json = JSONWriter(reservingCapacity: 768)
        var data = SampleData(step, into: json, isPlayed: isPlayed, position: position)
        data.object(step.write)
        var writer = JSONWriter(reservingCapacity: data.json.bytes.count + 512)
        writer.object { writer in
            writer.member("specversion", "1.0")
            writer.member("id", step.id)
            writer.member("source", step.source)
            writer.member("type", "sanhu.\(step.name)")
            if let first = data.tags.first, !data.isSealed { writer.member("subject", first.text) }
            writer.member("time", step.time.text)
            writer.member("dataschema", "urn:sanhu:schema:\(step.form):1")
            writer.member("datacontenttype", "application/json")
            writer.member("port", step.story.port.locode)
            writer.member("correlationid", "sample-\(step.story.seed)-\(step.story.name)")
            if let cause = step.cause { writer.member("causationid", step.story.id(cause)) }
            if marksRefusals, case .refused(let rule) = step.role { writer.member("refusedby", rule) }
            writer.key("data")
            writer.raw(data.json.bytes)
        }
        return EventDraft(agency: step.agency.rawValue, tags: data.tags, event: writer.bytes)
    }

    /// Writes a draft as one line of JSON: `{"agency":…,"tags":[…],"event":{…}}`.
    static func writeLine(_ draft: EventDraft, to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("agency", draft.agency)
            writer.key("tags")
            writer.array { writer in
                for tag in draft.tags { writer.string(tag.text) }
            }
            writer.key("event")
            writer.raw(draft.event)
        }
        writer.endLine()
    }
}
