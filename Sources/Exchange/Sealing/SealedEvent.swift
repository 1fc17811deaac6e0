package import EventLog

/// An event as it is appended: digests in the place of what is classified, and the rows to keep beside it.
package struct SealedEvent: Sendable, Hashable {
    /// The CloudEvent, compact.
    package let event: [UInt8]
    /// One row for each field of the plan, by ordinal; a field's rows are of one size whether or not the event has it.
    package let rows: [[UInt8]]
    /// The tags, sorted, each once.
    package let tags: [Tag]
}
