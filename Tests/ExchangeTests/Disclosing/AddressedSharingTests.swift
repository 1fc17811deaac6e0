import EventLog
import Exchange
import TestSupport
import Testing

/// Rules that hold for those whom an entry addresses.
@Suite("Sharing with those an entry addresses")
struct AddressedSharingTests {
    private static let time = Timestamp(microseconds: 100)

    private static func terms(
        _ effect: SharingRule.Effect = .permit, kinds: [ReaderKind] = [], fields: FieldSelector = FieldSelector(),
        needsCase: Bool = false
    ) -> SharingTerms {
        let rule = SharingRule(
            id: "addressed", effect, readers: ReaderSelector(kinds: kinds, addressed: true), fields: fields,
            needsCase: needsCase)
        return SharingTerms(rules: [rule], purposes: ["inspection"])
    }

    private static func entry(
        _ tags: [String], _ sharingClass: SharingClass = .conditional, isWhole: Bool = false
    ) -> ReadableEntry {
        let mark = SharingMark(sharingClass, compartment: "image", owner: "CUS", bytes: 64)
        return ReadableEntry(
            agency: "MSA", type: "sanhu.image.reviewed", tags: tags.map(tag), wholeEvent: isWhole ? mark : nil,
            fields: isWhole ? [Field(pointer: "", mark: mark)] : [Field(pointer: "/image", mark: mark)])
    }

    private static func reader(
        _ kind: ReaderKind = .authority, _ agency: String? = "TAX", identities: [String] = [],
        purpose: String? = "inspection"
    ) -> Reader {
        Reader(kind, agency: agency, identities: identities.map(tag), purpose: purpose)
    }

    /// Whether the reader sees the field, or nil for a stub; the same by function, policy and naive reading.
    private static func opens(
        _ entry: ReadableEntry, to reader: Reader, under terms: SharingTerms = terms()
    ) -> Bool? {
        let decision = DisclosureDecision.decide(entry, for: reader, under: terms, at: time)
        let naive = NaiveDisclosure(reader: reader, entry: entry, terms: terms, time: time)
        var policy = DisclosurePolicy(reader, under: terms, at: time)
        #expect(policy.decide(entry) == decision && decision.answers == naive.answers())
        return decision.disclosure.map { $0.fields[0].basis != nil }
    }

    @Test("An agency that the entry addresses by its code is shown the field, and no other is")
    func authorities() {
        let entry = Self.entry(["agency:TAX", "agency:LAB", "declaration:1"])
        #expect(Self.opens(entry, to: Self.reader()) == true)
        for code in ["BOR", "TA", "TAXX", "tax", "agency:TAX"] {
            #expect(Self.opens(entry, to: Self.reader(.authority, code)) == false, "\(code)")
        }
        #expect(Self.opens(Self.entry(["enterprise:TAX", "agency:TAX:1"]), to: Self.reader()) == false)
        #expect(Self.opens(Self.entry([]), to: Self.reader()) == false)
        #expect(Self.opens(entry, to: Self.reader(.auditor, "LAB")) == true)
        #expect(Self.opens(entry, to: Self.reader(.auditor, "LAB"), under: Self.terms(kinds: [.authority])) == false)
    }

    @Test("Participants and parties are addressed by what names them; nobody is by a code that is not confirmed")
    func others() {
        let entry = Self.entry(["agency:TAX", "enterprise:A"])
        #expect(Self.opens(entry, to: Self.reader(.party, nil, identities: ["enterprise:A"])) == true)
        #expect(Self.opens(entry, to: Self.reader(.participant, "LAB", identities: ["enterprise:A"])) == true)
        #expect(Self.opens(entry, to: Self.reader(.party, "TAX", identities: ["enterprise:B"])) == nil)
        #expect(Self.opens(entry, to: Self.reader(.public, "TAX")) == nil)
        #expect(Self.opens(entry, to: Self.reader(.authority, nil, identities: ["agency:TAX"])) == nil)
        // The address of an agency names nobody else.
        #expect(Self.opens(entry, to: Self.reader(.party, nil, identities: ["agency:TAX"])) == nil)
        #expect(Self.opens(entry, to: Self.reader(.participant, "LAB", identities: ["agency:TAX"])) == nil)
        // To see an entry at all, a participant must be named by it.
        #expect(Self.opens(entry, to: Self.reader(.participant, "TAX")) == nil)
        #expect(Self.opens(entry, to: Self.reader(.participant, "TAX", identities: ["agency:TAX"])) == true)
    }

    @Test("An event sealed as a whole is seen by those it addresses, and is a stub to others")
    func wholeEvents() {
        let entry = Self.entry(["agency:TAX", "agency:AUD"], isWhole: true)
        #expect(Self.opens(entry, to: Self.reader()) == true)
        #expect(Self.opens(entry, to: Self.reader(.authority, "BOR")) == nil)
        #expect(Self.opens(entry, to: Self.reader(.auditor, "AUD")) == nil)
        #expect(Self.opens(Self.entry(["agency:TAX"], .restricted, isWhole: true), to: Self.reader()) == nil)
    }

    @Test("An address opens nothing that no rule selects, nothing dearer, nothing without a purpose or against a ban")
    func limits() {
        let entry = Self.entry(["agency:TAX"])
        let others = [
            FieldSelector(owners: ["MSA"]), FieldSelector(types: ["sanhu.risk.flagged"]),
            FieldSelector(compartments: ["method"]), FieldSelector(pointers: ["/notes"]),
        ]
        for fields in others {
            #expect(Self.opens(entry, to: Self.reader(), under: Self.terms(fields: fields)) == false)
        }
        #expect(Self.opens(entry, to: Self.reader(), under: SharingTerms(purposes: ["inspection"])) == false)
        #expect(Self.opens(Self.entry(["agency:TAX"], .restricted), to: Self.reader()) == false)
        #expect(Self.opens(Self.entry(["agency:TAX"], .withheld), to: Self.reader()) == nil)
        #expect(Self.opens(entry, to: Self.reader(purpose: nil)) == false)
        #expect(Self.opens(entry, to: Self.reader(purpose: "fun")) == false)
        #expect(Self.opens(entry, to: Self.reader(), under: Self.terms(needsCase: true)) == false)
        var banned = Self.terms()
        banned.rules.append(
            SharingRule(
                id: "ban", .prohibit, readers: ReaderSelector(agencies: ["TAX"]), fields: FieldSelector()))
        #expect(Self.opens(entry, to: Self.reader(), under: banned) == false)
    }

    @Test("The worlds that are drawn hold readers whom rules open more to, because they are addressed")
    func coverage() {
        var opened = 0
        for seed in 0..<200 as Range<UInt64> {
            var world = DisclosureWorld(seed: seed)
            let reader = world.reader()
            let entries = world.entries(40)
            let terms = world.terms(for: reader, entries)
            let time = world.time()
            for entry in entries {
                let plain = ReadableEntry(
                    agency: entry.agency, type: entry.type, tags: entry.tags.filter { $0.kind != "agency" },
                    wholeEvent: entry.wholeEvent, fields: entry.fields)
                let both = [entry, plain].map {
                    DisclosureDecision.decide($0, for: reader, under: terms, at: time)
                }
                if both[0] != both[1] { opened += 1 }
            }
        }
        #expect(opened >= 50, "\(opened)")
    }
}
