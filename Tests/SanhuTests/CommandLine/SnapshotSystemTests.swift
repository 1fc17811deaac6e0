import Clearance
import Foundation
import Testing

@testable import sanhu

@Suite("The command line: snapshots of a day at a port")
struct SnapshotSystemTests {
    @Test(
        "S95 K29 a ledger that was restored answers as the one it was made of: figures, boards, cases, reads and proofs, byte for byte"
    )
    func restored() async throws {
        let workspace = try Workspace()
        let played = try await workspace.run(
            "sample", "--days", "1", "--seed", "11", "--declarations-per-day", "\(SampleGenerator.least)", "--into",
            "day.ledger", "--schemas", PortSchemas.folder.path, "--origin", "day.example/ledger")
        try #require(played.status == 0, "\(played.errors)")
        _ = try await workspace.succeed("backup", "backup", "--keys-to", "safe", "--ledger", "day.ledger")
        _ = try await workspace.succeed(
            "restore", "backup", "--keys-from", "safe", "--ledger", workspace.path("copy.ledger"))
        let lodged = try await workspace.succeed(
            "read", "--ledger", "day.ledger", "--type", "sanhu.declaration.lodged", "--limit", "400"
        ).objects
        let objects = lodged.flatMap { $0["tags"] as? [String] ?? [] }
        let declarations = objects.filter { $0.hasPrefix("declaration:") }
        let containers = objects.filter { $0.hasPrefix("container:") }
        let positions = lodged.compactMap { $0["position"] as? Int }
        try #require(declarations.count > 20 && containers.count > 20)
        let head = "\(try #require(positions.max()))"
        // Before anything is read, which is recorded, and anchored in the log.
        for position in positions.prefix(10) {
            let one = try await workspace.succeed("proof", "\(position)", "--ledger", "day.ledger")
            let other = try await workspace.succeed("proof", "\(position)", "--ledger", "copy.ledger")
            #expect(one.output == other.output && one.text.contains("day.example/ledger"))
        }
        var questions = [
            ["report", "scoreboard", "--as", "AUD", "--at", head],
            ["report", "security", "--as", "POO", "--port", "CNNSA", "--at", head],
            ["board", "inspections", "--as", "CUS", "--at", head],
            ["board", "guarantees", "--as", "CUS", "--at", head],
            ["read", "--as", "CUS", "--purpose", "clearance", "--to", head], ["read", "--as", "TER", "--to", head],
            ["read", "--as", "DEC", "--to", head],
        ]
        for declaration in declarations.prefix(12) {
            questions.append(["case", declaration, "--as", "CUS", "--at", head])
            questions.append(["case", declaration, "--as", "TAX", "--at", head])
        }
        for container in containers.prefix(6) { questions.append(["case", container, "--as", "TER", "--at", head]) }
        for question in questions {
            let one = try await workspace.run(question + ["--ledger", "day.ledger"])
            let other = try await workspace.run(question + ["--ledger", "copy.ledger"])
            #expect(
                one.status == 0 && one.output == other.output && !one.output.isEmpty,
                "\(question) \(one.errors) \(other.errors)")
        }
        let part = try await workspace.succeed(
            "snapshot", "export", "part.zst", "--tag", declarations[0], "--as", "TAX", "--purpose", "duty-assessment",
            "--ledger",
            "day.ledger")
        let entries = try #require(try part.objects.first?["entries"] as? Int)
        #expect(entries > 3)
        _ = try await workspace.succeed("snapshot", "import", "part.zst", "--ledger", "part", "--read-only")
        let handed = try await workspace.succeed("read", "--ledger", "part").objects
        #expect(handed.count == entries)
    }
}
