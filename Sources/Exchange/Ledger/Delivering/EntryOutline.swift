package import EventLog

/// That an entry is there for a reader, and what it is about; nothing of what is in it.
package struct EntryOutline: Sendable, Hashable {
    package let position: Position
    /// The tags as the entry carries them; none of a stub.
    package let tags: [Tag]
    /// Whether the reader is given no more of it than that it is there.
    package let isStub: Bool
}

/// What there is for a reader in a stretch of the log.
package struct EntryOutlines: Sendable, Hashable {
    package let entries: [EntryOutline]
    /// Up to where was looked.
    package let next: Position
    /// How many entries the log had.
    package let head: Position
}
