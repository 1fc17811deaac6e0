public import EventLog

/// What a reader is to the exchange (domain: who reads).
public enum ReaderKind: String, Sendable, Hashable, CaseIterable {
    /// 口岸管理相关部门: a member agency.
    case authority
    /// A terminal, carrier, bank, insurer, laboratory: sees entries that name it.
    case participant
    /// An enterprise or a person: sees entries that name it.
    case party
    /// Sees that entries are there and unchanged, not what is classified in them.
    case auditor
    case `public`
}

/// Who asks to read, as what, and what for. A claim: the charter says whether the agency is a member and the role held.
public struct Reader: Sendable, Hashable {
    public let kind: ReaderKind
    /// The code of its agency; nil for parties and the public.
    public let agency: String?
    public let role: String?
    /// The tags that entries carry which name it. One of the kind `agency` counts only if it is its own agency's.
    public let identities: [Tag]
    /// The code of the purpose it gives.
    public let purpose: String?
    /// The case it reads for, by name.
    public let caseName: String?

    public init(
        _ kind: ReaderKind, agency: String? = nil, role: String? = nil, identities: [Tag] = [], purpose: String? = nil,
        caseName: String? = nil
    ) {
        self.kind = kind
        self.agency = agency
        self.role = role
        self.identities = identities
        self.purpose = purpose
        self.caseName = caseName
    }

    /// Anyone.
    public static let `public` = Reader(.public)
}
