import JSON
import SelectiveDisclosure
import TestSupport
import Testing

/// A payload and disclosures that must be refused, why and where. `$0` stands for the digest of the first disclosure.
struct Refusal: CustomStringConvertible, Sendable {
    let description: String
    let payload: String
    let disclosures: [String]
    let code: DisclosureError.Code
    let pointer: String

    init(
        _ description: String, _ payload: String, _ disclosures: [String], _ code: DisclosureError.Code,
        _ pointer: String = ""
    ) {
        self.description = description
        self.payload = payload
        self.disclosures = disclosures
        self.code = code
        self.pointer = pointer
    }

    /// One of a payload alone.
    init(_ description: String, _ payload: String, _ code: DisclosureError.Code, _ pointer: String) {
        self.init(description, payload, [], code, pointer)
    }
}

@Suite("Processing refuses what the rules of RFC 9901, section 7.1, refuse")
struct RefusalTests {
    private static let decoy = "LAi9gFfdlxp7IDyLT0PWfqTLKwAqzVdEqcJHFpXcSZM"

    static let shapes: [Refusal] = [
        Refusal("an `_sd` that is a string", "{\"_sd\":\"\(decoy)\"}", .malformedDigests, "/_sd"),
        Refusal("an `_sd` that is an object", "{\"_sd\":{}}", .malformedDigests, "/_sd"),
        Refusal("an `_sd` that is null", "{\"a\":{\"_sd\":null}}", .malformedDigests, "/a/_sd"),
        Refusal("a number among digests", "{\"_sd\":[\"\(decoy)\",1]}", .malformedDigests, "/_sd/1"),
        Refusal("a list among digests", "{\"_sd\":[[\"\(decoy)\"]]}", .malformedDigests, "/_sd/0"),
        Refusal("a digest that is too short", "{\"_sd\":[\"\(decoy.dropLast())\"]}", .malformedDigests, "/_sd/0"),
        Refusal("a digest that is too long", "{\"_sd\":[\"\(decoy)A\"]}", .malformedDigests, "/_sd/0"),
        Refusal("a digest with padding", "{\"_sd\":[\"\(decoy.dropLast())=\"]}", .malformedDigests, "/_sd/0"),
        Refusal(
            "a digest in the other alphabet", "{\"_sd\":[\"\(decoy.dropLast(2))+M\"]}", .malformedDigests, "/_sd/0"),
        Refusal(
            "a digest with bits beyond its bytes", "{\"_sd\":[\"\(decoy.dropLast())N\"]}", .malformedDigests, "/_sd/0"),
        Refusal(
            "a digest written with an escape", "{\"_sd\":[\"\\u004c\(decoy.dropFirst())\"]}", .malformedDigests,
            "/_sd/0"),
        Refusal("`...` in an object that is no element", "{\"a\":{\"...\":\"\(decoy)\"}}", .malformedDigests, "/a/..."),
        Refusal("`...` at the top", "{\"...\":\"\(decoy)\"}", .malformedDigests, "/..."),
        Refusal("`...` with another member", "{\"a\":[{\"...\":\"\(decoy)\",\"b\":1}]}", .malformedDigests, "/a/0"),
        Refusal(
            "`...` after another member", "{\"a\":[{\"b\":1,\"...\":\"\(decoy)\"}]}", .malformedDigests, "/a/0/..."),
        Refusal("`...` of a number", "{\"a\":[{\"...\":1}]}", .malformedDigests, "/a/0/..."),
        Refusal("`...` of no digest", "{\"a\":[0,{\"...\":\"x\"}]}", .malformedDigests, "/a/1/..."),
        Refusal("an escaped `_sd`", "{\"\\u005fsd\":1}", .malformedDigests, "/_sd"),
        Refusal(
            "an `_sd` that is wrong in what is disclosed", "{\"a\":{\"_sd\":[\"$0\"]}}",
            ["[\"s\",\"n\",[{\"_sd\":1}]]"],
            .malformedDigests, "/a/n/0/_sd"),
        Refusal(
            "an `_sd` that is wrong in a disclosed element", "{\"a\":[1,{\"...\":\"$0\"}]}",
            ["[\"s\",{\"b\":{\"_sd\":[2]}}]"], .malformedDigests, "/a/1/b/_sd/0"),
    ]

    static let algorithms: [Refusal] = [
        Refusal("another algorithm", "{\"_sd_alg\":\"sha-512\",\"_sd\":[\"x\"]}", .unknownAlgorithm, "/_sd_alg"),
        Refusal("the algorithm in capitals", "{\"_sd_alg\":\"SHA-256\"}", .unknownAlgorithm, "/_sd_alg"),
        Refusal("an algorithm that is null", "{\"_sd_alg\":null}", .unknownAlgorithm, "/_sd_alg"),
        Refusal("an algorithm below the top", "{\"a\":{\"_sd_alg\":\"sha-256\"}}", .misplacedAlgorithm, "/a/_sd_alg"),
        Refusal(
            "an algorithm in what is disclosed", "{\"_sd\":[\"$0\"]}", ["[\"s\",\"n\",{\"_sd_alg\":\"sha-256\"}]"],
            .misplacedAlgorithm, "/n/_sd_alg"),
    ]

    static let names: [Refusal] = [
        Refusal("a claim named `_sd`", "{\"_sd\":[\"$0\"]}", ["[\"s\",\"_sd\",[]]"], .reservedName, "/_sd"),
        Refusal("a claim named `...`", "{\"a\":{\"_sd\":[\"$0\"]}}", ["[\"s\",\"...\",1]"], .reservedName, "/a/..."),
        Refusal(
            "a claim named `_sd_alg`", "{\"_sd\":[\"$0\"]}", ["[\"s\",\"_sd_alg\",\"sha-256\"]"], .reservedName,
            "/_sd_alg"),
        Refusal(
            "a reserved name with an escape", "{\"_sd\":[\"$0\"]}", ["[\"s\",\"_s\\u0064\",1]"], .reservedName, "/_sd"),
        Refusal("a name that is there already", "{\"n\":1,\"_sd\":[\"$0\"]}", ["[\"s\",\"n\",2]"], .nameTaken, "/n"),
        Refusal("a name that comes later", "{\"_sd\":[\"$0\"],\"n\":1}", ["[\"s\",\"n\",2]"], .nameTaken, "/n"),
        Refusal("a name with an escape", "{\"_sd\":[\"$0\"],\"n\":1}", ["[\"s\",\"\\u006e\",2]"], .nameTaken, "/n"),
        Refusal(
            "a name that is there with an escape", "{\"\\u006e\":1,\"_sd\":[\"$0\"]}", ["[\"s\",\"n\",2]"], .nameTaken,
            "/n"),
        Refusal(
            "a name that two disclose", "{\"a\":[{\"_sd\":[\"$0\",\"$1\"]}]}", ["[\"s\",\"n\",1]", "[\"t\",\"n\",1]"],
            .nameTaken, "/a/0/n"),
        Refusal(
            "a name that is there, among many digests",
            "{\"n\":1,\"_sd\":[\(list(0..<20)),\"$0\"]}", ["[\"s\",\"n\",2]"], .nameTaken, "/n"),
        Refusal(
            "a name that two disclose, among many digests",
            "{\"a\":1,\"_sd\":[\(list(0..<20)),\"$0\",\"$1\"]}", ["[\"s\",\"n\",2]", "[\"t\",\"n\",2]"], .nameTaken,
            "/n"),
        Refusal("an element's disclosure in an object", "{\"_sd\":[\"$0\"]}", ["[\"s\",\"n\"]"], .wrongPlace, "/_sd/0"),
        Refusal(
            "a member's disclosure in an array", "{\"a\":[{\"...\":\"$0\"}]}", ["[\"s\",\"n\",1]"], .wrongPlace,
            "/a/0/..."),
    ]

    static let references: [Refusal] = [
        Refusal(
            "a digest twice in an object", "{\"_sd\":[\"$0\",\"$0\"]}", ["[\"s\",\"n\",1]"], .repeatedDigest, "/_sd/1"),
        Refusal(
            "a digest in two objects", "{\"_sd\":[\"$0\"],\"b\":{\"_sd\":[\"$0\"]}}", ["[\"s\",\"n\",1]"],
            .repeatedDigest,
            "/b/_sd/0"),
        Refusal(
            "a digest in an object and an array", "{\"b\":[{\"...\":\"$0\"}],\"a\":{\"_sd\":[\"$0\"]}}", ["[\"s\",1]"],
            .repeatedDigest, "/a/_sd/0"),
        Refusal(
            "a digest of nothing twice", "{\"_sd\":[\"\(decoy)\"],\"a\":[{\"...\":\"\(decoy)\"}]}", .repeatedDigest,
            "/a/0/..."),
        Refusal(
            "a digest of nothing again in what is disclosed", "{\"_sd\":[\"\(decoy)\",\"$0\"]}",
            ["[\"s\",\"n\",{\"m\":[{\"...\":\"\(decoy)\"}]}]"], .repeatedDigest, "/n/m/0/..."),
        Refusal(
            "a digest again in what is disclosed", "{\"_sd\":[\"$0\",\"$1\"]}",
            ["[\"s\",\"n\",1]", "[\"t\",\"m\",{\"_sd\":[\"$0\"]}]"], .repeatedDigest, "/m/_sd/0"),
        Refusal(
            "a disclosure twice", "{\"_sd\":[\"$0\"]}", ["[\"s\",\"n\",1]", "[\"s\",\"n\",1]"], .repeatedDisclosure),
        Refusal("a disclosure of nothing", "{\"_sd\":[\"\(decoy)\"]}", ["[\"s\",\"n\",1]"], .unreferencedDisclosure),
        Refusal(
            "a digest that is only a value", "{\"a\":\"$0\",\"b\":[\"$0\"]}", ["[\"s\",\"n\",1]"],
            .unreferencedDisclosure),
        Refusal(
            "a digest in what nothing refers to", "{\"a\":1}", ["[\"s\",\"n\",1]", "[\"t\",\"m\",{\"_sd\":[\"$0\"]}]"],
            .unreferencedDisclosure),
    ]

    private static func list(_ numbers: Range<Int>) -> String {
        numbers.map { "\"\(SelectiveDisclosureTests.decoy($0))\"" }.joined(separator: ",")
    }

    @Test("with the kind and the place of the fault", arguments: shapes + algorithms + names + references)
    func refuses(_ refusal: Refusal) throws {
        let fault = try processingFault(refusal.payload, refusal.disclosures)
        #expect(fault == Fault(refusal.code, refusal.pointer), "\(refusal)")
    }

    @Test(
        "a payload that is no object of I-JSON",
        arguments: ["", "[]", "\"a\"", "{", "{\"a\":1,\"a\":2}", "{\"a\":1e999}"])
    func malformedPayload(_ text: String) {
        #expect(fault { _ = try SealedPayload(bytes(text)) } == Fault(.malformedPayload))
        #expect(fault { _ = try Sealing(bytes(text), marks: []) } == Fault(.malformedPayload))
    }

    @Test("what is there to be accepted is accepted")
    func accepted() throws {
        func processed(_ payload: String, _ disclosures: [String] = []) throws -> String {
            let (payload, disclosures) = try resolved(payload, disclosures)
            return text(try SealedPayload(payload).processed(with: disclosures))
        }
        #expect(try processed("{}") == "{}")
        #expect(try processed("{\"_sd\":[]}") == "{}")
        #expect(try processed(" {\"_sd\" : [ ] , \"_sd_alg\" : \"sha-256\" } ") == "{}")
        #expect(try processed("{\"_sd_alg\":\"sha-256\",\"a\":1}") == "{\"a\":1}")
        #expect(try processed("{\"a\":1,\"_sd_alg\":\"sha\\u002d256\"}") == "{\"a\":1}")
        #expect(try processed("{\"a\":1,\"_sd\":[\"\(Self.decoy)\"],\"b\":2}") == "{\"a\":1,\"b\":2}")
        #expect(try processed("{\"a\":[{\"...\":\"\(Self.decoy)\"}]}") == "{\"a\":[]}")
        #expect(try processed("{\"a\":[1,{\"...\":\"\(Self.decoy)\"},2]}") == "{\"a\":[1,2]}")
        #expect(
            try processed("{\"a\":[{},[]],\"b\":\"_sd\",\"c\":\"...\"}")
                == "{\"a\":[{},[]],\"b\":\"_sd\",\"c\":\"...\"}")
        #expect(
            try processed(
                "{\"a\":[{\"...\":\"$0\"}],\"_sd\":[\"$1\"]}", ["[\"s\",{\"...x\":1}]", "[\"\", \"n\", [ ] ]"])
                == "{\"a\":[{\"...x\":1}],\"n\":[]}")
        #expect(
            try processed("{\"a\":{\"_sd\":[\"$0\"]},\"n\":1}", ["[\"s\",\"n\",null]"])
                == "{\"a\":{\"n\":null},\"n\":1}")
        #expect(
            try processed(
                "{\"_sd\":[\"$1\"]}",
                ["[\"s\",\"deep\"]", "[\"t\",\"n\",[{\"...\":\"$0\"},{\"...\":\"\(Self.decoy)\"}]]"])
                == "{\"n\":[\"deep\"]}")
    }
}
