/// What a reader is to an entry, as far as decisions go.
struct EntryStanding: Sendable, Hashable {
    /// Its agency appended the entry.
    var isSender = false
    /// The entry names it, if it is a participant or a party.
    var isNamed = false
    /// The entry addresses it; an entry that names it does.
    var isAddressed = false
}
