package import EventLog
package import JSON

/// An event as it is appended: digests in the place of what is classified, and the rows to keep beside it.
package struct SealedEvent: Sendable, Equatable {
    /// The CloudEvent, compact.
    package let event: [UInt8]
    /// One row for each field of the plan, by ordinal; a field's rows are of one size whether or not the event has it.
    package let rows: [[UInt8]]
    /// The tags, sorted, each once.
    package let tags: [Tag]
    /// The event parsed, where nothing of it had to be sealed.
    package var document: JSONDocument?

    package static func == (left: SealedEvent, right: SealedEvent) -> Bool {
        left.event == right.event && left.rows == right.rows && left.tags == right.tags
    }
}
