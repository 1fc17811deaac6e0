/// What a charter may not exceed. Fixed, so that every ledger refuses alike; an event's own size binds sooner.
public enum CharterLimits {
    /// The most values of one kind, whether or not they hold.
    public static let valuesPerKind = 20_000
    /// The most changes of an amendment, and the most signatures of a charter event.
    public static let changes = 1_000
    public static let signatures = 128
    public static let rolesPerOfficer = 64
    public static let typesPerPower = 128
    public static let portsPerPower = 512
    /// The most entries of each list of a sharing rule.
    public static let namesPerSelector = 128
    /// The most agencies that take part in amending.
    public static let amendingAgencies = 64
    public static let holidays = 2_000
    /// The most working days of a deadline.
    public static let workingDays = 250
    /// The most bytes of codes and ids, of titles, of event types, of URIs and source prefixes, and of pointers.
    public static let codeBytes = 64
    public static let titleBytes = 200
    public static let typeBytes = 128
    public static let uriBytes = 200
    public static let pointerBytes = 200
    /// The most parts, between slashes, of a source prefix, and between dots, of an event type.
    public static let sourceSegments = 16
    public static let typeSegments = 16
    /// The most bytes of a schema: it stands in an event.
    public static let schemaBytes = 60_000
}
