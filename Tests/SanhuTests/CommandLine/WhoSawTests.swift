import Crypto
import Exchange
import Foundation
import JSON
import Testing
import Transparency

@Suite("who-saw, and the anchors of the access log")
struct WhoSawTests {
    private static let schema = "urn:sanhu:schema:declaration.lodged:1"
    private static let enterprise = "enterprise:91310000MA1FL0AB1X"

    /// A ledger in which TAX sees prices for `duty`, and in secret for `probe`.
    private static func founded(declarations: Int = 2) async throws -> Workspace {
        let key = Curve25519.Signing.PrivateKey()
        let data = #"""
            {"amendment":{"threshold":1,"agencies":["CUS"]},
             "agencies":[{"code":"CUS","title":"海关","kind":"authority"},{"code":"TAX","title":"税务","kind":"authority"},
              {"code":"BOR","title":"边检","kind":"authority"},{"code":"AUD","title":"审计","kind":"auditor"}],
             "keys":[{"id":"CUS-1","agency":"CUS","public":"\#(Base64.encode(Array(key.publicKey.rawRepresentation)))"}],
             "powers":[{"id":"cus","agency":"CUS","types":["sanhu.declaration.*"]}],
             "sources":[{"prefix":"/CUS","agency":"CUS"}],
             "schemas":[{"uri":"\#(schema)","type":"sanhu.declaration.lodged","document":{"type":"object",
              "properties":{"number":{"type":"string","x-tag":{"kind":"declaration"}},
              "price":{"type":"integer","x-sharing":{"class":"conditional",
              "compartment":"trade-secret","owner":"CUS","bytes":32}}}}}],
             "rules":[{"id":"price","effect":"permit","readers":{"agencies":["TAX"]},
              "fields":{"compartments":["trade-secret"]},"purposes":["duty","probe"]}],
             "purposes":[{"code":"duty","version":1,"title":"税费核定"},
              {"code":"probe","version":1,"title":"侦查","secret":true}]}
            """#
        let draft = try JSONDocument(parsing: Array(data.utf8)).root
        let text = try CharterFounding(draft).signedText(origin: Workspace.origin)
        let signature = CharterSignature(key: "CUS-1", bytes: Array(try key.signature(for: text)))
        let signed = String(decoding: CharterSignature.adding([signature], to: draft), as: UTF8.self)
        let workspace = try Workspace()
        try workspace.write(
            #"{"specversion":"1.0","id":"0","source":"/charter","type":"sanhu.charter.founded","data":\#(signed)}"#,
            to: "founding.json")
        _ = try await workspace.succeed("init", "--origin", Workspace.origin, "--charter", "founding.json")
        let events = (1...declarations).map { number in
            #"{"specversion":"1.0","id":"\#(number)","source":"/CUS/1","type":"sanhu.declaration.lodged","#
                + #""dataschema":"\#(schema)","data":{"number":"d\#(number)","price":\#(770_000 + number)}}"# + "\n"
        }
        let appended = try await workspace.append(text: events.joined(), "--as", "CUS", "--tag", enterprise)
        try #require(appended.status == 0, "\(appended)")
        return workspace
    }

    /// The readers of the records that a command tells, or nil if it was denied.
    private static func readers(_ workspace: Workspace, _ options: String...) async throws -> [String]? {
        let told = try await workspace.run(["who-saw"] + options)
        guard told.status == 0 else {
            #expect(told.status == 3 && told.errors.contains("accessDenied") && told.output.isEmpty, "\(told)")
            return nil
        }
        return try told.objects.compactMap { object in
            ((object["record"] as? [String: Any])?["reader"] as? [String: Any])?["agency"] as? String
        }
    }

    @Test("the owner, an auditor and whom the entries name are told; others are denied; each asking is on record once")
    func journey() async throws {
        let workspace = try await Self.founded()
        _ = try await workspace.succeed(
            "read", "--as", "TAX", "--purpose", "duty", "--case", "T-7", "--tag", "declaration:d1")
        _ = try await workspace.succeed("read", "--as", "TAX", "--purpose", "probe", "--tag", "declaration:d2")
        let told = try await workspace.succeed("who-saw", "--as", "CUS", "--field", "/price", "--case", "T-7")
        let record = try #require(try told.objects.first?["record"] as? [String: Any], "\(told)")
        #expect(record["purpose"] as? String == "duty" && record["case"] as? String == "T-7")
        #expect((record["basis"] as? [String: Any])?["rule"] as? String == "price")
        #expect((record["positions"] as? [[Int]]) == [[1, 1]] && told.lines.count == 1)
        #expect(try await Self.readers(workspace, "--as", "CUS", "--tag", "declaration:d2") == ["TAX"])
        #expect(try await Self.readers(workspace, "--as", "CUS", "--position", "1-2") == ["TAX", "TAX"])
        #expect(try await Self.readers(workspace, "--as", "CUS", "--position", "9") == [])
        #expect(try await Self.readers(workspace, "--as", "CUS", "--since", "2100-01-01T00:00:00Z") == [])
        #expect(try await Self.readers(workspace, "--as", "TAX", "--reader", "TAX") == ["TAX", "TAX"])
        // The secret one is not told to whom it is about.
        #expect(try await Self.readers(workspace, "--party", Self.enterprise) == ["TAX"])
        #expect(try await Self.readers(workspace, "--as", "TAX") == nil)
        #expect(try await Self.readers(workspace, "--as", "BOR", "--field", "/price") == nil)
        let all = try await workspace.succeed("who-saw", "--as", "AUD")
        // Two readings, and nine questions before this one.
        #expect(all.lines.count == 11 && !all.text.contains("77000") && !all.text.contains("9131"), "\(all)")
    }

    @Test("a field that is asked for by name and denied is told to its owner")
    func denials() async throws {
        let workspace = try await Self.founded()
        _ = try await workspace.succeed("read", "--as", "BOR")
        #expect(try await Self.readers(workspace, "--as", "CUS") == [])
        let denied = try await workspace.succeed("read", "--as", "BOR", "--field", "/price", "--from", "1", "--to", "3")
        #expect(denied.lines.count == 2 && !denied.text.contains("7700"), "\(denied)")
        let told = try await workspace.succeed("who-saw", "--as", "CUS")
        #expect(told.lines.count == 1 && told.text.contains(#""basis":{"kind":"denied"}"#), "\(told)")
        #expect(told.text.contains(#""positions":[[1,2]]"#), "\(told)")
    }

    @Test("people get a table")
    func table() async throws {
        let workspace = try await Self.founded()
        let none = try await workspace.succeed("who-saw", "--as", "CUS", "--format", "table")
        #expect(none.lines == ["nobody, as far as you may know"], "\(none)")
        _ = try await workspace.succeed("read", "--as", "TAX", "--purpose", "probe", "--case", "税案七", "--to", "3")
        _ = try await workspace.succeed("read", "--as", "CUS", "--to", "2")
        let told = try await workspace.succeed("who-saw", "--as", "CUS", "--format", "table")
        #expect(told.lines.count == 3 && told.lines[0].hasPrefix("WHEN"), "\(told)")
        for word in ["TAX", "probe (secret)", "税案七", "rule price", "sanhu.declaration.lodged /price", "  1-2"] {
            #expect(told.lines[1].contains(word), "\(word): \(told)")
        }
        #expect(told.lines[2].contains("owner") && told.lines[2].hasSuffix("  1"), "\(told)")
    }

    @Test(
        "what is not understood is refused before anything is asked",
        arguments: [
            ["--field", "/price"], ["--as", "CUS", "--position", "x"], ["--as", "CUS", "--position", "3-2"],
            ["--as", "CUS", "--limit", "0"], ["--as", "CUS", "--since", "yesterday"], ["--as", "CUS", "--tag", "none"],
            ["--party", "none"], ["--party", "a:b", "--role", "r"],
        ])
    func misuse(options: [String]) async throws {
        let workspace = try Workspace()
        let result = try await workspace.run(["who-saw"] + options)
        #expect(result.status == 64 && result.output.isEmpty, "\(result)")
    }

    @Test("verify finds an access log that was cut off or is gone, and writing it is refused")
    func anchors() async throws {
        let workspace = try await Self.founded()
        func look() async throws {
            _ = try await workspace.succeed("read", "--as", "TAX", "--purpose", "duty", "--to", "3")
        }
        try await look()
        let sound = try await workspace.run("verify")
        let access = try #require(try sound.objects.first?["access"] as? [String: Int], "\(sound)")
        #expect(sound.status == 0 && access == ["records": 1, "anchors": 1, "anchored": 1], "\(sound)")
        _ = try await workspace.shell("cp -r port.ledger/access old")
        try await look()
        _ = try await workspace.shell("mv port.ledger/access new && cp -r old port.ledger/access")
        let cut = try await workspace.run("verify")
        #expect(cut.status == 2 && cut.text.contains("cut off") && cut.errors.contains("the access log"), "\(cut)")
        let refused = try await workspace.run("read", "--as", "TAX", "--purpose", "duty")
        #expect(refused.status == 2 && refused.errors.contains("accessLogAltered") && refused.output.isEmpty)
        _ = try await workspace.shell("rm -r port.ledger/access")
        let gone = try await workspace.run("verify")
        #expect(gone.status == 2 && gone.text.contains(#""part":"access""#), "\(gone)")
        _ = try await workspace.shell("mv new port.ledger/access")
        #expect(try await workspace.run("verify").status == 0)
    }

    @Test("whenever a reader is killed, what it had printed is on record", arguments: 0..<4)
    func killed(_ round: Int) async throws {
        let workspace = try await Self.founded(declarations: 3_000)
        let process = try workspace.start("read", "--as", "TAX", "--purpose", "duty")
        // From before the first page to in the midst of them.
        _ = try await process.lines(round * 400)
        process.send(SIGKILL)
        let result = try await process.finish()
        let printed = String(decoding: result.output, as: UTF8.self).split(separator: "\n").map(String.init)
        var given: Set<Int> = []
        for line in printed where line.contains("\"price\":77") && line.hasSuffix("}") {
            given.insert(try #require(try JSONLine.object(line)["position"] as? Int))
        }
        #expect(given.count >= round * 400 - 1)
        var recorded: Set<Int> = []
        for object in try await workspace.succeed("who-saw", "--as", "CUS").objects {
            let record = try #require(object["record"] as? [String: Any])
            for range in try #require(record["positions"] as? [[Int]]) { recorded.formUnion(range[0]...range[1]) }
        }
        #expect(
            given.isSubset(of: recorded), "given and not recorded: \(given.subtracting(recorded).sorted().prefix(9))")
        let verified = try await workspace.run("verify")
        #expect(verified.status == 0, "\(verified)")
    }
}
