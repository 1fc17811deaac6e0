public import EventLog
internal import JSON

/// What an agency asks another for, or is given by it: which fields, of which objects, what for and how long.
public struct DisclosureScope: Sendable, Hashable {
    /// The code of the agency that owns the fields.
    public let owner: String
    public let fields: FieldSelector
    /// The roles that are to use it; none: any.
    public let roles: [String]
    /// The objects it is about; never empty.
    public let objects: [Tag]
    public let purpose: String
    public let caseName: String
    /// Nil: from the decision on.
    public let from: Timestamp?
    public let to: Timestamp

    public init(
        owner: String, fields: FieldSelector, roles: [String] = [], objects: [Tag], purpose: String, caseName: String,
        from: Timestamp? = nil, to: Timestamp
    ) {
        self.owner = owner
        self.fields = fields
        self.roles = roles
        self.objects = objects
        self.purpose = purpose
        self.caseName = caseName
        self.from = from
        self.to = to
    }

    /// Whether all that another scope asks for is in this one.
    ///
    /// - Complexity: O(*n* · *m*) in the lengths of their lists, which are limited.
    public func contains(_ other: DisclosureScope) -> Bool {
        let isLater = from.map { from in other.from.map { $0 >= from } ?? false } ?? true
        return owner == other.owner && purpose == other.purpose && caseName == other.caseName
            && fields.contains(other.fields) && Self.covers(roles, other.roles)
            && Set(objects).isSuperset(of: other.objects) && isLater && other.to <= to
    }

    /// Whether a list of what is open, where none means all, has all of another.
    fileprivate static func covers<Element: Equatable>(_ list: [Element], _ other: [Element]) -> Bool {
        list.isEmpty || (!other.isEmpty && other.allSatisfy(list.contains))
    }
}

extension FieldSelector {
    /// Whether it selects whatever another selects.
    public func contains(_ other: FieldSelector) -> Bool {
        DisclosureScope.covers(types, other.types) && DisclosureScope.covers(owners, other.owners)
            && DisclosureScope.covers(compartments, other.compartments)
            && DisclosureScope.covers(classes, other.classes)
            && (pointers.isEmpty
                || (!other.pointers.isEmpty
                    && other.pointers.allSatisfy { inner in
                        pointers.contains { inner == $0 || inner.utf8.starts(with: ($0 + "/").utf8) }
                    }))
    }
}

extension DisclosureScope {
    static let keys: Set<String> = ["owner", "fields", "roles", "objects", "purpose", "case", "from", "to"]
    static let maximumObjects = 1000
    static let maximumRoles = 32

    init(_ data: EventDataReader) throws(ExchangeError) {
        let owner = try data.required("owner", data.code("owner"))
        var fields = try data.required("fields", FieldSelector(data, "fields"))
        fields.owners = [owner]
        self.init(
            owner: owner, fields: fields, roles: try data.codes("roles", atMost: Self.maximumRoles) ?? [],
            objects: try data.required("objects", data.tags("objects", atMost: Self.maximumObjects)),
            purpose: try data.required("purpose", data.code("purpose")),
            caseName: try data.required("case", data.text("case", atMost: EventDataReader.nameBytes)),
            from: try data.time("from"), to: try data.required("to", data.time("to")))
        guard from.map({ $0 < to }) ?? true else { throw data.fault("This must be after “from”.", at: "to") }
    }
}

extension FieldSelector {
    private static let maximumCodes = 100
    /// What may be opened by a grant.
    private enum GrantableClass: String, CaseIterable, Hashable { case conditional, restricted }

    /// Reads the fields asked for or given; nil if the member is not there. The owner stands beside it.
    init?(_ data: EventDataReader, _ key: String) throws(ExchangeError) {
        let keys: Set<String> = ["types", "compartments", "classes", "pointers"]
        guard let fields = try data.object(key, keys: keys) else { return nil }
        guard keys.contains(where: fields.has) else {
            throw data.fault("Types, compartments, classes or pointers must narrow the fields.", at: key)
        }
        self.init(
            types: try fields.codes("types", atMost: Self.maximumCodes) ?? [],
            compartments: try fields.codes("compartments", atMost: Self.maximumCodes) ?? [],
            classes: try fields.words("classes", GrantableClass.self)?.compactMap {
                SharingClass(rawValue: $0.rawValue)
            } ?? [],
            pointers: try fields.pointers("pointers", atMost: Self.maximumCodes) ?? [])
    }
}
