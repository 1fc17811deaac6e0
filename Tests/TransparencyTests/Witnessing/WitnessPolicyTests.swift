import TestSupport
import Testing
import Transparency

@Suite("Policies over witnesses")
struct WitnessPolicyTests {
    private static func fault(_ text: String) -> String? {
        do throws(NoteError) {
            _ = try WitnessPolicy(text)
            return nil
        } catch {
            return error.code == .malformedPolicy ? error.reason : "\(error.code)"
        }
    }

    @Test("a public policy is read, written and read again, and decides on a public checkpoint")
    func publicPolicy() throws {
        let policy = try WitnessPolicy(PublicWitnesses.policy())
        #expect(policy.witnesses.count == 8 && policy.groups.map(\.threshold) == [2, 4])
        #expect(policy.quorum == "quorum-rule" && policy.logs.map(\.url) == ["https://test.sigsum.org/barreleye"])
        #expect(try WitnessPolicy(policy.description) == policy)
        #expect(try policy.accepts(PublicWitnesses.log()))
        #expect(try !policy.accepts(signer().verifier))
        let now = PublicWitnesses.time + 60
        let all = policy.verdict(on: try PublicWitnesses.note(), now: now)
        #expect(all.isSatisfied && all.count == 8 && all.shortfalls.isEmpty)
        // The four whose cosignatures suffice, as that page says.
        let four = try PublicWitnesses.note(Array(PublicWitnesses.witnesses[3...6]))
        #expect(policy.verdict(on: four, now: now).isSatisfied)
        // Three of them, and two of the group that stands for one; then one of it.
        let group = Array(PublicWitnesses.witnesses[0...4])
        #expect(!policy.verdict(on: try PublicWitnesses.note(group), now: now).isSatisfied)
        let more = group + [PublicWitnesses.witnesses[5]]
        #expect(policy.verdict(on: try PublicWitnesses.note(more), now: now).isSatisfied)
        let less = policy.verdict(on: try PublicWitnesses.note(Array(more.dropFirst(2))), now: now)
        #expect(!less.isSatisfied && less.reason.contains("“quorum-rule” has 3 of 4"), "\(less.reason)")
        #expect(less.reason.contains("“glasklar-test-witnesses” has 1 of 2 (poc.sigsum.org/nisse is missing"))
    }

    @Test("cosignatures that are too old, ahead of the clock, or wrong do not count, and each is told")
    func times() throws {
        let (a, b) = (try witness("a", seed: 1), try witness("b", seed: 2))
        let policy = try WitnessPolicy(
            witnesses: [.init("A", a.verifier), .init("B", b.verifier)], groups: [.init("both", 2, of: ["A", "B"])],
            quorum: "both")
        let text = Checkpoint(origin: "log.example", size: 5, root: .emptyTree).description
        let note = try signer("log.example").sign(text).adding(a.cosign(text, at: 1_000)).adding(
            b.cosign(text, at: 2_000))
        func standings(_ now: UInt64, _ age: UInt64?) -> [WitnessVerdict.Standing] {
            policy.verdict(on: note, now: now, maximumAge: age).entries.map(\.standing)
        }
        #expect(standings(2_000, nil) == [.cosigned(1_000), .cosigned(2_000)])
        #expect(standings(2_000, 1_000) == [.cosigned(1_000), .cosigned(2_000)])
        #expect(standings(2_001, 1_000) == [.tooOld(1_000), .cosigned(2_000)])
        #expect(standings(2_000 - WitnessPolicy.clockSkew, 0) == [.tooOld(1_000), .cosigned(2_000)])
        #expect(standings(1_999 - WitnessPolicy.clockSkew, nil) == [.cosigned(1_000), .ahead(2_000)])
        #expect(standings(.max, .max) == [.cosigned(1_000), .cosigned(2_000)])
        let old = policy.verdict(on: note, now: 2_001, maximumAge: 1_000)
        #expect(!old.isSatisfied && old.reason.contains("“both” has 1 of 2 (A cosigned too long ago, at 1000)"))
        // An older cosignature does not hide a newer one, nor one of the future one of the past.
        let again = try note.adding(a.cosign(text, at: 1_900)).adding(a.cosign(text, at: 9_000))
        #expect(policy.verdict(on: again, now: 2_001, maximumAge: 1_000).isSatisfied)
        let wrong = try signer("log.example").sign(text).adding(a.cosign(text, at: 5)).adding(
            b.cosign(Checkpoint(origin: "log.example", size: 6, root: .emptyTree).description, at: 5))
        #expect(policy.verdict(on: wrong, now: 5).entries.last?.standing == .wrong)
        #expect(policy.verdict(on: wrong, now: 5).reason.contains("B has a wrong cosignature"))
    }

    @Test("spaces, tabs, comments and the order of logs and witnesses mean nothing; any and all are 1 and n")
    func spelling() throws {
        let (a, b) = (try witness("a", seed: 1).verifier, try witness("b", seed: 2).verifier)
        let policy = try WitnessPolicy(
            "\n \t# 三互\n\twitness  B\t\(b) https://b.example/三 \n  witness A \(a)\ngroup g all A\t B\ngroup 1 any g\nquorum 1 "
        )
        #expect(policy.witnesses.map(\.name) == ["B", "A"] && policy.groups.map(\.threshold) == [2, 1])
        #expect(policy.witnesses[0].url == "https://b.example/三" && policy.quorum == "1")
        #expect(try WitnessPolicy("quorum none\n").quorum == nil)
        #expect(try WitnessPolicy("quorum none\n").verdict(on: signer().sign("x\n"), now: 0).isSatisfied)
        // Names are bytes: a precomposed letter is not one with a combining accent.
        let names = try WitnessPolicy(
            "witness \u{E9} \(a)\nwitness e\u{301} \(b)\ngroup g 2 e\u{301} \u{E9}\nquorum g\n")
        #expect(names.witnesses.count == 2)
    }

    @Test("what is no policy is refused, with the line and what is wrong with it")
    func malformed() throws {
        let (a, b) = (try witness("a", seed: 1).verifier, try witness("b", seed: 2).verifier)
        let two = "witness A \(a)\nwitness B \(b)\n"
        let log = try signer().verifier
        let texts: [(String, String)] = [
            ("", "no line “quorum”"), (two, "no line “quorum”"), (two + "quorum C\n", "Line 3"),
            (two + "quorum A\nquorum A\n", "a quorum already"), (two + "quorum\n", "none of"),
            (two + "quorum A B\n", "none of"), ("quorum A\n" + two, "not defined"), ("witnes A \(a)\n", "none of"),
            ("witness A\n", "none of"), ("witness A \(a) u v\n", "none of"), ("witness none \(a)\n", "can name no"),
            ("witness A \(a)\nwitness A \(b)\n", "defined twice"),
            ("witness A \(a)\nwitness B \(a)\n", "another witness"),
            ("witness A \(log)\n", "verifier key"), ("log \(a)\n", "verifier key"),
            ("log \(log)\nlog \(log)\n", "twice"),
            (two + "group g 0 A B\n", "needs 0 of its 2"), (two + "group g 3 A B\n", "needs 3 of its 2"),
            (two + "group g -1 A\n", "no number"), (two + "group g 01 A\n", "no number"),
            (two + "group g 1\n", "none of"),
            (two + "group g 1 A A\n", "twice"), (two + "group g 1 g\n", "not defined"),
            (two + "group g any none\n", "not defined"),
            (two + "group g any A\ngroup h any A B\n", "twice"), (two + "group A any B\n", "defined twice"),
            (two + "group none any A\n", "can name no"), (two + "quorum A\r\n", "control character"),
            (two + "quorum A\0\n", "control character"), (two + "quorum\u{A0}A\n", "none of"),
            (two + "group g 99999999999999999999 A\n", "no number"),
        ]
        for (text, reason) in texts {
            let fault = Self.fault(text)
            #expect(fault?.contains(reason) == true, "\(text): \(fault ?? "taken")")
        }
        let bytes = Array("quorum ".utf8) + [0xFF, 0x0A]
        #expect(noteFault { () throws(NoteError) in _ = try WitnessPolicy(bytes: bytes) } == .malformedPolicy)
    }

    @Test("a policy is taken at its limits, and refused above them")
    func limits() throws {
        func witnesses(_ count: Int) throws -> String {
            try (0..<count).map { "witness w\($0) \(try witness("w\($0)", seed: UInt8($0)).verifier)\n" }.joined()
        }
        func groups(_ count: Int) -> String {
            (0..<count).map { "group g\($0) 1 \($0 == 0 ? "w0" : "g\($0 - 1)")\n" }.joined()
        }
        let (most, deep) = (WitnessPolicy.maximumWitnesses, WitnessPolicy.maximumGroups)
        let text = try witnesses(most) + groups(deep) + "quorum g\(deep - 1)\n"
        let policy = try WitnessPolicy(text)
        let checkpoint = Checkpoint(origin: "log.example", size: 5, root: .emptyTree).description
        let note = try signer("log.example").sign(checkpoint)
        #expect(!policy.verdict(on: note, now: 5).isSatisfied)
        #expect(policy.verdict(on: note, now: 5).shortfalls.count == deep)
        #expect(
            policy.verdict(on: try note.adding(witness("w0", seed: 0).cosign(checkpoint, at: 5)), now: 5).isSatisfied)
        #expect(Self.fault(try witnesses(most + 1) + "quorum w0\n")?.contains("more than \(most)") == true)
        #expect(Self.fault(try witnesses(1) + groups(deep + 1) + "quorum w0\n")?.contains("more than \(deep)") == true)
        let padding = String(repeating: "#", count: WitnessPolicy.maximumBytes - 12)
        #expect(Self.fault(padding + "\nquorum none") == nil)
        #expect(Self.fault(padding + "#\nquorum none")?.contains("at most") == true)
    }

    @Test("a policy decides as its definition does, on random groups and random cosignatures")
    func model() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var dice = Dice(seed: seed)
        let signers = try (0..<9).map { try witness("w\($0)", seed: UInt8($0 + 1)) }
        let text = Checkpoint(origin: "log.example", size: 5, root: .emptyTree).description
        let lines = try signers.map { try $0.cosign(text, at: 5) }
        let bare = try signer("log.example").sign(text)
        var decisions = [0, 0]
        for round in 0..<60 {
            // Free names are drawn into groups until one is left.
            var free = signers.indices.map { "w\($0)" }
            var groups: [WitnessPolicy.Group] = []
            while free.count > 1 {
                let members = (0..<(1 + dice.below(min(4, free.count)))).map { _ in
                    free.remove(at: dice.below(free.count))
                }
                let group = WitnessPolicy.Group("g\(groups.count)", 1 + dice.below(members.count), of: members)
                groups.append(group)
                free.append(group.name)
                if groups.count > 20 { break }
            }
            let quorum = dice.pick(free)
            let policy = try WitnessPolicy(
                witnesses: signers.enumerated().map { .init("w\($0)", $1.verifier) }, groups: groups, quorum: quorum)
            #expect(try WitnessPolicy(policy.description) == policy, "seed \(seed)")
            for _ in 0..<4 {
                let chosen = Set(signers.indices.filter { _ in dice.below(5) < 3 })
                let note = try chosen.sorted().reduce(bare) { try $0.adding(lines[$1]) }
                func isWitnessed(_ name: String) -> Bool {
                    guard let group = groups.first(where: { $0.name == name }) else {
                        return chosen.contains(Int(name.dropFirst()) ?? -1)
                    }
                    return group.members.filter(isWitnessed).count >= group.threshold
                }
                let verdict = policy.verdict(on: note, now: 5)
                #expect(verdict.isSatisfied == isWitnessed(quorum), "seed \(seed), round \(round)")
                #expect(verdict.count == chosen.count && verdict.shortfalls.isEmpty == verdict.isSatisfied)
                decisions[verdict.isSatisfied ? 1 : 0] += 1
            }
        }
        #expect(decisions.allSatisfy { $0 > 10 }, "\(decisions), seed \(seed)")
    }
}
