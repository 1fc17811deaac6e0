public import EventLog

/// What an owner opened to an agency, for a purpose, a case and a time (`disclosure.decided`).
public struct Grant: Sendable, Hashable {
    /// The position of the event that gave it, by which it is named.
    public let position: Position
    /// The agency that gave it; it opens fields of this owner alone.
    public let owner: String
    /// The agency it was given to, and the roles that may use it; none: any.
    public let agency: String
    public let roles: [String]
    public let fields: FieldSelector
    /// The objects it is about: an entry must carry one of these tags. Never empty.
    public let objects: [Tag]
    public let purpose: String
    public let caseName: String
    public let validity: Validity

    public init(
        position: Position, owner: String, agency: String, roles: [String] = [], fields: FieldSelector, objects: [Tag],
        purpose: String, caseName: String, validity: Validity
    ) {
        self.position = position
        self.owner = owner
        self.agency = agency
        self.roles = roles
        self.fields = fields
        self.objects = objects
        self.purpose = purpose
        self.caseName = caseName
        self.validity = validity
    }
}
