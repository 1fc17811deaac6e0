import JSON
import SelectiveDisclosure
import TestSupport
import Testing

@Suite("What holds for any payload, any marks and any disclosures")
struct PropertyTests {
    /// A payload at random, and what sealing makes of it. The disclosure of a mark has the mark's number.
    private struct Sample {
        let tree: Tree
        let marks: [Tree.Mark]
        let decoys: Int
        let original: [UInt8]
        let payload: [UInt8]
        let disclosures: [Disclosure]
        var dice: Dice

        init(seed: UInt64) throws {
            var random = RandomTree(seed: seed)
            tree = random.payload()
            marks = tree.marks().sorted { $0.number < $1.number }
            var spaces: Dice? = random.dice.oneIn(2) ? random.dice : nil
            original = Array(tree.json(showing: nil, &spaces).utf8)
            dice = random.dice
            var seals = marks.map { (number: $0.number, mark: SealMark($0.pointer, salt: salt($0.number))) }
            seals.shuffle(using: &dice)
            var decoys = 0
            var paddings: [SealPadding] = []
            for padding in tree.paddings() {
                let own = (decoys..<decoys + padding.decoys).map { decoy($0) }
                paddings.append(SealPadding(padding.pointer, count: padding.marks + padding.decoys, decoys: own))
                decoys += padding.decoys
            }
            paddings.shuffle(using: &dice)
            let sealing = try Sealing(original, marks: seals.map(\.mark), paddings: paddings)
            let ordered = zip(seals.map(\.number), sealing.disclosures).sorted { $0.0 < $1.0 }.map(\.1)
            self.decoys = decoys
            payload = sealing.payload
            disclosures = ordered
        }

        /// Some of the marks; with each also those it is within, if they are to be connected.
        mutating func subset(connected: Bool) -> Set<Int> {
            var subset: Set<Int> = []
            let rarity = dice.within(1..<4)
            for mark in marks where dice.oneIn(rarity) { subset.insert(mark.number) }
            guard connected else { return subset }
            for mark in marks.reversed() where subset.contains(mark.number) {
                if let parent = mark.parent { subset.insert(parent) }
            }
            return subset
        }

        /// The disclosures of some marks, in any order.
        mutating func given(_ subset: Set<Int>) -> [Disclosure] {
            subset.sorted().map { disclosures[$0] }.shuffled(using: &dice)
        }
    }

    private static let seeds: ClosedRange<UInt64> = 1...400

    @Test("all disclosures together give the original, none give what is not marked", arguments: seeds)
    func allAndNone(_ seed: UInt64) throws {
        var sample = try Sample(seed: seed)
        let sealed = try SealedPayload(sample.payload)
        #expect(sealed.document.bytes == sample.payload, "seed \(seed): compact")
        let all = try sealed.processed(with: sample.given(Set(sample.marks.map(\.number))))
        #expect(try canonical(all) == canonical(sample.original), "seed \(seed)")
        let none = try sealed.processed(with: [])
        #expect(try canonical(none) == canonical(sample.tree.json(showing: [])), "seed \(seed)")
        #expect(try JSONDocument(parsing: all).tape.whitespaceBytes == 0, "seed \(seed)")
    }

    @Test("any subset gives the payload without the rest, whatever the order of the disclosures", arguments: seeds)
    func subsets(_ seed: UInt64) throws {
        var sample = try Sample(seed: seed)
        let sealed = try SealedPayload(sample.payload)
        for _ in 0..<4 {
            let subset = sample.subset(connected: true)
            let processed = try sealed.processed(with: sample.given(subset))
            #expect(try canonical(processed) == canonical(sample.tree.json(showing: subset)), "seed \(seed): \(subset)")
            #expect(try sealed.processed(with: sample.given(subset)) == processed, "seed \(seed): \(subset)")
        }
    }

    @Test("a disclosure without what it is within is refused, and only then", arguments: seeds)
    func unconnected(_ seed: UInt64) throws {
        var sample = try Sample(seed: seed)
        let sealed = try SealedPayload(sample.payload)
        for _ in 0..<4 {
            let subset = sample.subset(connected: false)
            let isConnected = sample.marks.allSatisfy { mark in
                !subset.contains(mark.number) || mark.parent.map(subset.contains) ?? true
            }
            let given = sample.given(subset)
            let fault = fault { _ = try sealed.processed(with: given) }
            #expect(fault == (isConnected ? nil : Fault(.unreferencedDisclosure)), "seed \(seed): \(subset)")
        }
    }

    @Test("what trusts the disclosures gives byte for byte what checks them", arguments: seeds)
    func verifiedGiveTheSame(_ seed: UInt64) throws {
        var sample = try Sample(seed: seed)
        let sealed = try SealedPayload(sample.payload)
        #expect(sealed.isPlain(sample.payload) && sample.disclosures.allSatisfy(\.isPlain), "seed \(seed)")
        var verified = VerifiedDisclosures()
        for _ in 0..<4 {
            let subset = sample.subset(connected: true)
            let given = sample.given(subset)
            verified.removeAll()
            for disclosure in given { try verified.append(json: disclosure.json, digest: disclosure.digest) }
            // A stretch of an entry: what is around it stays out.
            var output = bytes("before,")
            let used = try verified.merge(
                into: bytes("[{\"_sd\":[") + sample.payload + bytes(",{\"...\":"), 9..<9 + sample.payload.count,
                to: &output)
            #expect(used == given.count, "seed \(seed): \(subset)")
            #expect(
                try text(output) == text(bytes("before,") + sealed.processed(with: given)), "seed \(seed): \(subset)")
        }
    }

    @Test("every mark and decoy has one digest, found where it should be", arguments: seeds)
    func digests(_ seed: UInt64) throws {
        var sample = try Sample(seed: seed)
        let sealed = try SealedPayload(sample.payload)
        let given = sample.given(Set(sample.marks.map(\.number)))
        let digests = try sealed.digests(with: given)
        #expect(digests.count == sample.marks.count + sample.decoys, "seed \(seed)")
        #expect(Set(digests.compactMap(\.disclosure)) == Set(given.indices), "seed \(seed)")
        let processed = try JSONDocument(parsing: sealed.processed(with: given))
        for digest in digests {
            guard let number = digest.disclosure, let name = given[number].name else { continue }
            #expect(digest.digest == given[number].digest, "seed \(seed)")
            // Elements before one that is withheld keep their indices, so only members can be looked up by their
            // places.
            let place = JSONPointer(tokens: digest.pointer.tokens.dropLast(2) + [name])
            guard !digest.pointer.tokens.contains("...") else { continue }
            #expect(processed.root.value(at: place) != nil, "seed \(seed): \(digest.pointer)")
        }
        #expect(try sealed.digests().allSatisfy { $0.disclosure == nil }, "seed \(seed)")
    }

    @Test("sealing again, and sealing what was compact already, gives the same bytes", arguments: seeds)
    func sealingRepeats(_ seed: UInt64) throws {
        let (one, other) = (try Sample(seed: seed), try Sample(seed: seed))
        #expect(one.payload == other.payload && one.disclosures == other.disclosures, "seed \(seed)")
        let marks = one.marks.map { SealMark($0.pointer, salt: salt($0.number)) }
        let loose = try Sealing(one.original, marks: marks)
        let compact = try Sealing(one.tree.json(), marks: marks)
        #expect(loose.payload == compact.payload && loose.disclosures == compact.disclosures, "seed \(seed)")
    }

    @Test("a disclosure read from its text is the one that was made, byte for byte", arguments: seeds)
    func disclosuresRoundTrip(_ seed: UInt64) throws {
        for disclosure in try Sample(seed: seed).disclosures {
            let read = try Disclosure(encoded: disclosure.encoded)
            #expect(
                read == disclosure && read.json == disclosure.json && read.digest == disclosure.digest, "seed \(seed)")
            #expect(DisclosureDigest(disclosure.digest.description) == disclosure.digest, "seed \(seed)")
        }
    }

    @Test("changed bytes of a payload never crash it, and what both paths take they take alike", arguments: 1...200)
    func mutations(_ seed: UInt64) throws {
        var sample = try Sample(seed: seed)
        let given = sample.given(sample.subset(connected: true))
        for _ in 0..<40 {
            var changed = sample.payload
            for _ in 0...sample.dice.below(2) where !changed.isEmpty {
                let at = sample.dice.below(changed.count)
                switch sample.dice.below(3) {
                case 0: changed[at] = sample.dice.pick(Array("{}[]\",:._sdA-\\ 1".utf8))
                case 1: changed.remove(at: at)
                default: changed.insert(contentsOf: changed[at..<min(changed.count, at + 9)], at: at)
                }
            }
            guard let sealed = try? SealedPayload(changed), let processed = try? sealed.processed(with: given),
                sealed.isPlain(changed)
            else { continue }
            var verified = VerifiedDisclosures()
            for disclosure in given { try verified.append(json: disclosure.json, digest: disclosure.digest) }
            var output: [UInt8] = []
            let used = try verified.merge(into: changed, 0..<changed.count, to: &output)
            #expect(used == given.count && output == processed, "seed \(seed): \(text(changed))")
        }
    }
}
