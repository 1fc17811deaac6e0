/// The parts of a charter, in the order in which it is written, shown and compared.
public enum CharterKind: String, Sendable, Hashable, CaseIterable, Comparable {
    case amendment
    case agency
    case officer
    case key
    case power
    case source
    case schema
    case rule
    case purpose
    case personalTag
    case deadlines

    /// The member of a founding charter's data that holds the values of this kind.
    public var member: String {
        switch self {
        case .amendment: "amendment"
        case .agency: "agencies"
        case .officer: "officers"
        case .key: "keys"
        case .power: "powers"
        case .source: "sources"
        case .schema: "schemas"
        case .rule: "rules"
        case .purpose: "purposes"
        case .personalTag: "personalTags"
        case .deadlines: "deadlines"
        }
    }

    /// Whether a charter has one value of this kind, which cannot end.
    var isSingle: Bool { self == .amendment || self == .deadlines }

    public static func < (left: CharterKind, right: CharterKind) -> Bool { left.rank < right.rank }

    private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}
