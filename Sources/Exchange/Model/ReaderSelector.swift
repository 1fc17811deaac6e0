/// Which readers a sharing rule speaks of. An empty list leaves its aspect open.
public struct ReaderSelector: Sendable, Hashable {
    public var kinds: [ReaderKind]
    /// Agency codes.
    public var agencies: [String]
    public var roles: [String]

    public init(kinds: [ReaderKind] = [], agencies: [String] = [], roles: [String] = []) {
        self.kinds = kinds
        self.agencies = agencies
        self.roles = roles
    }

    public func matches(_ reader: Reader) -> Bool {
        (kinds.isEmpty || kinds.contains(reader.kind))
            && (agencies.isEmpty || reader.agency.map(agencies.contains) ?? false)
            && (roles.isEmpty || reader.role.map(roles.contains) ?? false)
    }
}
