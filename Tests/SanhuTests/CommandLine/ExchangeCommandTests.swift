import Crypto
import Exchange
import Foundation
import JSON
import Testing
import Transparency

@Suite("the commands of a ledger with a charter")
struct ExchangeCommandTests {
    static let schema = "urn:sanhu:schema:declaration.lodged:1"

    /// A founding event of two agencies, signed by both.
    ///
    /// - Parameter parts: Its data but for the rule of amendment and the keys.
    static func founding(_ parts: String = parts) throws -> String {
        let keys = Dictionary(uniqueKeysWithValues: ["CUS", "TAX"].map { ($0, Curve25519.Signing.PrivateKey()) })
        let listed = keys.map { code, key in
            #"{"id":"\#(code)-1","agency":"\#(code)","public":"\#(Base64.encode(Array(key.publicKey.rawRepresentation)))"}"#
        }
        let data = #"""
            {"amendment":{"threshold":2,"agencies":["CUS","TAX"]},"keys":[\#(listed.joined(separator: ","))],\#(parts)}
            """#
        let draft = try JSONDocument(parsing: Array(data.utf8)).root
        let text = try CharterFounding(draft).signedText(origin: Workspace.origin)
        let signatures = try keys.map { code, key in
            CharterSignature(key: code + "-1", bytes: Array(try key.signature(for: text)))
        }
        let signed = CharterSignature.adding(signatures, to: draft)
        return #"{"specversion":"1.0","id":"0","source":"/charter","type":"sanhu.charter.founded","data":"#
            + String(decoding: signed, as: UTF8.self) + "}"
    }

    static let parts = #"""
        "agencies":[{"code":"CUS","title":"海关","kind":"authority"},{"code":"TAX","title":"税务","kind":"authority"},
          {"code":"BOR","title":"边检","kind":"authority"}],
         "powers":[{"id":"cus","agency":"CUS","types":["sanhu.declaration.*"]}],
         "sources":[{"prefix":"/CUS","agency":"CUS"}],
         "schemas":[{"uri":"\#(schema)","type":"sanhu.declaration.lodged","document":{"type":"object",
          "properties":{"office":{"type":"string"},"price":{"type":"integer","x-sharing":{"class":"conditional",
          "compartment":"trade-secret","owner":"CUS","bytes":32}}}}}],
         "rules":[{"id":"price","effect":"permit","readers":{"agencies":["TAX"]},
          "fields":{"compartments":["trade-secret"]},"purposes":["duty"]}],
         "purposes":[{"code":"duty","version":1,"title":"税费核定"}]
        """#

    static func declaration(_ id: String, type: String = "sanhu.declaration.lodged") -> String {
        #"{"specversion":"1.0","id":"\#(id)","source":"/CUS/1","type":"\#(type)","dataschema":"\#(schema)","#
            + #""data":{"office":"2248","price":100}}"# + "\n"
    }

    static func founded(_ parts: String = parts) async throws -> Workspace {
        let workspace = try Workspace()
        try workspace.write(try founding(parts), to: "founding.json")
        let made = try await workspace.run("init", "--origin", Workspace.origin, "--charter", "founding.json")
        try #require(made.status == 0, "\(made)")
        return workspace
    }

    @Test("what an agency appends is sealed, each reader sees what it may, and what was seen is recorded")
    func journey() async throws {
        let workspace = try await Self.founded()
        let appended = try await workspace.append(
            text: Self.declaration("1") + Self.declaration("1") + Self.declaration("2", type: "sanhu.release.granted"),
            "--as", "CUS")
        #expect(appended.status == 3, "\(appended)")
        #expect(try appended.objects.map { $0["refused"] as? String } == [nil, nil, "noPower"], "\(appended)")
        #expect(appended.lines.prefix(2) == [#"{"appended":1}"#, #"{"duplicate":1}"#])
        func price(_ options: String...) async throws -> Int? {
            let seen = try await workspace.run(["read", "--from", "1"] + options)
            let event = try #require(try seen.objects.first?["event"] as? [String: Any], "\(seen)")
            return (event["data"] as? [String: Any])?["price"] as? Int
        }
        #expect(try await price("--as", "CUS") == 100)
        #expect(try await price("--as", "TAX", "--purpose", "duty") == 100)
        #expect(try await price("--as", "TAX") == nil)
        #expect(try await price("--as", "BOR", "--purpose", "duty") == nil)
        let withheld = try await workspace.succeed("read", "--from", "1", "--as", "BOR")
        let fields = try #require(try withheld.objects.first?["withheld"] as? [[String: Any]])
        #expect(fields.map { $0["path"] as? String } == ["/price"] && fields[0]["owner"] as? String == "CUS")
        let outside = try await workspace.succeed("read", "--from", "1", "--as", "public")
        #expect(try outside.objects.first?["stub"] is String, "\(outside)")
        // As it is stored, there are digests and no values.
        let stored = try await workspace.succeed("read", "--from", "1")
        #expect(stored.text.contains("_sd") && !stored.text.contains("100"), "\(stored)")
        let records = try await workspace.succeed("read", "--ledger", "port.ledger/access")
        #expect(records.lines.count == 2 && records.text.contains("trade") == false, "\(records)")
        #expect(try await workspace.run("verify").status == 0)
    }

    @Test("a purpose that the charter does not have is said to be none, with those that there are")
    func unknownPurpose() async throws {
        let workspace = try await Self.founded()
        for command in [["read"], ["read", "--verifiable"], ["who-saw", "--reader", "TAX"], ["disclose", "list"]] {
            let known = try await workspace.run(command + ["--as", "TAX", "--purpose", "duty"])
            #expect(known.status == 0 && known.errors.isEmpty, "\(known)")
            let unknown = try await workspace.run(command + ["--as", "TAX", "--purpose", "dutty"])
            #expect(unknown.status == 0, "\(unknown)")
            #expect(
                unknown.errors
                    == "warning: the charter has no purpose “dutty”, so nothing is opened for it; there are: duty\n",
                "\(unknown)")
        }
    }

    @Test("a ledger with a charter takes nothing past it, and one without takes nobody's word for an agency")
    func refusals() async throws {
        let workspace = try await Self.founded()
        let plain = try await workspace.append(text: Self.declaration("1"))
        #expect(plain.status == 3 && plain.errors.contains("--as AGENCY"), "\(plain)")
        let other = try await Workspace.withLedger()
        let named = try await other.append(text: Self.declaration("1"), "--as", "CUS")
        #expect(named.status == 3 && named.errors.contains("no charter"), "\(named)")
        let unsigned = try await other.run("init", "--origin", "b.example", "--ledger", "b", "--charter", "none.json")
        #expect(unsigned.status == 4, "\(unsigned)")
        try other.write(#"{"type":"sanhu.charter.founded","data":{}}"#, to: "bad.json")
        let bad = try await other.run("init", "--origin", "b.example", "--ledger", "b", "--charter", "bad.json")
        #expect(bad.status == 3 && bad.errors.contains("malformedCharter"), "\(bad)")
        #expect(!FileManager.default.fileExists(atPath: other.path("b")))
    }

    @Test("what comes sealed and signed is taken by its signature alone")
    func signed() async throws {
        let workspace = try await Self.founded()
        let event = Self.declaration("1").dropLast()
        let lines = [
            #"{"event":\#(event),"signature":"nonsense"}"#, #"{"event":\#(event),"disclosures":["WyJhIl0"]}"#,
            #"{"event":\#(event),"signature":"CUS-1:\#(Base64.encode([UInt8](repeating: 1, count: 64)))"}"#,
            #"{"agency":"TAX","event":\#(event)}"#,
        ]
        let refused = try await workspace.append(text: lines.joined(separator: "\n") + "\n", "--as", "CUS")
        #expect(
            try refused.objects.map { $0["refused"] as? String }
                == ["wrongSignature", "wrongSignature", "wrongSignature", "invalidAgency"], "\(refused)")
        let plain = try await Workspace.withLedger().append(text: lines[0] + "\n")
        #expect(plain.status == 3 && plain.text.contains("--as"), "\(plain)")
    }

    @Test("the charter is shown, and what changed in it")
    func charter() async throws {
        let workspace = try await Self.founded()
        let text = try await workspace.succeed("charter", "show")
        for word in ["CUS", "海关", "trade-secret", "duty"] { #expect(text.text.contains(word), "\(text)") }
        let json = try await workspace.succeed("charter", "show", "--format", "json")
        #expect(try (json.objects.first?["agencies"] as? [Any])?.count == 3, "\(json)")
        let before = try await workspace.run("charter", "show", "--as-of", "2001-01-01T00:00:00Z")
        #expect(before.status == 4 && before.errors.contains("no charter"), "\(before)")
    }

    @Test("agencies sign an amendment in turn, and it counts once enough have")
    func amends() async throws {
        let workspace = try Workspace()
        var listed: [String] = []
        for code in ["CUS", "TAX"] {
            let key = try await workspace.succeed("charter", "key", code + ".key").lines[0]
            listed.append(#"{"id":"\#(code)-1","agency":"\#(code)","public":"\#(key)"}"#)
        }
        let data = #"""
            {"amendment":{"threshold":2,"agencies":["CUS","TAX"]},
             "agencies":[{"code":"CUS","title":"海关","kind":"authority"},{"code":"TAX","title":"税务","kind":"authority"}],
             "keys":[\#(listed.joined(separator: ","))]}
            """#
        func event(_ type: String, _ id: String, _ data: String) -> String {
            #"{"specversion":"1.0","id":"\#(id)","source":"/charter","type":"sanhu.charter.\#(type)","data":\#(data)}"#
        }
        func sign(_ name: String, _ code: String) async throws {
            let signed = try await workspace.succeed(
                "charter", "sign", name, "--origin", Workspace.origin, "--key-id", code + "-1", "--key", code + ".key")
            try workspace.write(signed.text, to: name)
        }
        try workspace.write(event("founded", "0", data), to: "founding.json")
        try await sign("founding.json", "CUS")
        let early = try await workspace.run("init", "--origin", Workspace.origin, "--charter", "founding.json")
        #expect(early.status == 3 && early.errors.contains("notEnoughSignatures"), "\(early)")
        try await sign("founding.json", "TAX")
        _ = try await workspace.succeed("init", "--origin", Workspace.origin, "--charter", "founding.json")
        let change = #"{"op":"put","kind":"agency","value":{"code":"MSA","title":"海事","kind":"authority"}}"#
        try workspace.write(event("amended", "1", #"{"basis":0,"changes":[\#(change)]}"#), to: "amendment.json")
        try await sign("amendment.json", "CUS")
        let half = try await workspace.run("charter", "amend", "amendment.json")
        #expect(half.status == 3 && half.errors.contains("notEnoughSignatures"), "\(half)")
        try await sign("amendment.json", "TAX")
        #expect(try await workspace.succeed("charter", "amend", "amendment.json").lines == [#"{"appended":1}"#])
        #expect(try await workspace.succeed("charter", "show").text.contains("海事"))
    }
}
