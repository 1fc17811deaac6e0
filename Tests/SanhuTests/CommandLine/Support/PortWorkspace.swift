import Crypto
import Foundation
import Testing
import Transparency

/// A workspace whose ledger was founded by the sample charter of the port, with the schemas of Schemas/, all by commands.
enum PortWorkspace {
    static let schemas = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("Schemas").path

    /// The files of the schemas of the events by which the exchange is governed, and of those of the port.
    static func schemaFiles() throws -> (governing: [String], port: [String]) {
        let names = try FileManager.default.contentsOfDirectory(atPath: schemas).sorted()
            .filter { $0.hasSuffix(".schema.json") }
            .filter { name in !["charter.", "alert.", "access.anchored."].contains(where: name.hasPrefix) }
        let governs = { (name: String) in
            ["disclosure.", "assistance.", "erasure.", "legalhold.", "access.released."].contains(where: name.hasPrefix)
        }
        return (names.filter(governs), names.filter { !governs($0) })
    }

    static func make() async throws -> Workspace {
        let workspace = try Workspace()
        let (governing, port) = try schemaFiles()
        try await draft(
            ["--charter", schemas + "/charter.json"] + governing.map { schemas + "/" + $0 }, "founding.json",
            signedBy: ["CUS", "BOR", "MSA", "TAX", "POO"], in: workspace)
        _ = try await workspace.succeed("init", "--origin", Workspace.origin, "--charter", "founding.json")
        // More than one event has room for.
        try await draft(
            ["--basis", "0"] + port.map { schemas + "/" + $0 }, "port.json", signedBy: ["CUS", "BOR", "TAX"],
            in: workspace)
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
            try writeKey(of: agency, in: workspace)
            let signed = try await workspace.succeed(
                "charter", "sign", file, "--origin", Workspace.origin, "--key-id", agency + "-1", "--key",
                agency + ".key")
            try workspace.write(signed.text, to: file)
        }
    }

    /// Writes the key by which an agency of the sample signs. It is such as anyone can make.
    static func writeKey(of agency: String, in workspace: Workspace) throws {
        let seed = Array(SHA256.hash(data: Array("sanhu sample key \(agency)-1".utf8)))
        let key = try workspace.write(Base64.encode(seed) + "\n", to: agency + ".key")
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: key)
    }
}
