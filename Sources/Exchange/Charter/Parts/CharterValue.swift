/// What a charter says of one thing: a value of one of its parts.
public enum CharterValue: Sendable, Hashable {
    case amendment(AmendmentRule)
    case agency(Agency)
    case officer(Officer)
    case key(AgencyKey)
    case power(Power)
    case source(SourceClaim)
    case schema(RegisteredSchema)
    case rule(SharingRule)
    case purpose(Purpose)
    case personalTag(PersonalTagKind)
    case deadlines(DisclosureDeadlines)

    public var kind: CharterKind {
        switch self {
        case .amendment: .amendment
        case .agency: .agency
        case .officer: .officer
        case .key: .key
        case .power: .power
        case .source: .source
        case .schema: .schema
        case .rule: .rule
        case .purpose: .purpose
        case .personalTag: .personalTag
        case .deadlines: .deadlines
        }
    }

    /// What it is known by among the values of its kind; for the only one, the kind's name.
    public var name: String { partName.description }

    var partName: CharterPartName { part?.name ?? CharterPartName(kind.rawValue) }

    /// The value, if it is one of several and can end.
    var part: (any CharterPart)? {
        switch self {
        case .amendment, .deadlines: nil
        case .agency(let value): value
        case .officer(let value): value
        case .key(let value): value
        case .power(let value): value
        case .source(let value): value
        case .schema(let value): value
        case .rule(let value): value
        case .purpose(let value): value
        case .personalTag(let value): value
        }
    }
}
