public import EventLog

/// The decision about who may see what.
public enum DisclosureDecision {
    /// Decides what a reader gets of an entry, as the tables of docs/conditional-sharing.md say: the only place where that
    /// is decided. It does not see values, so it is the same for a value, a decoy, an erased and a lost one.
    ///
    /// What is not expressly opened stays closed. For many entries and one reader, use ``DisclosurePolicy``, which gives the
    /// same answers.
    ///
    /// - Parameters:
    ///   - entry: What stands in it for all, and what its schema marks.
    ///   - reader: Who asks, as the charter has confirmed it: one that was no member, or did not hold the role, is
    ///     ``Reader/public``.
    ///   - terms: Rules, purposes and grants.
    ///   - time: The moment at which rules and grants must be in force.
    /// - Complexity: O(*f* · (*r* + *g*)) in the numbers of fields, rules and grants.
    public static func decide(
        _ entry: ReadableEntry, for reader: Reader, under terms: SharingTerms, at time: Timestamp
    ) -> EntryDecision {
        let terms = ReaderTerms(reader, terms, at: time)
        return terms.decide(entry, terms.standing(toward: entry))
    }
}
