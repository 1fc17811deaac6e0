import JSON

/// The members of an event's data that schemas mark as classified, as far as the importers write them.
///
/// What stands in clear, `id`, `subject` and tags, must not tell of them: not even by a hash, for a price is soon guessed.
enum ClassifiedMembers {
    static let names: Set<String> = [
        "commercial", "partyDetails", "statements", "errors", "findings", "corrected", "amounts",
    ]

    /// What a message is told by beside its content, or what other messages tell of it.
    private static let circumstances: Set<String> = ["declaration", "timeBasis"]

    /// A discriminator of what the data of a message say in clear: the same for two that differ only in what is classified,
    /// and however much of the other messages is known.
    ///
    /// - Complexity: O(*n*) in the size of the data.
    static func discriminator(of data: DataRecord) -> String {
        var writer = JSONWriter()
        data.split(names.union(circumstances)).without.write(to: &writer)
        var hash = StableHash()
        for byte in writer.bytes { hash.combine(byte) }
        return hash.text
    }
}
