import EventLog
import JSON
import TestSupport
import Testing
import Transparency

@testable import Exchange

@Suite("Any entry in verifiable form")
struct VerifiableEntryPropertyTests {
    private static let signer: NoteSigner? = try? NoteSigner(name: CharterLab.origin, seed: Array(1...32))

    /// A sealed event of some schema as the one entry of a log, and what some reader is given of it.
    private struct Given {
        let plan: SealingPlan
        let key: NoteVerifier
        let heading: ReadHeading
        let leaf: MerkleHash
        let seen: SeenEntry
        let entry: VerifiableEntry

        /// - Parameter isGiven: What becomes of each field: nil withholds it.
        init(
            _ sealed: SealingFixture.Sealed, _ dice: inout Dice, _ isGiven: (inout Dice, Int) -> FieldContent?
        ) throws {
            plan = sealed.plan
            let prefix = #"{"recorded":"2026-03-01T00:15:30.123456Z","agency":"CUS","tags":[],"event":"#
            let bytes = Array(prefix.utf8) + sealed.event.event + Array("}".utf8)
            let recorded = try #require(Timestamp("2026-03-01T00:15:30.123456Z"))
            leaf = MerkleHash.leaf(bytes.span)
            let stored = Entry(position: 0, recorded: recorded, leafHash: leaf, bytes: bytes)
            var contents: [FieldContent?] = []
            for index in plan.fields.indices { contents.append(isGiven(&dice, index)) }
            var opener = DisclosureOpener()
            let opened = try opener.merge(sealed.event.event, sealed.event.event.indices, with: contents, of: plan)
            var (withheld, gone): ([SeenEntry.Withheld], [SeenEntry.Gone]) = ([], [])
            for (field, content) in zip(plan.fields, opened.fields) {
                switch content {
                case nil:
                    withheld.append(SeenEntry.Withheld(pointer: field.pointer, reason: WithholdingReason(field.mark)))
                case .erased: gone.append(SeenEntry.Gone(pointer: field.pointer, cause: .erased))
                case .lost: gone.append(SeenEntry.Gone(pointer: field.pointer, cause: .lost))
                case .value, .decoy: continue
                }
            }
            let event = SeenEntry.Event(
                position: 0, recorded: recorded, agency: "CUS", tags: [], event: opened.event, withheld: withheld,
                gone: gone)
            seen = .entry(event)
            entry = VerifiableEntry(
                DisclosedEntry(entry: stored, seen: seen, plan: plan, fields: opened.fields), proof: [])
            let signer = try #require(VerifiableEntryPropertyTests.signer)
            key = signer.verifier
            let checkpoint = Checkpoint(origin: key.name, size: 1, root: leaf)
            heading = ReadHeading(
                origin: key.name, query: .all, from: 0, to: 1, isBackwards: false,
                checkpoint: try signer.sign(checkpoint.description))
        }

        /// What is given, with something changed.
        var opened: VerifiableEntry.Opened {
            guard case .entry(let opened) = entry.content else { preconditionFailure("no stub is made here") }
            return opened
        }

        func verify(_ opened: VerifiableEntry.Opened) throws -> VerifiedEntry {
            var changed = entry
            changed.content = .entry(opened)
            var verifier = ReadVerifier(key: key)
            _ = try verifier.take(heading.line)
            let shown = try #require(try verifier.take(changed.line()))
            _ = try verifier.take(ReadEnding(from: 0, to: 1, entries: 1).line)
            _ = try verifier.finish()
            return shown
        }

        func fault(_ opened: VerifiableEntry.Opened) throws -> ReadVerificationError.Code? {
            do {
                _ = try verify(opened)
                return nil
            } catch let error as ReadVerificationError {
                return error.code
            }
        }
    }

    private static func sealed(_ dice: inout Dice) throws -> SealingFixture.Sealed {
        let made = SealingPropertyTests.make(&dice)
        return try SealingFixture.seal(
            SealingFixture.event(made.data, id: "\(dice.below(1_000_000))"), SealingFixture.plan(made.schema))
    }

    /// Some of the fields.
    private static func some(_ sealed: SealingFixture.Sealed, _ dice: inout Dice) throws -> Given {
        let place = EventPlace(agency: "CUS", source: "/cus/a", id: try id(sealed))
        return try Given(sealed, &dice) { dice, index in
            switch dice.below(8) {
            case 0...2: nil
            case 3: .erased
            case 4: dice.oneIn(2) ? .lost : nil
            default: sealed.open(index, place: place)
            }
        }
    }

    private static func id(_ sealed: SealingFixture.Sealed) throws -> String {
        try #require(try JSONDocument(parsing: sealed.event.event).root["id"]?.string)
    }

    @Test(
        "Any subset of what is sealed verifies, reads as the merged form, and leaves the leaf as it was",
        arguments: 0..<400)
    func subsets(_ seed: UInt64) throws {
        var dice = Dice(seed: seed)
        let sealed = try Self.sealed(&dice)
        var leaves: Set<MerkleHash> = []
        for _ in 0..<3 {
            let given = try Self.some(sealed, &dice)
            let shown = try given.verify(given.opened)
            #expect(shown.seen == given.seen, "seed \(seed)")
            #expect(shown.leaf == given.leaf, "seed \(seed)")
            leaves.insert(shown.leaf)
        }
        #expect(leaves.count == 1, "seed \(seed)")
    }

    @Test("Whatever is taken out of an answer and listed as omitted leaves the rest to verify", arguments: 0..<200)
    func omissions(_ seed: UInt64) throws {
        var dice = Dice(seed: seed)
        let sealed = try Self.sealed(&dice)
        let place = EventPlace(agency: "CUS", source: "/cus/a", id: try Self.id(sealed))
        // Disclosures stand in the order of the fields that have a value.
        let all = try Given(sealed, &dice) { _, index in sealed.open(index, place: place) }
        var opened = all.opened
        var paths: [(slot: Int, disclosure: [UInt8])] = []
        for slot in all.plan.slots.indices {
            guard case .value = sealed.open(slot, place: place) else { continue }
            paths.append((slot, opened.disclosures[paths.count]))
        }
        #expect(paths.count == opened.disclosures.count, "seed \(seed)")
        var out: Set<Int> = []
        opened.disclosures = []
        for (slot, disclosure) in paths {
            let parent = all.plan.slots[slot].parent
            if parent.map(out.contains) ?? false {
                // What stands in something that was taken out goes with it.
                out.insert(slot)
            } else if dice.oneIn(2) {
                out.insert(slot)
                opened.omitted.append(all.plan.slots[slot].field.pointer)
            } else {
                opened.disclosures.append(disclosure)
            }
        }
        let shown = try all.verify(opened)
        #expect(shown.leaf == all.leaf && shown.omitted == opened.omitted, "seed \(seed)")
    }

    @Test("Each disclosure that is changed, left out, repeated or added is noticed", arguments: 0..<250)
    func changes(_ seed: UInt64) throws {
        var dice = Dice(seed: seed)
        let (sealed, other) = (try Self.sealed(&dice), try Self.sealed(&dice))
        let given = try Self.some(sealed, &dice)
        let stranger = try Self.some(other, &dice).opened.disclosures.first
        for index in given.opened.disclosures.indices {
            for changed in try Self.changed(given.opened.disclosures[index]) {
                var opened = given.opened
                opened.disclosures[index] = changed
                let code = try given.fault(opened)
                #expect(code == .foreignDisclosure || code == .malformedDisclosure, "seed \(seed), disclosure \(index)")
            }
            var opened = given.opened
            opened.disclosures.remove(at: index)
            let code = try given.fault(opened)
            #expect(code == .unaccountedDigest || code == .foreignDisclosure, "seed \(seed), disclosure \(index)")
            opened = given.opened
            opened.disclosures.insert(opened.disclosures[index], at: dice.below(index + 1))
            #expect(try given.fault(opened) == .repeatedDisclosure, "seed \(seed)")
            // Their order says nothing.
            opened = given.opened
            opened.disclosures.shuffle(using: &dice)
            #expect(try given.verify(opened).seen == given.seen, "seed \(seed)")
        }
        guard let stranger else { return }
        var opened = given.opened
        opened.disclosures.append(stranger)
        #expect(try given.fault(opened) == .foreignDisclosure, "seed \(seed)")
    }

    @Test("Each path that is dropped from the lists, invented or listed twice is noticed", arguments: 0..<250)
    func lists(_ seed: UInt64) throws {
        var dice = Dice(seed: seed)
        let given = try Self.some(Self.sealed(&dice), &dice)
        let listed = Set(given.opened.withheld.map(\.pointer) + given.opened.gone.map(\.pointer) + given.opened.absent)
        func isHidden(_ pointer: String) -> Bool {
            listed.contains { $0 != pointer && (pointer.hasPrefix($0 + "/")) }
        }
        for (index, field) in given.opened.withheld.enumerated() {
            var opened = given.opened
            opened.withheld.remove(at: index)
            // Of what stands in something withheld nothing can be seen, not even that it is there.
            let expected: ReadVerificationError.Code? = isHidden(field.pointer) ? nil : .unaccountedDigest
            #expect(try given.fault(opened) == expected, "seed \(seed), \(field.pointer)")
            opened = given.opened
            opened.withheld.append(field)
            #expect(try given.fault(opened) == .unfoundedPath, "seed \(seed), \(field.pointer)")
        }
        for path in ["/nothing here", "/who"] where !listed.contains("") {
            var opened = given.opened
            opened.absent.append(path)
            #expect(try given.fault(opened) == .unfoundedPath, "seed \(seed), \(path)")
        }
    }

    /// A disclosure with another value, salt, name or order.
    private static func changed(_ encoded: [UInt8]) throws -> [[UInt8]] {
        let json = try #require(Base64.decode(String(decoding: encoded, as: UTF8.self), .url))
        var parts = try JSONDocument(parsing: json).root.elements.map { String(decoding: $0.text, as: UTF8.self) }
        let (salt, last) = (parts[0], parts.count - 1)
        var results: [[String]] = []
        func add(_ index: Int, _ text: String) {
            var changed = parts
            changed[index] = text
            results.append(changed)
        }
        add(0, "\"\(salt.dropFirst().dropLast().reversed().map(String.init).joined())x\"")
        add(last, "[\(parts[last])]")
        if last == 2 { add(1, #""other""#) }
        parts.swapAt(0, last)
        results.append(parts)
        return results.map { parts in
            Array(Base64.encode(Array("[\(parts.joined(separator: ","))]".utf8), .url).utf8)
        }
    }
}
