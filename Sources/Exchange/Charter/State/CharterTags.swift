public import EventLog

/// What charter events are filed under, so that an append can be made on the condition that nothing it relied on changes.
///
/// | tag | the charter event speaks of |
/// |---|---|
/// | `charter:agency.CODE` | the agency, its officers, keys, powers and sources |
/// | `charter:schema.URI` | the schema |
/// | `charter:rule.ID`, `charter:purpose.CODE` | the sharing rule, the purpose |
/// | `charter:personal-tags`, `charter:amendment`, `charter:deadlines` | what they say |
/// | `charter:all` | all of these: the founding event, and amendments that would need too many tags |
public enum CharterTags {
    /// The kind of these tags. Only charter events may carry them.
    public static let kind = "charter"

    /// The types of charter events.
    public static let types = [CharterFounding.type, CharterAmendment.type]

    /// On what an append of an agency's event relies: that after a head nothing came that touches the agency, the schema
    /// or the blinding of tags.
    ///
    /// - Parameters:
    ///   - schema: The event's `dataschema`, if it has one.
    ///   - head: How many entries the log had when the event was checked, by the charter of then; at least 1.
    public static func condition(agency: String, schema: String?, head: Position) -> AppendCondition {
        var tags = [all, personalTags, tag("agency.", agency)]
        if let schema { tags.append(tag("schema.", schema)) }
        let items = tags.compactMap(\.self).map { Query.Item(types: types, tags: [$0]) }
        return AppendCondition(noneMatching: Query(items), after: head > 0 ? head - 1 : nil)
    }

    /// The tags of the founding event.
    public static let founding: [Tag] = [all].compactMap(\.self)

    static let all = tag("all")
    static let personalTags = tag("personal-tags")

    /// Nil if it is longer than a tag may be: then no charter has such a name.
    static func tag(_ beginning: String, _ name: String = "") -> Tag? {
        try? Tag(kind: kind, value: beginning + name)
    }
}

extension Charter {
    /// The tags under which an amendment of this charter must be appended, sorted.
    ///
    /// - Complexity: O(*c* log *c*) in its changes.
    public func tags(of amendment: CharterAmendment) -> [Tag] {
        var tags: Set<Tag> = []
        for change in amendment.changes { tags.formUnion(self.tags(of: change).compactMap(\.self)) }
        return tags.count <= LogLimits.tagsPerEvent ? tags.sorted() : CharterTags.founding
    }

    private func tags(of change: CharterChange) -> [Tag?] {
        let name = change.name
        let text = String(name.first)
        switch change.kind {
        case .amendment, .deadlines: return [CharterTags.tag(change.kind.rawValue)]
        case .personalTag: return [CharterTags.personalTags]
        case .schema: return [CharterTags.tag("schema.", text)]
        case .rule: return [CharterTags.tag("rule.", text)]
        case .purpose: return [CharterTags.tag("purpose.", text)]
        case .agency, .officer: return [CharterTags.tag("agency.", text)]
        case .key: return agencyTags([keys.last(name)?.agency, change.agency])
        case .power: return agencyTags([powers.last(name)?.agency, change.agency])
        case .source: return agencyTags(claimants(of: name.first) + [change.agency])
        }
    }

    private func agencyTags(_ codes: [String?]) -> [Tag?] {
        codes.map { code in code.flatMap { CharterTags.tag("agency.", $0) } }
    }

    /// The agencies that have, had or will have a claim on a source: their events may come from it.
    private func claimants(of source: Substring) -> [String] {
        var agencies: [String] = []
        var claim = source
        while !claim.isEmpty {
            agencies += sources.timeline(CharterPartName(claim))?.versions.map(\.value.agency) ?? []
            claim = Charter.shorter(claim)
        }
        return agencies
    }
}

extension CharterChange {
    /// The agency that a put key, power or source names.
    fileprivate var agency: String? {
        switch content {
        case .put(.key(let key)): key.agency
        case .put(.power(let power)): power.agency
        case .put(.source(let source)): source.agency
        default: nil
        }
    }
}
