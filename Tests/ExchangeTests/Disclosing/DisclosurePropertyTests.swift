import EventLog
import Exchange
import TestSupport
import Testing

@Suite("Who may see what, by chance")
struct DisclosurePropertyTests {
    @Test("For 200 readers, function and policy give what a naive reading of the table gives", arguments: 0..<200)
    func differential(_ seed: UInt64) {
        var world = DisclosureWorld(seed: seed)
        let reader = world.reader()
        let entries = world.entries(40)
        for round in 0..<5 {
            let comment: Comment = "seed \(seed), round \(round)"
            let terms = world.terms(for: reader, entries)
            let time = world.time()
            var policy = DisclosurePolicy(reader, under: terms, at: time)
            for entry in entries {
                let decision = DisclosureDecision.decide(entry, for: reader, under: terms, at: time)
                let naive = NaiveDisclosure(reader: reader, entry: entry, terms: terms, time: time)
                #expect(decision.answers == naive.answers(), comment)
                #expect(policy.decide(entry) == decision, comment)
                #expect(policy.decide(entry) == decision, comment)
            }
        }
    }

    @Test("A policy tells schema versions of one type apart by their fields and by the mark of the whole")
    func versions() {
        let terms = SharingTerms()
        let tax = Reader(.authority, agency: "TAX")
        var policy = DisclosurePolicy(tax, under: terms, at: Timestamp(microseconds: 0))
        func mark(_ sharingClass: SharingClass) -> SharingMark {
            SharingMark(sharingClass, compartment: "method", owner: "CUS", bytes: 64)
        }
        for round in 0..<3 {
            for whole in [nil, mark(.restricted), mark(.shared)] {
                for fields in [
                    [], [Field(pointer: "/a", mark: mark(.shared))], [Field(pointer: "/b", mark: mark(.shared))],
                ] {
                    // More types than a policy keeps answers for.
                    for type in round == 1 ? (0..<500).map({ "type-\($0)" }) : ["type-1", "type-2"] {
                        let entry = ReadableEntry(agency: "SW", type: type, tags: [], wholeEvent: whole, fields: fields)
                        let expected = DisclosureDecision.decide(
                            entry, for: tax, under: terms, at: Timestamp(microseconds: 0))
                        #expect(policy.decide(entry) == expected)
                    }
                }
            }
        }
    }

    @Test("The worlds that are drawn hold every answer and every kind of stub")
    func coverage() {
        var answers: [String: Int] = [:]
        for seed in 0..<200 as Range<UInt64> {
            var world = DisclosureWorld(seed: seed)
            let reader = world.reader()
            let entries = world.entries(40)
            let terms = world.terms(for: reader, entries)
            let time = world.time()
            for entry in entries {
                switch DisclosureDecision.decide(entry, for: reader, under: terms, at: time) {
                case .stub(let reason): answers[reason.rawValue, default: 0] += 1
                case .entry(let disclosure):
                    for field in disclosure.fields { answers[Self.name(field), default: 0] += 1 }
                }
            }
        }
        let names = ["owner", "sender", "sharingClass", "rule", "grant", "withhold"]
        for name in names + ["notNamed", "notPublic", "sealed", "withheldField"] {
            #expect(answers[name, default: 0] >= 50, "\(name): \(answers)")
        }
    }

    private static func name(_ field: FieldDecision) -> String {
        switch field.basis {
        case .owner: "owner"
        case .sender: "sender"
        case .sharingClass: "sharingClass"
        case .rule: "rule"
        case .grant: "grant"
        case nil: "withhold"
        }
    }

    @Test("One more prohibition, and one grant or permission less, never open anything", arguments: 0..<200)
    func monotone(_ seed: UInt64) {
        var world = DisclosureWorld(seed: seed)
        let reader = world.reader()
        let entries = world.entries(40)
        let terms = world.terms(for: reader, entries)
        let time = world.time()
        var narrower: [SharingTerms] = []
        for at in 0..<10 {
            var prohibiting = terms
            prohibiting.rules.insert(world.rule(100, .prohibit), at: world.dice.below(terms.rules.count + 1))
            narrower.append(prohibiting)
            var less = terms
            if terms.grants.indices.contains(at) { less.grants.remove(at: at) }
            narrower.append(less)
            var stricter = terms
            if terms.rules.indices.contains(at), terms.rules[at].effect == .permit { stricter.rules.remove(at: at) }
            narrower.append(stricter)
        }
        var without = terms
        without.purposes = []
        narrower.append(without)
        for entry in entries {
            let decision = DisclosureDecision.decide(entry, for: reader, under: terms, at: time)
            for terms in narrower {
                let other = DisclosureDecision.decide(entry, for: reader, under: terms, at: time)
                #expect(Self.isWithin(other, decision), "seed \(seed)")
            }
        }
    }

    @Test("As of an earlier time, what is disclosed is within both what was and what is", arguments: 0..<100)
    func asOf(_ seed: UInt64) {
        var world = DisclosureWorld(seed: seed)
        let entries = world.entries(40)
        let (now, then) = (world.reader(), world.reader())
        let (termsNow, termsThen) = (world.terms(for: now, entries), world.terms(for: then, entries))
        let time = world.time()
        for entry in entries {
            let today = DisclosureDecision.decide(entry, for: now, under: termsNow, at: time)
            let earlier = DisclosureDecision.decide(entry, for: then, under: termsThen, at: time)
            let both = today.narrowed(by: earlier)
            #expect(Self.isWithin(both, today) && Self.isWithin(both, earlier), "seed \(seed)")
            for at in entry.fields.indices where Self.opens(today, at) && Self.opens(earlier, at) {
                #expect(both.disclosure?.fields[at] == today.disclosure?.fields[at], "seed \(seed)")
            }
        }
    }

    @Test("What is withheld is told by the schema alone, whoever asks", arguments: 0..<100)
    func reasons(_ seed: UInt64) {
        var world = DisclosureWorld(seed: seed)
        let entries = world.entries(20)
        for _ in 0..<10 {
            let reader = world.reader()
            let terms = world.terms(for: reader, entries)
            let time = world.time()
            for entry in entries {
                let decision = DisclosureDecision.decide(entry, for: reader, under: terms, at: time)
                guard let fields = decision.disclosure?.fields else { continue }
                #expect(fields.count == entry.fields.count, "seed \(seed)")
                for (field, decision) in zip(entry.fields, fields) where decision.basis == nil {
                    #expect(decision == .withhold(WithholdingReason(field.mark)), "seed \(seed)")
                }
            }
        }
    }

    private static func opens(_ decision: EntryDecision, _ at: Int) -> Bool {
        decision.disclosure.map { $0.fields[at].basis != nil } ?? false
    }

    /// Whether a decision discloses no more than another.
    private static func isWithin(_ decision: EntryDecision, _ other: EntryDecision) -> Bool {
        guard let disclosure = decision.disclosure else { return true }
        guard let wider = other.disclosure else { return false }
        return disclosure.fields.count == wider.fields.count
            && zip(disclosure.fields, wider.fields).allSatisfy { $0.basis == nil || $1.basis != nil }
    }
}
