import Foundation
import Testing

@Suite("the commands of verifiable reads")
struct VerifiableReadCommandTests {
    /// A ledger of three declarations, and its public key.
    private static func appended() async throws -> (workspace: Workspace, key: String) {
        let workspace = try await ExchangeCommandTests.founded()
        let text = (1...3).map { ExchangeCommandTests.declaration("\($0)") }.joined()
        let appended = try await workspace.append(text: text, "--as", "CUS")
        try #require(appended.status == 0, "\(appended)")
        let ledger = try Data(contentsOf: URL(fileURLWithPath: workspace.path("port.ledger/ledger.json")))
        let object = try #require(try JSONSerialization.jsonObject(with: ledger) as? [String: Any])
        return (workspace, try #require(object["verifier"] as? String))
    }

    private static func read(_ workspace: Workspace, _ options: String...) async throws -> SanhuProcess.Result {
        let result = try await workspace.run(["read", "--as", "TAX", "--verifiable"] + options)
        try #require(result.status == 0, "\(result)")
        return result
    }

    @Test("what one reads another verifies without the ledger, from a file or a pipe, and gets the same events")
    func journey() async throws {
        let (workspace, key) = try await Self.appended()
        let checkpoint = try await workspace.succeed("checkpoint").text
        let more = try await workspace.append(text: ExchangeCommandTests.declaration("4"), "--as", "CUS")
        try #require(more.status == 0, "\(more)")
        try workspace.write(checkpoint, to: "old.txt")
        let answer = try await Self.read(workspace, "--purpose", "duty", "--proofs", "--since", "4")
        try workspace.write(answer.text, to: "answer.ndjson")
        let merged = try await workspace.succeed("read", "--as", "TAX", "--purpose", "duty", "--to", "5")
        let plain = try await workspace.succeed(
            "read-verify", "answer.ndjson", "--key", key, "--old", "old.txt", "--merged")
        #expect(plain.text == merged.text && plain.errorBytes.isEmpty, "\(plain)")
        try FileManager.default.removeItem(atPath: workspace.ledger)
        let verified = try await workspace.succeed("read-verify", "answer.ndjson", "--key", key, "--old", "old.txt")
        let report = try #require(try verified.objects.first)
        #expect(report["verified"] as? Bool == true && report["complete"] as? Bool == true, "\(verified)")
        #expect(report["entries"] as? Int == 5 && report["disclosures"] as? Int == 4 && report["stubs"] as? Int == 0)
        #expect(report["size"] as? Int == 5 && report["oldSize"] as? Int == 4 && report["proved"] as? Bool == true)
        let piped = try await workspace.run(["read-verify", "-", "--key", key], input: Array(answer.text.utf8))
        #expect(piped.status == 0, "\(piped)")
    }

    @Test("what was changed does not verify, and it is said which line and why")
    func tampering() async throws {
        let (workspace, key) = try await Self.appended()
        let answer = try await Self.read(workspace, "--purpose", "duty", "--proofs")
        func refused(_ text: String, _ word: String, _ options: String...) async throws {
            let result = try await workspace.run(
                ["read-verify", "-", "--key", key] + options, input: Array(text.utf8))
            #expect(result.status == 2 && result.errors.contains("(\(word))"), "\(result)")
        }
        try await refused(answer.text.replacing(#""office":"2248""#, with: #""office":"2249""#), "notInLog")
        try await refused(answer.lines.dropLast().joined(separator: "\n"), "cutShort")
        try await refused((answer.lines[...1] + answer.lines[3...]).joined(separator: "\n"), "missingPosition")
        try await refused("", "cutShort")
        try await refused("{\"position\":1}\n", "malformed")
        try await refused(answer.text.replacing(key.prefix(4), with: "prot"), "wrongCheckpoint")
        let line = try await workspace.run(
            ["read-verify", "-", "--key", key], input: Array(answer.text.replacing("2248", with: "2249").utf8))
        #expect(line.errors.contains("Line 3:"), "\(line)")
        let missing = try await workspace.run("read-verify", "none.ndjson", "--key", key)
        #expect(missing.status == 4, "\(missing)")
        try workspace.write("nonsense", to: "old.txt")
        let old = try await workspace.run(
            ["read-verify", "-", "--key", key, "--old", "old.txt"], input: Array(answer.text.utf8))
        #expect(old.status == 2 && old.errors.contains("no checkpoint"), "\(old)")
    }

    @Test("what an answer cannot show is said")
    func limits() async throws {
        let (workspace, key) = try await Self.appended()
        func said(_ options: String...) async throws -> String {
            let answer = try await workspace.run(["read", "--as", "TAX", "--verifiable"] + options)
            let result = try await workspace.run(["read-verify", "-", "--key", key], input: answer.output)
            #expect(result.status == 0, "\(result)")
            return result.errors
        }
        #expect(try await said("--proofs") == "")
        #expect(try await said().contains("--proofs"))
        #expect(try await said("--proofs", "--type", "sanhu.declaration.lodged").contains("left out"))
        #expect(try await said("--proofs", "--limit", "2", "--backwards") == "")
    }
}
