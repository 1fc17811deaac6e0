import JSON
import SelectiveDisclosure
import TestSupport
import Testing

@Suite("Sealing")
struct SealingTests {
    private func seal(
        _ payload: String, _ marks: [String], _ paddings: [SealPadding] = [], salts: [Int]? = nil,
        limits: DisclosureLimits = DisclosureLimits()
    ) throws -> Sealing {
        let salts = salts ?? Array(marks.indices)
        return try Sealing(
            bytes(payload), marks: zip(marks, salts).map { SealMark(try pointer($0), salt: salt($1)) },
            paddings: paddings, limits: limits)
    }

    @Test("puts sorted digests at the end of an object, and the digest of an element in its place")
    func layout() throws {
        let sealing = try seal("{\"a\":1,\"b\":[1,2,3],\"c\":3}", ["/a", "/c", "/b/1"])
        let digests = sealing.disclosures.map(\.digest)
        let sorted = [digests[0], digests[1]].sorted()
        #expect(
            text(sealing.payload)
                == "{\"b\":[1,{\"...\":\"\(digests[2])\"},3],\"_sd\":[\"\(sorted[0])\",\"\(sorted[1])\"]}")
        #expect(sealing.disclosures.map(\.name) == ["a", "c", nil])
        #expect(text(try seal("{\"a\":{\"b\":1}}", ["/a/b"]).payload).hasPrefix("{\"a\":{\"_sd\":[\""))
        #expect(text(try seal("{\"a\": 1 }", []).payload) == "{\"a\":1}")
    }

    @Test("of people in a list that is sealed itself lets each be opened, or be gone, by itself")
    func people() throws {
        let payload = "{\"id\":1,\"people\":[{\"name\":\"Li\"},{\"name\":\"Wu\"}],\"port\":\"CNYTN\"}"
        let sealing = try seal(
            payload, ["/people", "/people/0", "/people/1"],
            [SealPadding(try pointer("/people"), count: 4, decoys: [decoy(1), decoy(2)])])
        let (list, li, wu) = (sealing.disclosures[0], sealing.disclosures[1], sealing.disclosures[2])
        #expect(!text(sealing.payload).contains(li.digest.description))
        let placeholders = [li.digest, wu.digest, decoy(1), decoy(2)].map { "{\"...\":\"\($0)\"}" }
        #expect(text(list.value.text) == "[\(placeholders.joined(separator: ","))]")
        let sealed = try SealedPayload(sealing.payload)
        #expect(text(try sealed.processed(with: [])) == "{\"id\":1,\"port\":\"CNYTN\"}")
        #expect(text(try sealed.processed(with: [list])) == "{\"id\":1,\"port\":\"CNYTN\",\"people\":[]}")
        #expect(
            text(try sealed.processed(with: [wu, list]))
                == "{\"id\":1,\"port\":\"CNYTN\",\"people\":[{\"name\":\"Wu\"}]}")
        #expect(fault { _ = try sealed.processed(with: [li]) } == Fault(.unreferencedDisclosure))
        let places = try sealed.digests(with: [list, wu]).map { ($0.pointer.description, $0.disclosure) }
        #expect(places.map(\.0) == ["/_sd/0", "/people/0/...", "/people/1/...", "/people/2/...", "/people/3/..."])
        #expect(places.map(\.1) == [0, nil, 1, nil, nil])
    }

    @Test("tells nothing of whether a padded object had an optional member: same size, same number and form of digests")
    func decoys() throws {
        var positions: Set<Int> = []
        for number in 0..<200 {
            let object = try pointer("/data")
            let own = SealPadding(object, count: 3, decoys: [decoy(number)])
            let without = try seal(
                "{\"data\":{\"id\":7,\"a\":1,\"b\":2}}", ["/data/a", "/data/b"], [own], salts: [number, number + 1000])
            let with = try seal(
                "{\"data\":{\"id\":7,\"a\":1,\"c\":\"Li\",\"b\":2}}", ["/data/a", "/data/b", "/data/c"],
                [SealPadding(object, count: 3, decoys: [])], salts: [number, number + 1000, number + 2000])
            #expect(without.payload.count == with.payload.count)
            let shapes = try [without, with].map { sealing -> String in
                let digests = try SealedPayload(sealing.payload).digests()
                #expect(digests.map(\.digest) == digests.map(\.digest).sorted())
                #expect(digests.allSatisfy { $0.digest.description.utf8.count == DisclosureDigest.characterCount })
                return digests.reduce(text(sealing.payload)) {
                    $0.split(separator: $1.digest.description, omittingEmptySubsequences: false).joined(separator: "#")
                }
            }
            #expect(shapes == Array(repeating: "{\"data\":{\"id\":7,\"_sd\":[\"#\",\"#\",\"#\"]}}", count: 2))
            let digests = try SealedPayload(without.payload).digests().map(\.digest)
            positions.insert(try #require(digests.firstIndex(of: decoy(number))))
        }
        #expect(positions == [0, 1, 2])
    }

    @Test("refuses names of the format's wherever they stand", arguments: ["_sd", "...", "_sd_alg", "_s\\u0064"])
    func reservedNames(_ name: String) {
        let plain = name.hasSuffix("4") ? "_sd" : name
        #expect(fault { _ = try seal("{\"\(name)\":[]}", []) } == Fault(.reservedName, "/\(plain)"))
        #expect(
            fault { _ = try seal("{\"a\":[0,{\"b\" : { \"\(name)\" : 1}}]}", ["/a"]) }
                == Fault(.reservedName, "/a/1/b/\(plain)"))
        #expect(fault { _ = try seal("{\"a\":\"\(name)\"}", ["/a"]) } == nil)
    }

    @Test("refuses marks and paddings of what is not there, of the whole, of one thing twice, and of scalars")
    func marks() throws {
        let payload = "{\"a\":{\"b\":[1]},\"c\":2}"
        for missing in ["/x", "/a/b/1", "/a/b/-", "/c/0", "/a/b/00"] {
            #expect(fault { _ = try seal(payload, [missing]) } == Fault(.invalidMark, missing))
            let padding = SealPadding(try pointer(missing), count: 0, decoys: [])
            #expect(fault { _ = try seal(payload, [], [padding]) } == Fault(.invalidMark, missing))
        }
        #expect(fault { _ = try seal(payload, [""]) } == Fault(.invalidMark))
        #expect(fault { _ = try seal(payload, ["/a/b", "/c", "/a/b"]) } == Fault(.invalidMark, "/a/b"))
        for scalar in ["/c", "/a/b/0"] {
            let padding = SealPadding(try pointer(scalar), count: 1, decoys: [decoy(1)])
            #expect(fault { _ = try seal(payload, [], [padding]) } == Fault(.invalidMark, scalar))
            #expect(fault { _ = try seal(payload, [scalar], [padding]) } == Fault(.invalidMark, scalar))
        }
        let twice = try (1...2).map { SealPadding(try pointer("/a"), count: 1, decoys: [decoy($0)]) }
        #expect(fault { _ = try seal(payload, [], twice) } == Fault(.invalidMark, "/a"))
    }

    @Test("refuses salts that repeat, digests that repeat, and another number of digests than was asked for")
    func repeats() throws {
        let payload = "{\"a\":1,\"b\":2,\"c\":[3]}"
        #expect(fault { _ = try seal(payload, ["/a", "/b"], salts: [1, 1]) } == Fault(.repeatedSalt))
        let many = "{\"l\":[\(Array(repeating: "0", count: 40).joined(separator: ","))]}"
        let places = (0..<40).map { "/l/\($0)" }
        #expect(fault { _ = try seal(many, places, salts: Array(0..<39) + [3]) } == Fault(.repeatedSalt))
        #expect(fault { _ = try seal(many, places) } == nil)

        func padded(_ pointers: [String], _ count: Int, _ decoys: [DisclosureDigest]) -> Fault? {
            fault {
                let paddings = try pointers.map { SealPadding(try pointer($0), count: count, decoys: decoys) }
                _ = try seal(payload, ["/a", "/c/0"], paddings)
            }
        }
        #expect(padded(["", "/c"], 1, []) == nil)
        #expect(padded([""], 2, [decoy(1), decoy(2)]) == Fault(.wrongCount))
        #expect(padded(["/c"], 3, [decoy(1)]) == Fault(.wrongCount, "/c"))
        #expect(padded([""], 3, [decoy(1), decoy(1)]) == Fault(.repeatedDigest))
        #expect(padded(["", "/c"], 2, [decoy(1)]) == Fault(.repeatedDigest))
        let digest = try seal(payload, ["/a"]).disclosures[0].digest
        #expect(padded(["/c"], 2, [digest]) == Fault(.repeatedDigest))
    }

    @Test("by nodes refuses nodes that are keys, that are not there or not in order, and text with white space")
    func nodes() throws {
        let document = try JSONDocument(parsing: bytes("{\"a\":[1,2],\"b\":3}"))
        func seal(_ marks: [Int], _ paddings: [Int] = [], _ document: JSONDocument) -> DisclosureError.Code? {
            var sealer = PayloadSealer()
            return fault {
                try sealer.seal(
                    document.bytes, document.tape,
                    marks: marks.map { PayloadSealer.Mark(node: $0, salt: salt($0)) },
                    paddings: paddings.map { PayloadSealer.Padding(node: $0, count: 1, decoys: [decoy($0)]) })
            }?.code
        }
        #expect(seal([3, 6], [], document) == nil)
        for wrong in [[0], [1], [5], [7], [-1], [6, 3], [3, 3], [1, 2]] {
            #expect(seal(wrong, [], document) == .invalidMark, "\(wrong)")
        }
        #expect(seal([], [0, 2], document) == nil)
        for wrong in [[1], [3], [5], [9], [-1], [2, 0]] {
            #expect(seal([], wrong, document) == .invalidMark, "\(wrong)")
        }
        #expect(seal([], [], try JSONDocument(parsing: bytes("{ }"))) == .malformedPayload)
    }

    @Test("by nodes keeps nothing of what was sealed before, nor of what failed")
    func reuse() throws {
        var sealer = PayloadSealer()
        let document = try JSONDocument(parsing: bytes("{\"a\":[1,2],\"b\":3}"))
        let marks = [2, 4, 6].map { PayloadSealer.Mark(node: $0, salt: salt($0)) }
        try sealer.seal(document.bytes, document.tape, marks: marks, paddings: [])
        let (payload, digests) = (sealer.payload, sealer.disclosures.digests)
        let json = marks.indices.map { Array(sealer.disclosures.json($0)) }
        #expect(throws: DisclosureError.self) {
            try sealer.seal(
                document.bytes, document.tape, marks: [PayloadSealer.Mark(node: 1, salt: salt(1))], paddings: [])
        }
        try sealer.seal(document.bytes, document.tape, marks: marks, paddings: [])
        #expect(sealer.payload == payload && sealer.disclosures.digests == digests)
        #expect(marks.indices.map { Array(sealer.disclosures.json($0)) } == json)
        for (text, digest) in zip(json, digests) { #expect(try Disclosure(json: text).digest == digest) }
    }
}
