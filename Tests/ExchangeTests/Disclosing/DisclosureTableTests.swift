import EventLog
import Exchange
import Testing

/// One case for each row of the tables in docs/conditional-sharing.md, by its words.
@Suite("The tables of conditional sharing, row by row")
struct DisclosureTableTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let reader: Reader
        let entry: ReadableEntry
        var terms = SharingTerms()
        let expected: EntryDecision

        var testDescription: String { name }
    }

    private static let time = Timestamp(microseconds: 100)
    private static let purposes: Set<String> = ["assessment"]
    private static let about = tag("declaration:1")
    private static let bank = Reader(.participant, agency: "BNK", identities: [tag("enterprise:BNK")])
    private static let importer = Reader(.party, identities: [tag("enterprise:A")])
    private static let auditor = Reader(.auditor, agency: "AUD")
    private static let customs = Reader(.authority, agency: "CUS")
    private static let tax = Reader(
        .authority, agency: "TAX", role: "assessor", purpose: "assessment", caseName: "case-1")

    private static func mark(_ sharingClass: SharingClass, _ owner: String = "CUS") -> SharingMark {
        SharingMark(sharingClass, compartment: "trade-secret", owner: owner, bytes: 64)
    }

    private static func entry(
        _ classes: [SharingClass] = [], whole: SharingClass? = nil, tags: [EventLog.Tag] = [about],
        by agency: String = "SW",
        owner: String = "CUS"
    ) -> ReadableEntry {
        ReadableEntry(
            agency: agency, type: "sanhu.declaration.lodged", tags: tags, wholeEvent: whole.map { mark($0, owner) },
            fields: classes.map { Field(pointer: "/" + $0.rawValue, mark: mark($0, owner)) })
    }

    private static func seen(_ fields: [FieldDecision] = [], whole: DisclosureBasis? = nil) -> EntryDecision {
        .entry(EntryDisclosure(wholeEvent: whole, fields: fields))
    }

    private static func withheld(_ sharingClass: SharingClass) -> FieldDecision {
        .withhold(WithholdingReason(mark(sharingClass)))
    }

    private static func rule(_ effect: SharingRule.Effect, purposes: [String] = []) -> SharingRule {
        SharingRule(
            id: "r", effect, readers: ReaderSelector(agencies: ["TAX", "BNK"]), fields: FieldSelector(),
            purposes: purposes)
    }

    private static func grant(_ change: (inout (agency: String, owner: String, tag: EventLog.Tag)) -> Void = { _ in })
        -> Grant
    {
        var of = (agency: "TAX", owner: "CUS", tag: about)
        change(&of)
        return Grant(
            position: 7, owner: of.owner, agency: of.agency, fields: FieldSelector(), objects: [of.tag],
            purpose: "assessment", caseName: "case-1", validity: Validity(to: Timestamp(microseconds: 200)))
    }

    private static let permitting = SharingTerms(rules: [rule(.permit)], purposes: purposes)
    private static let granting = SharingTerms(purposes: purposes, grants: [grant()])
    private static let named = [about, tag("enterprise:A"), tag("enterprise:BNK")]

    static let entries: [Case] = [
        Case(
            name: "its owner sees an entry", reader: customs, entry: entry([.public], whole: .restricted),
            expected: seen([.disclose(.owner)], whole: .owner)),
        Case(
            name: "its sender sees an entry", reader: tax, entry: entry([.public], whole: .restricted, by: "TAX"),
            expected: seen([.disclose(.sender)], whole: .sender)),
        Case(name: "an authority sees an event not sealed", reader: tax, entry: entry(), expected: seen()),
        Case(
            name: "an authority sees a sealed event that a rule opens", reader: tax,
            entry: entry(whole: .conditional), terms: permitting, expected: seen(whole: .rule("r"))),
        Case(
            name: "an authority sees a sealed event that a grant opens", reader: tax,
            entry: entry(whole: .restricted), terms: granting, expected: seen(whole: .grant(7))),
        Case(
            name: "an authority gets a stub of a sealed event else", reader: tax, entry: entry(whole: .restricted),
            terms: permitting, expected: .stub(.sealed)),
        Case(
            name: "a participant sees an entry that names it", reader: bank, entry: entry(tags: named),
            expected: seen()),
        Case(name: "a participant gets a stub of another", reader: bank, entry: entry(), expected: .stub(.notNamed)),
        Case(
            name: "a party sees an entry that names it", reader: importer, entry: entry(tags: named),
            expected: seen()),
        Case(name: "a party gets a stub of another", reader: importer, entry: entry(), expected: .stub(.notNamed)),
        Case(
            name: "a participant sees a sealed event that is opened and names it",
            reader: Reader(.participant, agency: "BNK", identities: bank.identities, purpose: "assessment"),
            entry: entry(whole: .conditional, tags: named), terms: permitting, expected: seen(whole: .rule("r"))),
        Case(
            name: "a participant gets a stub of a sealed event that is opened and does not name it",
            reader: Reader(.participant, agency: "BNK", purpose: "assessment"), entry: entry(whole: .conditional),
            terms: permitting, expected: .stub(.notNamed)),
        Case(name: "an auditor sees an event not sealed", reader: auditor, entry: entry(), expected: seen()),
        Case(
            name: "an auditor gets a stub of a sealed event", reader: auditor, entry: entry(whole: .shared),
            expected: .stub(.sealed)),
        Case(
            name: "the public sees an event whose root is public", reader: .public, entry: entry(whole: .public),
            expected: seen(whole: .sharingClass)),
        Case(name: "the public gets a stub of another", reader: .public, entry: entry(), expected: .stub(.notPublic)),
        Case(
            name: "the public gets a stub of a sealed event", reader: .public, entry: entry(whole: .shared),
            expected: .stub(.sealed)),
        Case(
            name: "an event with a withheld field is a stub to others", reader: tax, entry: entry([.withheld]),
            terms: granting, expected: .stub(.withheldField)),
        Case(
            name: "an event with a withheld field is seen by its owner", reader: customs, entry: entry([.withheld]),
            expected: seen([.disclose(.owner)])),
        Case(
            name: "an event with a withheld field is seen by its sender", reader: tax,
            entry: entry([.withheld], by: "TAX"), expected: seen([.disclose(.sender)])),
        Case(
            name: "with withheld fields of two owners neither sees the event", reader: customs,
            entry: ReadableEntry(
                agency: "SW", type: "t", tags: [],
                fields: [
                    Field(pointer: "/a", mark: mark(.withheld)), Field(pointer: "/b", mark: mark(.withheld, "TAX")),
                ]),
            expected: .stub(.withheldField)),
        Case(
            name: "what the public sees, a party that is not named sees", reader: importer,
            entry: entry(whole: .public), expected: seen(whole: .sharingClass)),
        Case(
            name: "an authority that names no agency is the public", reader: Reader(.authority), entry: entry(),
            expected: .stub(.notPublic)),
        Case(
            name: "a party that claims the owner's agency is a party", reader: Reader(.party, agency: "CUS"),
            entry: entry(), expected: .stub(.notNamed)),
        Case(
            name: "an event shared as a whole is opened to authorities by its class", reader: tax,
            entry: entry(whole: .shared), expected: seen(whole: .sharingClass)),
    ]

    static let fields: [Case] = [
        Case(
            name: "1 owner before prohibition", reader: tax, entry: entry([.restricted], owner: "TAX"),
            terms: SharingTerms(rules: [rule(.prohibit)]), expected: seen([.disclose(.owner)])),
        Case(
            name: "1 sender before prohibition", reader: tax, entry: entry([.restricted], by: "TAX"),
            terms: SharingTerms(rules: [rule(.prohibit)]), expected: seen([.disclose(.sender)])),
        Case(
            name: "2 prohibition before public, permission and grant", reader: tax,
            entry: entry([.public, .shared, .conditional, .restricted]),
            terms: SharingTerms(rules: [rule(.permit), rule(.prohibit)], purposes: purposes, grants: [grant()]),
            expected: seen([.public, .shared, .conditional, .restricted].map(withheld))),
        Case(
            name: "2 a prohibition for certain purposes holds for who gives none",
            reader: Reader(.authority, agency: "TAX"), entry: entry([.shared]),
            terms: SharingTerms(rules: [rule(.prohibit, purposes: ["statistics"])], purposes: purposes),
            expected: seen([withheld(.shared)])),
        Case(
            name: "2 a prohibition for certain purposes leaves another", reader: tax, entry: entry([.shared]),
            terms: SharingTerms(rules: [rule(.prohibit, purposes: ["statistics"])], purposes: purposes),
            expected: seen([.disclose(.sharingClass)])),
        Case(
            name: "3 public to the auditor", reader: auditor, entry: entry([.public]),
            expected: seen([.disclose(.sharingClass)])),
        Case(
            name: "4 shared to an authority", reader: tax, entry: entry([.shared]),
            expected: seen([.disclose(.sharingClass)])),
        Case(
            name: "4 shared to a party that is named", reader: importer, entry: entry([.shared], tags: named),
            expected: seen([.disclose(.sharingClass)])),
        Case(
            name: "4 shared not to a party that is not named", reader: importer,
            entry: entry([.shared], whole: .public), expected: seen([withheld(.shared)], whole: .sharingClass)),
        Case(
            name: "4 shared not to the auditor", reader: auditor, entry: entry([.shared]),
            expected: seen([withheld(.shared)])),
        Case(
            name: "4 shared not to the public", reader: .public, entry: entry([.shared], whole: .public),
            expected: seen([withheld(.shared)], whole: .sharingClass)),
        Case(
            name: "5 conditional by a rule before a grant", reader: tax, entry: entry([.conditional]),
            terms: SharingTerms(rules: [rule(.permit)], purposes: purposes, grants: [grant()]),
            expected: seen([.disclose(.rule("r"))])),
        Case(
            name: "5 conditional by a grant", reader: tax, entry: entry([.conditional]), terms: granting,
            expected: seen([.disclose(.grant(7))])),
        Case(
            name: "5 conditional else withheld", reader: tax, entry: entry([.conditional]),
            expected: seen([withheld(.conditional)])),
        Case(
            name: "6 restricted by a grant", reader: tax, entry: entry([.restricted]), terms: granting,
            expected: seen([.disclose(.grant(7))])),
        Case(
            name: "6 restricted not by a rule", reader: tax, entry: entry([.restricted]), terms: permitting,
            expected: seen([withheld(.restricted)])),
        Case(
            name: "7 withheld not by a rule or a grant", reader: tax, entry: entry(whole: .withheld),
            terms: SharingTerms(rules: [rule(.permit)], purposes: purposes, grants: [grant()]),
            expected: .stub(.sealed)),
        Case(
            name: "no permission without a purpose", reader: Reader(.authority, agency: "TAX"),
            entry: entry([.conditional]), terms: permitting, expected: seen([withheld(.conditional)])),
        Case(
            name: "no permission for a purpose that is not in force", reader: tax, entry: entry([.conditional]),
            terms: SharingTerms(rules: [rule(.permit)]), expected: seen([withheld(.conditional)])),
        Case(
            name: "no grant for another agency", reader: tax, entry: entry([.restricted]),
            terms: SharingTerms(purposes: purposes, grants: [grant { $0.agency = "BOR" }]),
            expected: seen([withheld(.restricted)])),
        Case(
            name: "no grant by who does not own the field", reader: tax, entry: entry([.restricted]),
            terms: SharingTerms(purposes: purposes, grants: [grant { $0.owner = "BOR" }]),
            expected: seen([withheld(.restricted)])),
        Case(
            name: "no grant about another object", reader: tax, entry: entry([.restricted]),
            terms: SharingTerms(purposes: purposes, grants: [grant { $0.tag = tag("declaration:2") }]),
            expected: seen([withheld(.restricted)])),
        Case(
            name: "no grant for another case",
            reader: Reader(.authority, agency: "TAX", purpose: "assessment", caseName: "case-2"),
            entry: entry([.restricted]), terms: granting, expected: seen([withheld(.restricted)])),
    ]

    @Test("Who sees an entry", arguments: entries)
    func sight(_ row: Case) { check(row) }

    @Test("Who sees a field", arguments: fields)
    func field(_ row: Case) { check(row) }

    private func check(_ row: Case) {
        #expect(
            DisclosureDecision.decide(row.entry, for: row.reader, under: row.terms, at: Self.time) == row.expected)
        var policy = DisclosurePolicy(row.reader, under: row.terms, at: Self.time)
        #expect(policy.decide(row.entry) == row.expected)
        let naive = NaiveDisclosure(reader: row.reader, entry: row.entry, terms: row.terms, time: Self.time)
        #expect(naive.answers() == row.expected.answers)
    }

    @Test("A grant opens nothing from its end on")
    func end() {
        for (time, expected) in [(199, FieldDecision.disclose(.grant(7))), (200, Self.withheld(.restricted))] {
            let decision = DisclosureDecision.decide(
                Self.entry([.restricted]), for: Self.tax, under: Self.granting, at: Timestamp(microseconds: Int64(time))
            )
            #expect(decision == Self.seen([expected]))
        }
    }
}
