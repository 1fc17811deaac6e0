import Foundation
import TestSupport
import Testing

/// What the documented examples are run on: a copy for each.
struct ExampleGrounds {
    private let workspaces: [ExampleGround: Workspace]

    static func make() async throws -> ExampleGrounds {
        let (files, exchange) = (try Workspace(), try await PortWorkspace.make())
        let plain = try await Workspace.withLedger()
        for workspace in [files, plain, exchange] { try await write(to: workspace) }
        try plain.write(events("p").map(\.line).joined(), to: "plain.ndjson")
        try await expect(plain, "sanhu append plain.ndjson && sanhu sample --seed 8 --declarations 20 | sanhu append -")
        try plain.write(plain.key + "\n", to: "ledger.key")
        try await expect(exchange, "sanhu append examples.ndjson --as DEC && sanhu checkpoint > first")
        let description = try #require(FileManager.default.contents(atPath: exchange.ledger + "/ledger.json"))
        try exchange.write(
            try #require(JSONLine.object(String(decoding: description, as: UTF8.self))["verifier"] as? String),
            to: "ledger.key")
        return ExampleGrounds(workspaces: [.files: files, .plain: plain, .exchange: exchange])
    }

    private static func expect(_ workspace: Workspace, _ script: String) async throws {
        let done = try await workspace.shell("sanhu() { \"$SANHU\" \"$@\"; }; \(script)")
        try #require(done.status == 0, "\(done)")
    }

    /// A workspace of its own with all that is in one of these.
    func copy(of ground: ExampleGround) async throws -> Workspace {
        let (copy, original) = (try Workspace(), try #require(workspaces[ground]))
        let copied = try await copy.shell("cp -r --sparse=always '\(original.folder.path)/.' .")
        try #require(copied.status == 0, "\(copied)")
        return copy
    }

    /// Which schemas are registered when, for the shell.
    func names() throws -> String {
        let (governing, port) = try PortWorkspace.schemaFiles()
        return
            "governing='\(governing.joined(separator: " "))'\nport='\(port.joined(separator: " "))'"
    }

    /// A declaration about a subject, whose entry names an enterprise.
    private static func declaration(_ number: String, id: String, subject: String = "91310000MA1FL0QX23") -> String {
        #"{"tags":["enterprise:91310000MA1FL0AB1X"],"event":{"specversion":"1.0","id":"\#(id)","source":"/DEC/1","#
            + #""type":"sanhu.declaration.lodged","dataschema":"urn:sanhu:schema:declaration.lodged:1","data":{"#
            + #""declaration":"\#(number)","kind":"import","commercial":{"price":100},"#
            + #""partyDetails":[{"name":"\#(subject)"}]}}}"# + "\n"
    }

    /// Events enough for the positions in examples, among them those that examples look for.
    private static func events(_ id: String) -> [Draft] {
        let tags = ["container:CMAU9592883", "declaration:21GB7X8M7S6NG8N6R0"]
        return (0..<120).map { number in
            let type = ["sanhu.hold.placed", "sanhu.seal.recorded", "sanhu.inspection.completed"][number % 3]
            return Draft(id: "\(id)-\(number)", type: type, tags: number < 6 ? tags : ["lot:\(number)"])
        }
    }

    /// The files that examples name.
    private static func write(to workspace: Workspace) async throws {
        for name in try FileManager.default.contentsOfDirectory(atPath: PortWorkspace.schemas)
        where name.hasSuffix(".json") {
            try workspace.write(String(contentsOfFile: PortWorkspace.schemas + "/" + name, encoding: .utf8), to: name)
        }
        for agency in ["CUS", "BOR", "MSA", "TAX", "POO"] { try PortWorkspace.writeKey(of: agency, in: workspace) }
        try workspace.write(events("e").map(\.line).joined(), to: "events.ndjson")
        let names = ["1", "2", "D-1", "220020260000000001"]
        let declared =
            names.map { declaration($0, id: "e-" + $0) }
            + [declaration("3", id: "e-3", subject: "91310000MA1FL0AB1X")]
        try workspace.write(declared.joined(), to: "examples.ndjson")
        try workspace.write((1...3).map { declaration("\($0)", id: "d-\($0)") }.joined(), to: "declarations.ndjson")
        let release = Draft(id: "release-1", type: "sanhu.release.completed", tags: ["declaration:1"])
        try workspace.write(release.event + "\n", to: "release.json")
        try workspace.write(WCOFixture.lodgement("LRN-7"), to: "messages/1.xml")
        let answer = WCOFixture.answer("01", at: "20260301080000Z", reference: "LRN-7", number: "26GB0000000000007")
        try workspace.write(answer, to: "messages/2.xml")
        try workspace.write(KCSFixture.text(rows: 3), to: "declarations.csv")
        try workspace.write(RASFFFixture.header + RASFFFixture.row("2024.9650"), to: "notifications.csv")
        try workspace.write(
            "section,hscode,description,parent,level\nI,440890,Veneer,4408,6\n", to: "harmonized-system.csv")
        try workspace.write("91310000MA1FL0AB1X\n", to: "subject.txt")
        try workspace.write("the refund is claimed for declaration 1\n", to: "grounds.txt")
        for folder in ["secure", "www"] { try workspace.write("", to: folder + "/.keep") }
    }
}
