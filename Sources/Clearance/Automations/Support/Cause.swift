internal import EventLog
internal import JSON
internal import Views

/// The event of which something is the consequence, as it is kept and named.
struct Cause: Sendable, Hashable {
    let identity: EventIdentity
    let type: String
    let agency: String
    let recorded: Timestamp
    let position: Position

    init(_ event: LedgerEvent) {
        identity = event.identity
        type = event.type
        agency = event.agency
        recorded = event.recorded
        position = event.position
    }

    init?(_ stored: JSONValue?) {
        guard let stored, let source = stored.text("source"), let id = stored.text("id"),
            let type = stored.text("type"), let agency = stored.text("agency"),
            let recorded = stored.time("recorded"),
            let position = stored["position"]?.integer.flatMap({ Position(exactly: $0) })
        else { return nil }
        identity = EventIdentity(source: source, id: id)
        self.type = type
        self.agency = agency
        self.recorded = recorded
        self.position = position
    }

    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("source", identity.source)
            writer.member("id", identity.id)
            writer.member("type", type)
            writer.member("agency", agency)
            writer.member("recorded", recorded.microseconds)
            writer.member("position", Int64(position))
        }
    }
}
