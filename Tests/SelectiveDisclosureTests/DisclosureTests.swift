import JSON
import SelectiveDisclosure
import TestSupport
import Testing
import Transparency

@Suite("Disclosures")
struct DisclosureTests {
    @Test("are compact arrays when they are made, and hashed as they are written")
    func made() throws {
        let member = try Disclosure(salt: salt(1), name: "a\"b", value: bytes(" { \"c\" : [ 1, 2.50 ] } "))
        #expect(text(member.json) == "[\"AAAAAAAAWhcAAAAAAAAAAQ\",\"a\\\"b\",{\"c\":[1,2.50]}]")
        #expect(member.description == Base64.encode(member.json, .url))
        #expect(member.salt == salt(1).description && member.name == "a\"b")
        #expect(text(member.value.text) == "{\"c\":[1,2.50]}")
        #expect(member.digest == DisclosureDigest(ofEncoded: bytes(member.description)))
        let element = try Disclosure(salt: salt(1), element: bytes("\"US\""))
        #expect(text(element.json) == "[\"AAAAAAAAWhcAAAAAAAAAAQ\",\"US\"]")
        #expect(element.name == nil && element.value.string == "US")
        #expect(try Disclosure(element.description) == element)
        #expect(try Disclosure(json: element.json).digest == element.digest)
    }

    @Test(
        "keep their bytes when they are read: RFC 9901, section 4.2.1, writes one claim in four ways",
        arguments: [
            ("WyJfMjZiYzRMVC1hYzZxMktJNmNCVzVlcyIsICJmYW1pbHlfbmFtZSIsICJNw7ZiaXVzIl0", false),
            ("WyJfMjZiYzRMVC1hYzZxMktJNmNCVzVlcyIsICJmYW1pbHlfbmFtZSIsICJNXHUwMGY2Yml1cyJd", false),
            ("WyJfMjZiYzRMVC1hYzZxMktJNmNCVzVlcyIsImZhbWlseV9uYW1lIiwiTcO2Yml1cyJd", true),
            ("WwoiXzI2YmM0TFQtYWM2cTJLSTZjQlc1ZXMiLAoiZmFtaWx5X25hbWUiLAoiTcO2Yml1cyIKXQ", false),
        ])
    func read(_ encoded: String, isPlain: Bool) throws {
        let disclosure = try Disclosure(encoded)
        #expect(disclosure.salt == "_26bc4LT-ac6q2KI6cBW5es")
        #expect(disclosure.name == "family_name" && disclosure.value.string == "Möbius")
        #expect(disclosure.description == encoded && disclosure.isPlain == isPlain)
        #expect(disclosure.digest == DisclosureDigest(ofEncoded: bytes(encoded)))
    }

    @Test("have the digest that RFC 9901, section 4.2.3, gives for the first of these")
    func digest() throws {
        let disclosure = try Disclosure("WyJfMjZiYzRMVC1hYzZxMktJNmNCVzVlcyIsICJmYW1pbHlfbmFtZSIsICJNw7ZiaXVzIl0")
        #expect(disclosure.digest.description == "X9yH0Ajrdm1Oij4tWso9UzzKJvPoDxwmuEcO3XAdRC0")
    }

    @Test(
        "of another form are refused",
        arguments: [
            "", "[]", "[\"s\"]", "[\"s\",\"n\",1,2]", "{\"s\":1}", "\"s\"", "[1,\"n\",1]", "[null,1]", "[\"s\",1,2]",
            "[\"s\",[],2]", "[[\"s\"],\"n\",1]", "[\"s\",\"n\",1", "[\"s\",\"n\",1]]", "[\"s\",\"n\",]",
            "[\"s\",\"n\",01]", "[\"s\",\"n\",9007199254740993]", "[\"s\",\"n\",{\"a\":1,\"a\":2}]",
            "[\"s\",\"\\ud800\",1]",
        ])
    func malformed(_ json: String) {
        #expect(fault { _ = try Disclosure(json: bytes(json)) } == Fault(.malformedDisclosure), "\(json)")
        let encoded = Base64.encode(bytes(json), .url)
        #expect(fault { _ = try Disclosure(encoded) } == Fault(.malformedDisclosure), "\(json)")
    }

    @Test(
        "of another text than base64url are refused",
        arguments: [
            "WyJzIiwiblwiLDFd ", "WyJzIiwgMV0=", "WyJzIiwgMV1", "W", "!!!!", "WyJzIiw/MV0", "WyJz\nIiwgMV0",
            "WyJzIiwgMV0\0",
        ])
    func encoding(_ encoded: String) {
        #expect(fault { _ = try Disclosure(encoded) } == Fault(.malformedDisclosure), "\(encoded)")
    }

    @Test(
        "are not made of what is no JSON, or of more than one value",
        arguments: ["", "1,2", "1],[2", "\"x\",1", "nul", "1]"])
    func badValues(_ value: String) {
        #expect(
            fault { _ = try Disclosure(salt: salt(1), name: "n", value: bytes(value)) } == Fault(.malformedDisclosure))
        #expect(fault { _ = try Disclosure(salt: salt(1), element: bytes(value)) } == Fault(.malformedDisclosure))
    }

    @Test("are not made with a name of the format's", arguments: ["_sd", "...", "_sd_alg"])
    func reserved(_ name: String) {
        #expect(fault { _ = try Disclosure(salt: salt(1), name: name, value: bytes("1")) } == Fault(.reservedName))
    }

    @Test("of foreign writing are known for what the fast path cannot take")
    func plain() throws {
        #expect(try disclosure("[\"s\",\"n\",{\"_sd\":[],\"x\":\"\\u005fsd\"}]").isPlain)
        #expect(try !disclosure("[\"s\",\"n\",{\"\\u005fsd\":[]}]").isPlain)
        #expect(try !disclosure("[\"s\", 1]").isPlain)
        for (payload, isPlain) in [
            ("{\"_sd\":[],\"a\":\"\\u005fsd\"}", true), ("{\"_\\u0073d\":[]}", false), ("{\"a\": 1}", false),
            ("{\"a\":[{\"\\u002e..\":\"\(decoy(1))\"}]}", false),
        ] {
            #expect(try SealedPayload(bytes(payload)).isPlain(bytes(payload)) == isPlain, "\(payload)")
        }
    }

    @Test("salts are 16 bytes and 22 characters, drawn ones differ")
    func salts() throws {
        let salt = try #require(DisclosureSalt(bytes: 0..<16))
        #expect(
            salt.description == "AAECAwQFBgcICQoLDA0ODw" && salt.description.utf8.count == DisclosureSalt.characterCount
        )
        #expect(DisclosureSalt(bytes: 0..<15) == nil && DisclosureSalt(bytes: 0..<17) == nil)
        #expect(Set((0..<100).map { _ in DisclosureSalt.random() }).count == 100)
    }

    @Test("digests are read as they are written, compared as texts, and made of 32 bytes", arguments: 1...200)
    func digests(_ seed: UInt64) throws {
        var dice = Dice(seed: seed)
        let values = (0..<4).map { _ in dice.bytes(32) } + [dice.bytes(31) + [0]]
        let digests = try values.map { try #require(DisclosureDigest(bytes: $0)) }
        for (value, digest) in zip(values, digests) {
            #expect(digest.description == Base64.encode(value, .url), "seed \(seed)")
            #expect(DisclosureDigest(digest.description) == digest, "seed \(seed)")
            #expect(DisclosureDigest(String(digest.description.dropLast()) + "!") == nil, "seed \(seed)")
        }
        #expect(
            digests.sorted().map(\.description)
                == digests.map(\.description).sorted { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) },
            "seed \(seed)")
        #expect(Set(digests).count == 5, "seed \(seed)")
        #expect(DisclosureDigest(bytes: dice.bytes(31)) == nil && DisclosureDigest("") == nil)
    }
}
