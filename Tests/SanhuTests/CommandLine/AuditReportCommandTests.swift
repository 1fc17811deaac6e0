import Foundation
import JSON
import Testing

@Suite("sanhu audit-report")
struct AuditReportCommandTests {
    private static func declared() async throws -> Workspace {
        let workspace = try await PortWorkspace.make()
        let event =
            #"{"event":{"specversion":"1.0","id":"l","source":"/DEC/1","type":"sanhu.declaration.lodged","dataschema":"urn:sanhu:schema:declaration.lodged:1","data":{"declaration":"1","kind":"goods","commercial":{"price":"CANARY"}}}}"#
            + "\n"
        let done = try await workspace.append(text: event, "--as", "DEC")
        try #require(done.status == 0, "\(done)")
        return workspace
    }

    private static func key(_ workspace: Workspace) throws -> String {
        let folder = try #require(FileManager.default.contents(atPath: workspace.ledger + "/ledger.json"))
        return try #require(JSONDocument(parsing: Array(folder)).root["verifier"]?.string)
    }

    @Test("Page and JSON are written, the same for the same position in another process, and verify with the key alone")
    func reports() async throws {
        let workspace = try await Self.declared()
        let head = "\(try await workspace.positions().count)"
        for number in 1...2 {
            let done = try await workspace.succeed(
                "audit-report", "declaration:1", "--as", "CUS", "--at", head, "--html", "\(number).html", "--json",
                "\(number).json")
            #expect(done.output.isEmpty && done.errors.contains("1 events, 1 shown and proved"))
        }
        for form in ["html", "json"] {
            let files = (1...2).map { FileManager.default.contents(atPath: workspace.path("\($0).\(form)")) }
            #expect(files[0] != nil && files[0] == files[1], "\(form)")
            #expect(
                String(decoding: files[0] ?? Data(), as: UTF8.self).contains(
                    form == "html" ? "CANARY" : "\"disclosures\""))
        }
        let verified = try await workspace.succeed("audit-verify", "1.json", "--key", Self.key(workspace))
        #expect(try verified.objects.first?["entries"] as? Int == 1)
        let auditor = try await workspace.succeed("audit-report", "declaration:1", "--as", "AUD", "--html", "-")
        #expect(auditor.text.hasPrefix("<!DOCTYPE html>") && !auditor.text.contains("CANARY"))
        let changed = try await workspace.shell("sed s/goods/goats/ 1.json > changed.json")
        #expect(changed.status == 0)
        let refused = try await workspace.run("audit-verify", "changed.json", "--key", try Self.key(workspace))
        #expect(refused.status == 2 && refused.errors.contains("notVerified"), "\(refused)")
    }

    @Test("What cannot be asked says what can")
    func refusals() async throws {
        let workspace = try await Self.declared()
        let cases: [(arguments: [String], status: Int32, said: String)] = [
            (["declaration:1", "--html", "-"], 64, "--as"), (["declaration:1", "--as", "AUD"], 64, "--html"),
            (["--as", "AUD", "--html", "-"], 64, "--from"),
            (["nothing", "--as", "AUD", "--html", "-"], 64, "kind:value"),
            (["declaration:1", "--port", "X", "--as", "AUD", "--html", "-"], 64, "--port"),
            (["declaration:1", "--as", "AUD", "--html", "-", "--json", "-"], 64, "one of"),
            (["declaration:1", "--as", "AUD", "--html", "-", "--limit", "301"], 64, "300"),
            (
                ["--from", "2026-03-02T00:00:00Z", "--to", "2026-03-01T00:00:00Z", "--as", "AUD", "--html", "-"], 64,
                "before"
            ),
            (["declaration:1", "--as", "AUD", "--html", "-", "--at", "99999"], 1, "99999"),
            (["declaration:1", "--as", "AUD", "--html", "-", "--at", "0"], 4, "later position"),
            (["declaration:1", "--as", "NOBODY", "--html", "-"], 3, "no longer a member"),
            (["declaration:1", "--as", "AUD", "--html", "nowhere/r.html"], 5, "nowhere"),
        ]
        for (arguments, status, said) in cases {
            let result = try await workspace.run(["audit-report"] + arguments)
            #expect(result.status == status && result.errors.contains(said) && result.output.isEmpty, "\(result)")
        }
        let missing = try await workspace.run("audit-verify", "none.json", "--key", try Self.key(workspace))
        #expect(missing.status == 4, "\(missing)")
    }
}
