internal import EventLog

/// An event that was looked at, so that those who decide by it after one another look at it once.
final class EventForm: Sendable {
    let parsed: ParsedEvent
    /// What is to be sealed of it, if that was found out.
    let sealing: Sealing?

    /// What is to be sealed of an event, by the schema and the charter of a time.
    final class Sealing: Sendable {
        private let schema: EventSchema
        private let charter: Position
        let event: SealableEvent

        /// - Parameter charter: The position of the charter's last event.
        /// - Throws: As ``SealableEvent``.
        init(
            _ event: ParsedEvent, agency: String, _ schema: EventSchema, _ kinds: Set<String>, charter: Position
        ) throws(ExchangeError) {
            (self.schema, self.charter) = (schema, charter)
            self.event = try SealableEvent(
                event.document, agency: agency, tags: event.tags, plan: schema.plan, personalKinds: kinds)
        }

        /// Whether the same would be found by others.
        func holds(_ schema: EventSchema, charter: Position) -> Bool {
            self.schema === schema && self.charter == charter
        }
    }

    init(_ parsed: ParsedEvent, _ sealing: Sealing? = nil) {
        (self.parsed, self.sealing) = (parsed, sealing)
    }

    /// What was found out about an event already, or else is now.
    ///
    /// - Throws: As ``ParsedEvent/init(_:with:)``.
    static func of(_ event: AgencyEvent, with parser: inout ParsedEvent.Parser) throws(ExchangeError) -> EventForm {
        if let form = event.form { return form }
        return EventForm(try ParsedEvent(event, with: &parser))
    }
}
