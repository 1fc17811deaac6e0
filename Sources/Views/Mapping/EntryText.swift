internal import EventLog
internal import Exchange
internal import JSON

/// Entries written anew from what is seen of them.
enum EntryText {
    /// An entry in the form that the log has.
    static func write(_ event: SeenEntry.Event) -> [UInt8] {
        var writer = JSONWriter(reservingCapacity: event.event.count + 256)
        writer.object { writer in
            writer.member("recorded", event.recorded.description)
            writer.member("agency", event.agency)
            writer.key("tags")
            writer.array { writer in for tag in event.tags { writer.string(tag.text) } }
            writer.key("event")
            writer.raw(event.event)
        }
        return writer.bytes
    }
}
