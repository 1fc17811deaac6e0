import JSON
import SelectiveDisclosure
import TestSupport
import Testing

@Suite("The limits of selective disclosure")
struct LimitTests {
    /// Lists in one another around a text.
    private func lists(_ depth: Int, _ inner: String) -> String {
        String(repeating: "[", count: depth) + inner + String(repeating: "]", count: depth)
    }

    @Test("depth is that of the payload with what is disclosed in it")
    func depth() throws {
        let limits = DisclosureLimits(maximumDepth: 8)
        // The object and six lists in the payload, and what is disclosed in the innermost of them.
        let payload = "{\"a\":\(lists(6, "{\"...\":\"$0\"}"))}"
        #expect(try processingFault(payload, ["[\"s\",[]]"], limits: limits) == nil)
        let path = "/a" + String(repeating: "/0", count: 6)
        #expect(try processingFault(payload, ["[\"s\",[[]]]"], limits: limits) == Fault(.tooDeep, path + "/0"))
        // Digests stand in a list, so what is sealed can be deeper than what it reads as.
        let object = "{\"a\":\(lists(5, "{\"_sd\":[\"$0\"]}"))}"
        #expect(try processingFault(object, ["[\"s\",\"n\",{}]"], limits: limits) == nil)
        let place = "/a" + String(repeating: "/0", count: 5) + "/n/m"
        #expect(try processingFault(object, ["[\"s\",\"n\",{\"m\":[]}]"], limits: limits) == Fault(.tooDeep, place))
        #expect(fault { _ = try SealedPayload(bytes("{\"a\":\(lists(7, ""))}"), limits: limits) } == nil)
        #expect(fault { _ = try SealedPayload(bytes("{\"a\":\(lists(8, ""))}"), limits: limits) } == Fault(.tooDeep))
        #expect(fault { _ = try Disclosure(json: bytes("[\"s\",\(lists(8, ""))]"), limits: limits) } == nil)
        #expect(
            fault { _ = try Disclosure(json: bytes("[\"s\",\(lists(9, ""))]"), limits: limits) }
                == Fault(.malformedDisclosure))
        #expect(DisclosureLimits(maximumDepth: 1_000_000).maximumDepth == 512)
    }

    @Test("the deepest payload that can be asked for is sealed, processed and merged")
    func deepest() throws {
        let limits = DisclosureLimits(maximumDepth: 512)
        let payload = bytes("{\"a\":\(lists(510, "1"))}")
        let mark = SealMark(JSONPointer(tokens: ["a"] + Array(repeating: "0", count: 510)), salt: salt(1))
        let sealing = try Sealing(payload, marks: [mark], limits: limits)
        let processed = try SealedPayload(sealing.payload, limits: limits).processed(with: sealing.disclosures)
        #expect(processed == payload)
        var verified = VerifiedDisclosures()
        try verified.append(json: sealing.disclosures[0].json, digest: sealing.disclosures[0].digest)
        var merged: [UInt8] = []
        #expect(try verified.merge(into: sealing.payload, sealing.payload.indices, to: &merged) == 1)
        #expect(merged == payload)
    }

    @Test("as many disclosures within one another as fit, and not one more")
    func chain() throws {
        func chain(_ count: Int) -> [String] {
            (0..<count).map { $0 == 0 ? "[\"s\",\"n\",{}]" : "[\"s\($0)\",\"n\",{\"_sd\":[\"$\($0 - 1)\"]}]" }
        }
        #expect(try processingFault("{\"_sd\":[\"$62\"]}", chain(63)) == nil)
        let path = String(repeating: "/n", count: 64)
        #expect(try processingFault("{\"_sd\":[\"$63\"]}", chain(64)) == Fault(.tooDeep, path))
    }

    @Test("disclosures and digests are counted")
    func counts() throws {
        let limits = DisclosureLimits(maximumDisclosures: 3, maximumDigests: 5)
        let list = (0..<6).map { "\"\(decoy($0))\"" }
        #expect(try processingFault("{\"_sd\":[\(list.prefix(5).joined(separator: ","))]}", [], limits: limits) == nil)
        #expect(
            try processingFault("{\"_sd\":[\(list.joined(separator: ","))]}", [], limits: limits) == Fault(.tooMany))
        let marks = try (0..<4).map { SealMark(try pointer("/l/\($0)"), salt: salt($0)) }
        let sealing = try Sealing(bytes("{\"l\":[0,1,2,3]}"), marks: marks)
        #expect(
            fault { _ = try SealedPayload(sealing.payload, limits: limits).processed(with: sealing.disclosures) }
                == Fault(.tooMany))
        #expect(fault { _ = try Sealing(bytes("{\"l\":[0,1,2,3]}"), marks: marks, limits: limits) } == Fault(.tooMany))
        let padding = SealPadding(try pointer("/l"), count: 6, decoys: (0..<3).map { decoy($0) })
        #expect(
            fault {
                _ = try Sealing(
                    bytes("{\"l\":[0,1,2,3]}"), marks: Array(marks.prefix(3)), paddings: [padding], limits: limits)
            } == Fault(.tooMany))
    }

    @Test("bytes are counted")
    func sizes() throws {
        let limits = DisclosureLimits(maximumPayloadBytes: 10, maximumDisclosureBytes: 12)
        #expect(fault { _ = try SealedPayload(bytes("{\"a\":1234}"), limits: limits) } == nil)
        #expect(fault { _ = try SealedPayload(bytes("{\"a\":12345}"), limits: limits) } == Fault(.tooLarge))
        #expect(fault { _ = try Sealing(bytes("{\"a\":12345}"), marks: [], limits: limits) } == Fault(.tooLarge))
        #expect(fault { _ = try Disclosure(json: bytes("[\"s\",\"n\",12]"), limits: limits) } == nil)
        let large = try disclosure("[\"s\",\"n\",123]")
        #expect(fault { _ = try Disclosure(json: large.json, limits: limits) } == Fault(.tooLarge))
        #expect(fault { _ = try Disclosure(encoded: large.encoded, limits: limits) } == Fault(.tooLarge))
        #expect(fault { _ = try Disclosure(salt: salt(1), element: bytes("1"), limits: limits) } == Fault(.tooLarge))
        #expect(fault { _ = try SDJWT("aaaa.bbbb.c~", limits: limits) } == Fault(.tooLarge))
    }

    @Test("many names in many objects are compared in time", .timeLimit(.minutes(15)))
    func manyNames() throws {
        let count = 1000
        let members = (0..<20_000).map { "\"m\($0)\":0" }.joined(separator: ",")
        let disclosures = try (0..<count).map { try disclosure("[\"s\",\"n\($0)\",\($0)]") }
        let list = disclosures.map { "\"\($0.digest)\"" }.joined(separator: ",")
        let sealed = try SealedPayload(bytes("{\(members),\"_sd\":[\(list)]}"))
        let processed = try JSONDocument(parsing: sealed.processed(with: disclosures))
        #expect(processed.root.members.count == 21_000)
    }
}
