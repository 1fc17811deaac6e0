internal import EventLog

/// By what a reader is given entries, as it stood when it asked: a value, so that many entries are decided on and opened
/// without a lock, on all cores.
struct ReadingTerms: Sendable {
    /// The reader as the charter confirms it.
    let reader: Reader
    let now: Timestamp
    let charter: Charter
    /// The kinds of tags that are blinded.
    let personalKinds: Set<String>
    let schemas: SchemaShelf
    let policy: DisclosurePolicy
    /// The policy of the earlier time as of which is read, if any: what is given must be open by both.
    let past: DisclosurePolicy?
    /// Those of the reader's agency.
    let grants: [Grant]
}
