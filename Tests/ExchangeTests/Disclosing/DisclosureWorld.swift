import EventLog
import Exchange
import TestSupport

/// Readers, entries, rules and grants drawn from few names, so that they meet often.
struct DisclosureWorld {
    var dice: Dice

    init(seed: UInt64) { dice = Dice(seed: seed) }

    static let agencies = ["CUS", "TAX", "BOR", "LAB"]
    static let types = ["sanhu.declaration.lodged", "sanhu.risk.flagged", "sanhu.policy.published"]
    static let purposes = ["assessment", "smuggling", "statistics"]
    static let tags = [
        "declaration:1", "declaration:2", "enterprise:A", "enterprise:B", "container:X", "agency:CUS", "agency:TAX",
        "agency:LAB",
    ]
    .map(tag)
    private static let roles = ["assessor", "officer"]
    private static let cases = ["case-1", "case-2"]
    private static let compartments = ["trade-secret", "personal", "method"]
    private static let pointers = ["/price", "/price/unit", "/buyer", "/pricey", "/flags~1all/0"]

    mutating func some<Element>(_ elements: [Element], oneIn times: Int = 3) -> [Element] {
        elements.filter { _ in dice.oneIn(times) }
    }

    mutating func maybe<Element>(_ elements: [Element]) -> Element? { dice.oneIn(4) ? nil : dice.pick(elements) }

    mutating func validity() -> Validity {
        Validity(
            from: dice.oneIn(2) ? nil : Timestamp(microseconds: Int64(dice.below(5))),
            to: dice.oneIn(2) ? nil : Timestamp(microseconds: Int64(4 + dice.below(6))))
    }

    mutating func time() -> Timestamp { Timestamp(microseconds: Int64(dice.below(9))) }

    mutating func reader() -> Reader {
        Reader(
            dice.oneIn(2) ? .authority : dice.pick(ReaderKind.allCases), agency: maybe(Self.agencies + [""]),
            role: maybe(Self.roles), identities: some(Self.tags),
            purpose: dice.oneIn(6) ? maybe(["", "statistics"]) : dice.pick(Self.purposes),
            caseName: maybe(Self.cases))
    }

    mutating func mark() -> SharingMark {
        SharingMark(
            dice.oneIn(12) ? .withheld : dice.pick([.public, .shared, .conditional, .conditional, .restricted]),
            compartment: dice.pick(Self.compartments), owner: dice.oneIn(40) ? "" : dice.pick(Self.agencies), bytes: 64)
    }

    mutating func entry() -> ReadableEntry {
        var fields: [Field] = []
        for pointer in some(Self.pointers, oneIn: 2) { fields.append(Field(pointer: pointer, mark: mark())) }
        return ReadableEntry(
            agency: dice.pick(Self.agencies), type: dice.pick(Self.types), tags: some(Self.tags),
            wholeEvent: dice.oneIn(3) ? mark() : nil, fields: fields)
    }

    /// The same schema versions again and again, with other agencies and tags.
    mutating func entries(_ count: Int) -> [ReadableEntry] {
        let schemas = (0..<max(1, count / 4)).map { _ in entry() }
        return (0..<count).map { _ in
            let schema = dice.pick(schemas)
            return ReadableEntry(
                agency: dice.pick(Self.agencies), type: schema.type, tags: some(Self.tags),
                wholeEvent: schema.wholeEvent, fields: schema.fields)
        }
    }

    mutating func selector() -> FieldSelector {
        FieldSelector(
            types: dice.oneIn(2) ? some(Self.types, oneIn: 2) : [], owners: dice.oneIn(3) ? some(Self.agencies) : [],
            compartments: dice.oneIn(2) ? some(Self.compartments, oneIn: 2) : [],
            classes: dice.oneIn(3) ? some(SharingClass.allCases, oneIn: 2) : [],
            pointers: dice.oneIn(2) ? some(Self.pointers + [""]) : [])
    }

    mutating func rule(_ id: Int, _ effect: SharingRule.Effect? = nil) -> SharingRule {
        SharingRule(
            id: "rule-\(id)", effect ?? (dice.oneIn(6) ? .prohibit : .permit),
            readers: ReaderSelector(
                kinds: dice.oneIn(3) ? some(ReaderKind.allCases, oneIn: 2) : [],
                agencies: dice.oneIn(2) ? some(Self.agencies, oneIn: 2) : [],
                roles: dice.oneIn(3) ? some(Self.roles, oneIn: 2) : [], addressed: dice.oneIn(3)),
            fields: selector(), purposes: dice.oneIn(2) ? some(Self.purposes, oneIn: 2) : [], needsCase: dice.oneIn(3),
            validity: validity())
    }

    /// A grant; half of the time one that a reader could use for an entry, if the time is right.
    mutating func grant(_ position: Position, for reader: Reader, _ entry: ReadableEntry) -> Grant {
        guard dice.oneIn(2), !entry.fields.isEmpty, !entry.tags.isEmpty else {
            return Grant(
                position: position, owner: dice.pick(Self.agencies), agency: dice.pick(Self.agencies),
                roles: some(Self.roles), fields: selector(), objects: some(Self.tags),
                purpose: dice.pick(Self.purposes),
                caseName: dice.pick(Self.cases), validity: validity())
        }
        let field = dice.pick(entry.fields)
        return Grant(
            position: position, owner: field.mark.owner, agency: reader.agency ?? "",
            roles: dice.oneIn(4) ? [reader.role ?? ""] : [], fields: FieldSelector(owners: [field.mark.owner]),
            objects: [dice.pick(entry.tags)], purpose: reader.purpose ?? "", caseName: reader.caseName ?? "",
            validity: dice.oneIn(2) ? Validity() : validity())
    }

    mutating func terms(for reader: Reader, _ entries: [ReadableEntry]) -> SharingTerms {
        var terms = SharingTerms(purposes: Set(Self.purposes.dropLast()))
        for id in 0..<dice.below(8) { terms.rules.append(rule(id)) }
        for _ in 0..<dice.below(16) {
            terms.grants.append(grant(Position(dice.below(1000)), for: reader, dice.pick(entries)))
        }
        return terms
    }
}

/// A tag that is known to be one.
func tag(_ text: String) -> Tag {
    do { return try Tag(text) } catch { fatalError("\(error)") }
}
