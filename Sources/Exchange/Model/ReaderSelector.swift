/// Which readers a sharing rule speaks of. An empty list leaves its aspect open.
public struct ReaderSelector: Sendable, Hashable {
    public var kinds: [ReaderKind]
    /// Agency codes.
    public var agencies: [String]
    public var roles: [String]
    /// Whether the rule holds only for those whom the entry addresses: by a tag `agency:` with the code of the reader's
    /// agency, or, if it is a participant or a party, by a tag that names it.
    public var addressed: Bool

    public init(
        kinds: [ReaderKind] = [], agencies: [String] = [], roles: [String] = [], addressed: Bool = false
    ) {
        self.kinds = kinds
        self.agencies = agencies
        self.roles = roles
        self.addressed = addressed
    }

    /// Whether it speaks of a reader; whether also of the entry, if it wants it addressed, each entry tells.
    public func matches(_ reader: Reader) -> Bool {
        (kinds.isEmpty || kinds.contains(reader.kind))
            && (agencies.isEmpty || reader.agency.map(agencies.contains) ?? false)
            && (roles.isEmpty || reader.role.map(roles.contains) ?? false)
    }
}
