import Crypto
import JSON
import SelectiveDisclosure
import TestSupport
import Testing
import Transparency

@Suite(
    "The vectors of RFC 9901",
    .enabled(if: SharedFolder.has("vectors/sd-jwt"), "vectors/sd-jwt is not in the shared folder"))
struct VectorTests {
    private static func vectors(_ name: String) throws -> JSONValue {
        try JSONDocument(parsing: SharedFolder.bytes("vectors/sd-jwt/\(name).json")).root
    }

    @Test("87 disclosures have the digests and the contents they should have, and keep their bytes")
    func disclosures() throws {
        let pairs = try #require(try Self.vectors("derived-disclosure-digests")["pairs"]).elements
        #expect(pairs.count == 87)
        for pair in pairs {
            let encoded = try #require(pair["disclosure"]?.string)
            let disclosure = try Disclosure(encoded)
            #expect(disclosure.digest.description == pair["sha256_b64url"]?.string, "\(encoded)")
            #expect(disclosure.description == encoded)
            #expect(try Disclosure(json: disclosure.json).description == encoded)
            let contents = try #require(pair["contents"]).elements
            #expect(disclosure.salt == contents[0].string)
            #expect(disclosure.name == (contents.count == 3 ? contents[1].string : nil), "\(encoded)")
            let value = try #require(contents.last)
            #expect(
                JSONCanonicalForm.bytes(of: disclosure.value) == JSONCanonicalForm.bytes(of: value), "\(encoded)")
            // Made anew it is compact, and else the same.
            let salt = try #require(Base64.decode(disclosure.salt, .url).flatMap { DisclosureSalt(bytes: $0) })
            let made =
                if let name = disclosure.name {
                    try Disclosure(salt: salt, name: name, value: Array(value.text))
                } else {
                    try Disclosure(salt: salt, element: Array(value.text))
                }
            #expect(try canonical(made.json) == canonical(disclosure.json), "\(encoded)")
        }
    }

    /// A token, and what it must read as.
    private struct Token {
        let text: String
        let hasKeyBinding: Bool
        let disclosures: Int
    }

    private static func tokens() throws -> [Token] {
        try #require(try vectors("derived-compact-tokens")["tokens"]).elements.map { token in
            Token(
                text: try #require(token["sd_jwt"]?.string), hasKeyBinding: token["has_kb"]?.bool == true,
                disclosures: Int(try #require(token["disclosures"]?.integer)))
        }
    }

    private static func key(_ jwk: JSONValue?) throws -> P256.Signing.PublicKey {
        let coordinates = try ["x", "y"].flatMap { name in
            let text = try #require(jwk?[name]?.string)
            return try #require(Base64.decode(text, .url))
        }
        return try P256.Signing.PublicKey(x963Representation: [4] + coordinates)
    }

    private static func isSigned(_ token: SignedToken, by key: P256.Signing.PublicKey) throws -> Bool {
        key.isValidSignature(
            try P256.Signing.ECDSASignature(rawRepresentation: token.signature), for: token.signedBytes)
    }

    @Test("8 tokens are taken apart so that their signatures hold, and 3 with key binding are bound as they should be")
    func tokens() throws {
        let issuer = try Self.key(try Self.vectors("derived-compact-tokens")["issuer_jwk"])
        let tokens = try Self.tokens()
        #expect(tokens.count == 8 && tokens.count(where: \.hasKeyBinding) == 3)
        for vector in tokens {
            let token = try SDJWT(vector.text)
            #expect(token.description == vector.text)
            #expect(token.disclosures.count == vector.disclosures)
            #expect(token.token.algorithm == "ES256")
            #expect(try Self.isSigned(token.token, by: issuer))
            let processed = try JSONDocument(parsing: token.processedPayload())
            guard vector.hasKeyBinding else {
                #expect(fault { _ = try token.checkKeyBinding() } == Fault(.missingKeyBinding))
                continue
            }
            let claims = try token.checkKeyBinding()
            #expect(claims.root["nonce"]?.string == "1234567890")
            let holder = try Self.key(processed.root["cnf"]?["jwk"])
            #expect(try Self.isSigned(try #require(token.keyBinding), by: holder))
            // Another set or order of disclosures is another SD-JWT.
            var parts = vector.text.split(separator: "~", omittingEmptySubsequences: false)
            parts.swapAt(1, 2)
            #expect(fault { _ = try SDJWT(parts.joined(separator: "~")).checkKeyBinding() } == Fault(.wrongKeyBinding))
            parts.remove(at: 1)
            #expect(fault { _ = try SDJWT(parts.joined(separator: "~")).checkKeyBinding() } == Fault(.wrongKeyBinding))
        }
    }

    private static let cnf =
        "\"cnf\":{\"jwk\":{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"TCAER19Zvu3OHF4j4W4vfSVoHIP1ILilDls7vCeGemc\","
        + "\"y\":\"ZxjiWWbZMQGHVWKVQ4hbSIirsVfuecCE6t4jT9F2HZQ\"}}"
    private static let times =
        "\"iss\":\"https://issuer.example.com\",\"iat\":1683000000,\"exp\":1883000000"

    /// What the five presentations read as, by the number of their token.
    static let presentations: [(token: Int, payload: String)] = [
        (
            1,
            "{\(times),\(cnf),\"sub\":\"user_42\",\"nationalities\":[\"US\"],"
                + "\"given_name\":\"John\",\"family_name\":\"Doe\","
                + "\"address\":{\"street_address\":\"123 Main St\",\"locality\":\"Anytown\",\"region\":\"Anystate\","
                + "\"country\":\"US\"}}"
        ),
        (2, "{\(times),\"address\":{\"region\":\"港区\",\"country\":\"JP\"}}"),
        (
            3,
            "{\(times),\"verified_claims\":{\"verification\":{\"trust_framework\":\"de_aml\",\"time\":"
                + "\"2012-04-23T18:25Z\",\"evidence\":[{\"method\":\"pipp\"}]},\"claims\":{\"given_name\":\"Max\","
                + "\"family_name\":\"Müller\",\"address\":{\"locality\":\"Maxstadt\",\"postal_code\":\"12344\","
                + "\"country\":\"DE\",\"street_address\":\"Weidenstraße 22\"}}}}"
        ),
        (
            5,
            "{\"iss\":\"https://pid-issuer.bund.de.example\",\"iat\":1683000000,\"exp\":1883000000,\(cnf),"
                + "\"vct\":\"urn:eudi:pid:de:1\",\"nationalities\":[\"DE\"],\"age_equal_or_over\":{\"18\":true}}"
        ),
        (
            7,
            "{\(cnf),\"@context\":[\"https://www.w3.org/2018/credentials/v1\",\"https://w3id.org/vaccination/v1\"],"
                + "\"type\":[\"VerifiableCredential\",\"VaccinationCertificate\"],"
                + "\"issuer\":\"https://example.com/issuer\","
                + "\"issuanceDate\":\"2023-02-09T11:01:59Z\",\"expirationDate\":\"2028-02-08T11:01:59Z\","
                + "\"name\":\"COVID-19 Vaccination Certificate\",\"description\":\"COVID-19 Vaccination Certificate\","
                + "\"credentialSubject\":{\"type\":\"VaccinationEvent\",\"order\":\"3/3\","
                + "\"dateOfVaccination\":\"2021-06-23T13:40:12Z\",\"recipient\":{\"type\":\"VaccineRecipient\"},"
                + "\"vaccine\":{\"type\":\"Vaccine\",\"atcCode\":\"J07BX03\","
                + "\"medicinalProductName\":\"COVID-19 Vaccine Moderna\"}}}"
        ),
    ]

    @Test("5 presentations read as their specifications say", arguments: presentations)
    func presentation(_ token: Int, _ payload: String) throws {
        let processed = try SDJWT(try Self.tokens()[token].text).processedPayload()
        #expect(try canonical(processed) == canonical(bytes(payload)))
    }

    @Test(
        "3 issued tokens read as the claims they were made of",
        arguments: [(0, "simple"), (4, "arf-pid"), (6, "jsonld")])
    func issued(_ token: Int, _ name: String) throws {
        let processed = try JSONDocument(parsing: SDJWT(try Self.tokens()[token].text).processedPayload()).root
        let claims = try JSONDocument(parsing: SpecificationExample(name).claims.json()).root
        for (key, value) in claims.members {
            let found = try #require(processed[key], "\(key)")
            #expect(JSONCanonicalForm.bytes(of: found) == JSONCanonicalForm.bytes(of: value), "\(key)")
        }
        let added = Set(processed.members.map(\.key)).subtracting(claims.members.map(\.key))
        #expect(added.isSubset(of: ["iss", "iat", "exp", "cnf"]))
    }

    @Test("the 15 example inputs are sealed as they are marked, and read as they were")
    func examples() throws {
        let names = try SharedFolder.files(under: "vectors/sd-jwt/examples", suffix: "specification.yml")
            .compactMap { $0.split(separator: "/").dropLast().last.map(String.init) }
        #expect(names.count == 15)
        var sealed = 0
        for name in names {
            let claims = try SpecificationExample(name).claims
            let marks = claims.marks()
            let sealing = try Sealing(
                claims.json(), marks: marks.map { SealMark($0.pointer, salt: salt($0.number)) })
            let payload = try SealedPayload(sealing.payload)
            let all = try payload.processed(with: sealing.disclosures)
            #expect(try canonical(all) == canonical(claims.json()), "\(name)")
            let none = try payload.processed(with: [])
            #expect(try canonical(none) == canonical(claims.json(showing: [])), "\(name)")
            sealed += marks.count
        }
        #expect(sealed == 131)
    }
}
