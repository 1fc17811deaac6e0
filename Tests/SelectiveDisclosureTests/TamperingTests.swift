import JSON
import SelectiveDisclosure
import TestSupport
import Testing

@Suite("A disclosure that is not the one that was sealed is refused")
struct TamperingTests {
    private static let payload =
        "{\"id\":\"7\",\"importer\":{\"name\":\"Harbour Co.\",\"people\":[{\"n\":\"Li\"},{\"n\":\"Wu\"}]},"
        + "\"tags\":[\"x\",\"y\"]}"

    private func sealing() throws -> Sealing {
        try Sealing(
            bytes(Self.payload),
            marks: [
                SealMark(try pointer("/importer"), salt: salt(1)),
                SealMark(try pointer("/importer/people/0"), salt: salt(2)),
                SealMark(try pointer("/importer/people/1"), salt: salt(3)),
                SealMark(try pointer("/tags/1"), salt: salt(4)),
            ])
    }

    private func fault(_ payload: [UInt8], _ encoded: [[UInt8]]) -> Fault? {
        SelectiveDisclosureTests.fault {
            _ = try SealedPayload(payload).processed(with: encoded.map { try Disclosure(encoded: $0) })
        }
    }

    @Test("whichever of its bytes is changed, to whatever", arguments: 0...3)
    func everyByte(_ number: Int) throws {
        let sealing = try sealing()
        let encoded = sealing.disclosures.map(\.encoded)
        #expect(fault(sealing.payload, encoded) == nil)
        for at in encoded[number].indices {
            for value in UInt8.min...UInt8.max where value != encoded[number][at] {
                var changed = encoded
                changed[number][at] = value
                let code = fault(sealing.payload, changed)?.code
                #expect(
                    code == .malformedDisclosure || code == .unreferencedDisclosure, "byte \(at) to \(value)")
            }
        }
    }

    @Test("whichever byte is taken out, repeated or put at the end", arguments: 0...3)
    func everyLength(_ number: Int) throws {
        let sealing = try sealing()
        let encoded = sealing.disclosures.map(\.encoded)
        for at in encoded[number].indices {
            var shorter = encoded
            shorter[number].remove(at: at)
            #expect(fault(sealing.payload, shorter) != nil, "byte \(at)")
            var longer = encoded
            longer[number].insert(encoded[number][at], at: at)
            #expect(fault(sealing.payload, longer) != nil, "byte \(at)")
        }
        for end in [bytes("="), bytes("A"), bytes("AAAA"), bytes(" "), bytes("~")] {
            var longer = encoded
            longer[number] += end
            #expect(fault(sealing.payload, longer) != nil, "\(text(end))")
        }
    }

    @Test("another value, salt or name, another order of its parts or of an array in it, another way of writing it")
    func parts() throws {
        let sealing = try sealing()
        let parts = sealing.disclosures.map { text($0.json) }
        let (people, tag) = (parts[0], parts[3])
        func changed(_ json: String, _ of: String, _ by: String) throws -> String {
            let pieces = json.split(separator: of, maxSplits: 1, omittingEmptySubsequences: false)
            try #require(pieces.count == 2, "“\(of)” is in \(json)")
            return pieces.joined(separator: by)
        }
        let digests = sealing.disclosures.map(\.digest.description)
        let swapped = try changed(
            changed(changed(people, digests[1], "#"), digests[2], digests[1]), "#", digests[2])
        let changes = [
            (0, try changed(people, "Harbour Co.", "Harbor Co.")), (0, try changed(people, "importer", "exporter")),
            (0, try changed(people, salt(1).description, salt(9).description)), (0, swapped),
            (0, try changed(people, "\",\"importer\"", "\", \"importer\"")),
            (0, try changed(people, "\"\(salt(1))\",\"importer\"", "\"importer\",\"\(salt(1))\"")),
            (0, try changed(people, "Harbour", "\\u0048arbour")),
            (3, try changed(tag, "\"y\"", "\"x\"")), (3, "[\"y\",\"\(salt(4))\"]"),
        ]
        for (number, json) in changes {
            var encoded = sealing.disclosures.map(\.encoded)
            encoded[number] = try disclosure(json).encoded
            #expect(fault(sealing.payload, encoded) == Fault(.unreferencedDisclosure), "\(json)")
        }
    }

    @Test("one of another event, though it says the same")
    func otherEvent() throws {
        let sealing = try sealing()
        let other = try Sealing(bytes(Self.payload), marks: [SealMark(try pointer("/tags/1"), salt: salt(5))])
        #expect(fault(sealing.payload, other.disclosures.map(\.encoded)) == Fault(.unreferencedDisclosure))
    }
}
