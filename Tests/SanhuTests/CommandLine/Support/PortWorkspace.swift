import Crypto
import Foundation
import Testing
import Transparency

/// A workspace whose ledger was founded by the sample charter of the port, with the schemas of Schemas/, all by commands.
enum PortWorkspace {
    private static let schemas = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("Schemas").path

    static func make() async throws -> Workspace {
        let workspace = try Workspace()
        let names = try FileManager.default.contentsOfDirectory(atPath: schemas).sorted()
            .filter { $0.hasSuffix(".schema.json") }
            .filter { name in !["charter.", "alert.", "access.anchored."].contains(where: name.hasPrefix) }
        let governs = { (name: String) in
            ["disclosure.", "assistance.", "erasure.", "legalhold.", "access.released."].contains(where: name.hasPrefix)
        }
        let founding = names.filter(governs).map { schemas + "/" + $0 }
        let port = names.filter { !governs($0) }.map { schemas + "/" + $0 }
        try await draft(
            ["--charter", schemas + "/charter.json"] + founding, "founding.json",
            signedBy: ["CUS", "BOR", "MSA", "TAX", "POO"], in: workspace)
        _ = try await workspace.succeed("init", "--origin", Workspace.origin, "--charter", "founding.json")
        try await draft(["--basis", "0"] + port, "port.json", signedBy: ["CUS", "BOR", "TAX"], in: workspace)
        _ = try await workspace.succeed("charter", "amend", "port.json")
        return workspace
    }

    private static func draft(
        _ options: [String], _ file: String, signedBy agencies: [String], in workspace: Workspace
    ) async throws {
        let drafted = try await workspace.run(["charter", "draft"] + options)
        try #require(drafted.status == 0, "\(drafted)")
        try workspace.write(drafted.text, to: file)
        for agency in agencies {
            // The keys of the sample are such as anyone can make.
            let seed = Array(SHA256.hash(data: Array("sanhu sample key \(agency)-1".utf8)))
            let key = try workspace.write(Base64.encode(seed) + "\n", to: agency + ".key")
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: key)
            let signed = try await workspace.succeed(
                "charter", "sign", file, "--origin", Workspace.origin, "--key-id", agency + "-1", "--key",
                agency + ".key")
            try workspace.write(signed.text, to: file)
        }
    }
}
