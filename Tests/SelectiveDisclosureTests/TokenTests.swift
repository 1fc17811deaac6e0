import JSON
import SelectiveDisclosure
import TestSupport
import Testing
import Transparency

@Suite("SD-JWTs in their compact form")
struct TokenTests {
    private static let header = Base64.encode(bytes("{\"alg\":\"ES256\"}"), .url)
    private static let signature = Base64.encode([1, 2, 3], .url)

    private static func token(_ payload: String, header: String = header) -> String {
        "\(header).\(Base64.encode(bytes(payload), .url)).\(signature)"
    }

    private static func binding(_ claims: String, type: String = "kb+jwt") -> String {
        token(claims, header: Base64.encode(bytes("{\"alg\":\"ES256\",\"typ\":\"\(type)\"}"), .url))
    }

    @Test("are taken apart at their tildes")
    func parts() throws {
        let disclosure = try disclosure("[\"s\",\"n\", 1]")
        let payload = "{\"_sd\":[\"\(disclosure.digest)\"],\"a\": 2}"
        let text = "\(Self.token(payload))~\(disclosure)~"
        let token = try SDJWT(text)
        #expect(token.description == text && token.disclosures == [disclosure] && token.keyBinding == nil)
        #expect(token.token.payload == bytes(payload) && token.token.signature == [1, 2, 3])
        #expect(SelectiveDisclosureTests.text(token.token.signedBytes) + ".\(Self.signature)" == Self.token(payload))
        #expect(SelectiveDisclosureTests.text(try token.processedPayload()) == "{\"n\":1,\"a\":2}")
        #expect(SelectiveDisclosureTests.text(try SDJWT("\(Self.token(payload))~").processedPayload()) == "{\"a\":2}")
        #expect(
            fault { _ = try SDJWT("\(Self.token("[]"))~").processedPayload() } == Fault(.malformedPayload))
    }

    @Test(
        "of another form are refused",
        arguments: [
            "", "~", token("{}"), "a.b~", "a.b.c.d~", "\(token("{}")).~", "\(header)..\(signature)~x",
            "\(header).e30.~", "\(header).e30=.\(signature)~", "\(header).e30.\(signature)\n~",
            "\(Base64.encode(bytes("{\"alg\":\"none\"}"), .url)).e30.\(signature)~",
            "\(Base64.encode(bytes("{\"alg\":\"None\"}"), .url)).e30.\(signature)~",
            "\(Base64.encode(bytes("{}"), .url)).e30.\(signature)~",
            "\(Base64.encode(bytes("{"), .url)).e30.\(signature)~",
            "\(token("{}"))~~\(token("{}")).x", "\(token("{}"))~not a token",
        ])
    func malformed(_ text: String) {
        let code = fault { _ = try SDJWT(text) }?.code
        #expect(code == .malformedToken || text.contains("~~") && code == .malformedDisclosure, "\(text)")
    }

    @Test("with a part between tildes that is no disclosure, or with too many, are refused")
    func disclosures() throws {
        #expect(fault { _ = try SDJWT("\(Self.token("{}"))~~") } == Fault(.malformedDisclosure))
        #expect(fault { _ = try SDJWT("\(Self.token("{}"))~x~") } == Fault(.malformedDisclosure))
        let many = (0..<3).map { "\(Base64.encode(bytes("[\"s\",\($0)]"), .url))~" }.joined()
        let limits = DisclosureLimits(maximumDisclosures: 2)
        #expect(fault { _ = try SDJWT("\(Self.token("{}"))~\(many)", limits: limits) } == Fault(.tooMany))
    }

    @Test("with a Key Binding JWT of another type, without its claims or bound to something else are refused")
    func keyBinding() throws {
        let bound = "\(Self.token("{}"))~"
        let hash = DisclosureDigest(ofEncoded: bytes(bound)).description
        func claims(_ left: String? = nil, hash: String = hash) -> String {
            let all = [("iat", "1"), ("aud", "\"v\""), ("nonce", "\"n\""), ("sd_hash", "\"\(hash)\"")]
            return "{" + all.filter { $0.0 != left }.map { "\"\($0.0)\":\($0.1)" }.joined(separator: ",") + "}"
        }
        #expect(try SDJWT(bound + Self.binding(claims())).checkKeyBinding().root["nonce"]?.string == "n")
        #expect(fault { _ = try SDJWT(bound).checkKeyBinding() } == Fault(.missingKeyBinding))
        let wrong = [
            Self.binding(claims(), type: "jwt"), Self.token(claims()), Self.binding("{"), Self.binding("[]"),
            Self.binding(claims(hash: "x")), Self.binding(claims(hash: decoy(1).description)),
        ]
        for binding in wrong + ["iat", "aud", "nonce", "sd_hash"].map({ Self.binding(claims($0)) }) {
            #expect(fault { _ = try SDJWT(bound + binding).checkKeyBinding() } == Fault(.wrongKeyBinding), "\(binding)")
        }
    }
}
