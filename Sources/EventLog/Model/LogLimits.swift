/// What requests may not exceed. Fixed, so that every ledger refuses alike.
public enum LogLimits {
    /// The most bytes of an entry, that is of an event with its agency, tags and recorded time: an entry's length must
    /// fit the two bytes that C2SP entry bundles give it.
    public static let entryBytes = 65_535
    /// The most tags of an event.
    public static let tagsPerEvent = 256
    /// The most disclosures of an event, and the most bytes of one.
    public static let disclosuresPerEvent = 1_024
    public static let disclosureBytes = 1 << 20
    /// The most events of one request.
    public static let eventsPerRequest = 10_000
    /// The most bytes of one request's events and disclosures.
    public static let requestBytes = 64 << 20
    /// The most append conditions of one request.
    public static let conditionsPerRequest = 1_000
    /// The most items of a query, and the most types and tags of an item.
    public static let itemsPerQuery = 256
    public static let namesPerItem = 64
    /// The most bytes of an agency's name, and of an event's `id`, `source`, `type` and `subject`.
    public static let agencyBytes = 64
    public static let attributeBytes = 1_024
    /// The most bytes of an event's signature.
    public static let signatureBytes = 1_024
    /// How many bytes of requests may wait for the writer before further ones are turned away as `busy`.
    public static let queuedBytes = 512 << 20
    /// How deep an event's objects and arrays may stand in one another.
    public static let depth = 64
}
