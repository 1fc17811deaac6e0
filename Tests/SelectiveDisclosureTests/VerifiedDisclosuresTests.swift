import SelectiveDisclosure
import TestSupport
import Testing

@Suite("Disclosures that are trusted")
struct VerifiedDisclosuresTests {
    private func merged(_ payload: String, _ disclosures: [Disclosure]) throws -> (text: String, used: Int) {
        var verified = VerifiedDisclosures()
        for disclosure in disclosures { try verified.append(json: disclosure.json, digest: disclosure.digest) }
        #expect(verified.count == disclosures.count)
        var output: [UInt8] = []
        let used = try verified.merge(into: bytes(payload), 0..<payload.utf8.count, to: &output)
        return (text(output), used)
    }

    @Test("say how many were of use")
    func used() throws {
        let (payload, disclosures) = try resolved(
            "{\"a\":[{\"...\":\"$1\"}]}", ["[\"s\",\"n\",1]", "[\"t\",{\"_sd\":[\"$0\"]}]", "[\"u\",\"m\",1]"])
        #expect(try merged(text(payload), disclosures) == ("{\"a\":[{\"n\":1}]}", 2))
        #expect(try merged(text(payload), [disclosures[0]]) == ("{\"a\":[]}", 0))
        #expect(try merged("{}", []) == ("{}", 0))
        #expect(try merged("{\"_sd_alg\":\"sha-256\",\"_sd\":[]}", []) == ("{}", 0))
    }

    @Test(
        "have the form of disclosures",
        arguments: ["", "[", "[]", "[\"s\"]", "[\"s\",]", "[\"s\",\"n\",]", "{\"s\":1}", "[1,2]", "[\"s\" ,1]"])
    func malformed(_ json: String) {
        var verified = VerifiedDisclosures()
        #expect(
            fault { try verified.append(json: bytes(json), digest: decoy(1)) } == Fault(.malformedDisclosure), "\(json)"
        )
    }

    @Test("a payload that was cut or is none ends in an error or in itself, never in a crash")
    func unverified() throws {
        let (payload, disclosures) = try resolved(
            "{\"a\":[{\"...\":\"$0\"}],\"_sd\":[\"$1\",\"$2\"],\"_sd_alg\":\"sha-256\"}",
            ["[\"s\",1]", "[\"t\",\"n\",2]", "[\"u\",\"m\",\"\\\"\"]"])
        for start in payload.indices {
            for end in [start, min(payload.count, start + 30), payload.count - 1, payload.count] where end >= start {
                _ = fault { _ = try merged(text(payload[start..<end]), disclosures) }
            }
        }
        for cut in payload.indices { _ = fault { _ = try merged(text(payload[..<cut]), disclosures) } }
        #expect(
            fault { _ = try merged("{\"_sd\":[\"\(decoy(1))x\"]}", []) } == Fault(.malformedDigests))
        #expect(fault { _ = try merged("{\"a\":[{\"...\":\"short\"}]}", []) } == Fault(.malformedDigests))
    }
}
