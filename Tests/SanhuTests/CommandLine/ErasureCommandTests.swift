import Foundation
import Testing

@Suite("the commands of erasure, legal hold and keys")
struct ErasureCommandTests {
    private static let subject = "CANARY-PERSON-0001"
    private static let schema = "urn:test:lodged:1"

    /// A ledger with declarations of two importers.
    private static func founded() async throws -> Workspace {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let schemas = try ["erasure.ordered", "legalhold.placed", "legalhold.lifted"].map { name in
            let document = try String(
                contentsOf: root.appendingPathComponent("Schemas/\(name).schema.json"), encoding: .utf8)
            return #"{"uri":"urn:sanhu:schema:\#(name):1","type":"sanhu.\#(name)","document":\#(document)}"#
        }
        let workspace = try await ExchangeCommandTests.founded(
            #"""
            "agencies":[{"code":"CUS","title":"海关","kind":"authority"},{"code":"TAX","title":"税务","kind":"authority"}],
             "powers":[{"id":"cus","agency":"CUS","types":["sanhu.declaration.*","sanhu.erasure.ordered"]},
              {"id":"tax","agency":"TAX","types":["sanhu.legalhold.*"]}],
             "sources":[{"prefix":"/CUS","agency":"CUS"},{"prefix":"/TAX","agency":"TAX"}],
             "schemas":[{"uri":"\#(schema)","type":"sanhu.declaration.lodged","document":{"type":"object",
              "properties":{"importer":{"type":"string","x-sharing":{"class":"conditional","compartment":"personal",
              "owner":"CUS","subject":"/importer","bytes":64}}}}},\#(schemas.joined(separator: ","))]
            """#)
        let lines = [subject, "other", subject].enumerated().map { declaration("\($0.offset)", $0.element) }
        let appended = try await workspace.append(text: lines.joined(), "--as", "CUS")
        try #require(appended.status == 0, "\(appended)")
        return workspace
    }

    private static func declaration(_ id: String, _ importer: String) -> String {
        #"{"specversion":"1.0","id":"\#(id)","source":"/CUS/1","type":"sanhu.declaration.lodged","#
            + #""dataschema":"\#(schema)","data":{"importer":"\#(importer)"}}"# + "\n"
    }

    private static let erase = ["erase", "--as", "CUS", "--subject", subject, "--basis", "PIPL 47"]

    @Test("a subject is erased, who may see it is told, and retries, new events and keys say what has happened")
    func journey() async throws {
        let workspace = try await Self.founded()
        let erased = try await workspace.run(Self.erase + ["--yes", "--reason", "asked for"])
        #expect(erased.lines == [#"{"erased":4,"fence":1,"keys":1,"rows":2}"#], "\(erased)")
        let seen = try await workspace.succeed("read", "--from", "1", "--as", "CUS")
        #expect(!seen.text.contains("CANARY") && seen.text.contains("other"), "\(seen)")
        let gone = try #require(try seen.objects.first?["gone"] as? [[String: Any]], "\(seen)")
        #expect(gone.map { $0["cause"] as? String } == ["erased"])
        let again = try await workspace.append(
            text: Self.declaration("0", Self.subject) + Self.declaration("9", Self.subject), "--as", "CUS")
        #expect(again.status == 3 && again.lines.first == #"{"erased":1}"#, "\(again)")
        #expect(try again.objects.last?["refused"] as? String == "subjectErased", "\(again)")
        #expect(try await workspace.run("verify").status == 0)
        let twice = try await workspace.run(Self.erase + ["--yes"])
        #expect(twice.status == 3 && twice.errors.contains("subjectErased") && twice.output.isEmpty, "\(twice)")
        let unknown = try await workspace.run(
            ["erase", "--as", "CUS", "--subject", "-", "--basis", "b", "--yes"], input: Array("nobody\n".utf8))
        #expect(unknown.status == 4 && unknown.errors.contains("unknownSubject"), "\(unknown)")
        let power = try await workspace.run("erase", "--as", "TAX", "--subject", "other", "--basis", "b", "--yes")
        #expect(power.status == 3 && power.errors.contains("noPower"), "\(power)")
    }

    @Test("nobody is asked where there is no terminal, and on one the word must be typed")
    func confirms() async throws {
        let workspace = try await Self.founded()
        let unasked = try await workspace.run(Self.erase)
        #expect(unasked.status == 64 && unasked.errors.contains("--yes"), "\(unasked)")
        guard FileManager.default.isExecutableFile(atPath: "/usr/bin/script") else { return }
        let command = Self.erase.map { "'\($0)'" }.joined(separator: " ").replacing("'", with: "\\\"")
        let no = try await workspace.shell("echo no | script -qec \"\\\"$SANHU\\\" \(command)\" /dev/null")
        #expect(no.status == 3 && no.text.contains("not confirmed"), "\(no)")
        let yes = try await workspace.shell("echo erase | script -qec \"\\\"$SANHU\\\" \(command)\" /dev/null")
        #expect(yes.status == 0 && yes.text.contains(#"{"erased":4,"#), "\(yes)")
    }

    @Test("a hold refuses an erasure until whoever placed it lifts it")
    func holds() async throws {
        let workspace = try await Self.founded()
        let placed = try await workspace.succeed(
            "hold", "place", "--as", "TAX", "--subject", Self.subject, "--case", "T-7", "--basis", "b", "--id", "h")
        #expect(placed.lines == [#"{"placed":4}"#], "\(placed)")
        let refused = try await workspace.run(Self.erase + ["--yes"])
        #expect(refused.status == 3 && refused.errors.contains("legalHold"), "\(refused)")
        let listed = try await workspace.succeed("hold", "list")
        #expect(try listed.objects.map { $0["case"] as? String } == ["T-7"] && !listed.text.contains("CANARY"))
        #expect(try await workspace.succeed("hold", "list", "--subject", Self.subject).lines == listed.lines)
        #expect(try await workspace.succeed("hold", "list", "--subject", "other").lines.isEmpty)
        let none = try await workspace.run("hold", "lift", "3", "--as", "TAX")
        #expect(none.status == 4 && none.errors.contains("unknownHold"), "\(none)")
        #expect(try await workspace.succeed("hold", "lift", "4", "--as", "TAX").lines == [#"{"lifted":5}"#])
        #expect(try await workspace.succeed("hold", "list").lines.isEmpty)
        #expect(try await workspace.succeed("hold", "list", "--all", "--format", "text").text.contains("lifted at 5"))
        #expect(try await workspace.run(Self.erase + ["--yes"]).lines.count == 1)
    }

    @Test("keys are counted, held against the log and rotated, and those of a backup are refused")
    func keys() async throws {
        let workspace = try await Self.founded()
        let files = FileManager.default
        let before = try await workspace.succeed("keys", "status")
        #expect(before.lines == [#"{"generation":1,"keys":2,"destroyed":0,"fences":0,"agree":true}"#], "\(before)")
        try files.copyItem(atPath: workspace.ledger + "/keys", toPath: workspace.path("backup"))
        #expect(try await workspace.run(Self.erase + ["--yes"]).status == 0)
        let after = try await workspace.succeed("keys", "status")
        #expect(after.lines.first == #"{"generation":2,"keys":2,"destroyed":1,"fences":1,"agree":true}"#, "\(after)")
        #expect(try after.objects.last?["position"] as? Int == 4 && after.lines.count == 2)
        #expect(try await workspace.succeed("keys", "rotate").lines == [#"{"generation":3,"keys":2}"#])
        let verified = try await workspace.succeed("keys", "verify")
        #expect(verified.lines == [#"{"sound":true,"rows":2,"erased":2}"#], "\(verified)")
        try files.removeItem(atPath: workspace.ledger + "/keys")
        try files.copyItem(atPath: workspace.path("backup"), toPath: workspace.ledger + "/keys")
        for command in [["keys", "status"], ["keys", "rotate"], ["read", "--as", "CUS"]] {
            let stale = try await workspace.run(command)
            #expect(stale.status == 5 && stale.errors.contains("staleKeys"), "\(stale)")
        }
    }

    @Test("killed at any moment, an erasure is finished or was never begun", arguments: 0..<8)
    func kills(_ round: Int) async throws {
        let workspace = try await Self.founded()
        let process = try workspace.start(
            Self.erase.first ?? "", "--as", "CUS", "--subject", Self.subject, "--basis", "b", "--yes")
        try await Task.sleep(for: .milliseconds(15 + round * 25))
        process.send(SIGKILL)
        _ = try await process.finish()
        let seen = try await workspace.succeed("read", "--from", "1", "--to", "4", "--as", "CUS")
        let status = try await workspace.succeed("keys", "status")
        let orders = try await workspace.succeed("read", "--type", "sanhu.erasure.ordered")
        let isErased = orders.lines.count == 1
        #expect(seen.text.contains("CANARY") != isErased, "\(seen)")
        #expect(try status.objects.first?["fences"] as? Int == (isErased ? 1 : 0))
        #expect(try await workspace.succeed("keys", "verify").lines.first?.contains(#""sound":true"#) == true)
        #expect(try await workspace.run("verify").status == 0)
    }
}
