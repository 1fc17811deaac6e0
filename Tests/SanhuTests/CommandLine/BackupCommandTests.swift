import Foundation
import JSON
import Testing

@Suite("sanhu backup and sanhu restore")
struct BackupCommandTests {
    private static func declare(_ workspace: Workspace, _ number: Int) async throws {
        let event =
            #"{"event":{"specversion":"1.0","id":"l\#(number)","source":"/DEC/1","type":"sanhu.declaration.lodged","dataschema":"urn:sanhu:schema:declaration.lodged:1","data":{"declaration":"\#(number)","kind":"goods","commercial":{"price":"CANARY-\#(number)"}}}}"#
            + "\n"
        let done = try await workspace.append(text: event, "--as", "DEC")
        try #require(done.status == 0, "\(done)")
    }

    private static func backUp(_ workspace: Workspace, _ arguments: String...) async throws -> [String: Any] {
        let done = try await workspace.run(["backup", "backup", "--keys-to", "safe"] + arguments)
        try #require(done.status == 0, "\(done)")
        return try #require(try done.objects.first)
    }

    @Test("A ledger that is restored has all that was backed up: entries, disclosures, who saw what, and goes on")
    func restores() async throws {
        let workspace = try await PortWorkspace.make()
        try await Self.declare(workspace, 1)
        _ = try await workspace.succeed("read", "--as", "CUS", "--tag", "declaration:1")
        let first = try await Self.backUp(workspace)
        #expect(first["added"] as? Int == first["entries"] as? Int && first["keys"] as? Bool == true)
        for number in 2...4 { try await Self.declare(workspace, number) }
        _ = try await workspace.succeed("read", "--as", "CUS", "--tag", "declaration:3")
        let second = try await Self.backUp(workspace)
        #expect(try #require(second["added"] as? Int) >= 3)
        let nothing = try await Self.backUp(workspace)
        #expect(nothing["added"] as? Int == 0 && nothing["entries"] as? Int == second["entries"] as? Int)

        let seen = try await workspace.succeed("read", "--as", "CUS", "--type", "sanhu.declaration.lodged").text
        #expect(seen.contains("CANARY-1") && seen.contains("CANARY-4"))
        for form in ["", "--full"] {
            if !form.isEmpty { _ = try await Self.backUp(workspace, form) }
            let target = workspace.path("restored" + form)
            _ = try await workspace.succeed("restore", "backup", "--ledger", target, "--keys-from", "safe")
            let verified = try await workspace.succeed("verify", "--ledger", target)
            #expect(verified.text.contains("\"sound\":true"), "\(verified)")
            let again = try await workspace.succeed(
                "read", "--as", "CUS", "--type", "sanhu.declaration.lodged", "--ledger", target
            ).text
            #expect(again == seen)
            let who = try await workspace.succeed(
                "who-saw", "--as", "CUS", "--field", "/commercial", "--ledger", target)
            #expect(try who.objects.count >= 2, "\(who)")
        }
        let files = try FileManager.default.contentsOfDirectory(atPath: workspace.path("backup/log"))
        #expect(files.count == 1, "a full backup replaces the chain: \(files)")
        // No value is in the backup.
        let found = try await workspace.shell(
            "for f in backup/log/*.zst backup/access/*.zst; do zstdcat $f; done | grep -c CANARY")
        #expect(found.text.trimmingCharacters(in: .whitespacesAndNewlines) == "0", "\(found)")
    }

    @Test("A file that is missing, a folder of another ledger, keys beside what they open: refused, with what to do")
    func refusals() async throws {
        let workspace = try await PortWorkspace.make()
        for number in 1...3 {
            try await Self.declare(workspace, number)
            _ = try await Self.backUp(workspace)
        }
        let beside = try await workspace.run("backup", "backup", "--keys-to", "backup/keys")
        #expect(beside.status == 3 && beside.errors.contains("elsewhere"), "\(beside)")
        let exists = try await workspace.run("restore", "backup")
        #expect(exists.status == 3 && exists.errors.contains("exists already"), "\(exists)")
        let none = try await workspace.run("restore", "safe", "--ledger", workspace.path("r"))
        #expect(none.status == 4 && none.errors.contains("backup.json"), "\(none)")
        let files = try FileManager.default.contentsOfDirectory(atPath: workspace.path("backup/log")).sorted()
        let middle = try #require(files.first { !$0.hasPrefix("0-") })
        try FileManager.default.removeItem(atPath: workspace.path("backup/log/" + middle))
        for arguments in [["restore", "backup", "--ledger", workspace.path("r")], ["backup", "backup"]] {
            let refused = try await workspace.run(arguments)
            #expect(refused.status == 3 && refused.errors.contains("(gap)"), "\(refused)")
        }
        #expect(!FileManager.default.fileExists(atPath: workspace.path("r")))
        let other = try await PortWorkspace.make()
        let foreign = try await other.run("backup", workspace.path("backup"))
        #expect(foreign.status == 2 && foreign.errors.contains("wrongLedger"), "\(foreign)")
    }
}
