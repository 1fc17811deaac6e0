import Foundation
import JSON
import Testing

@Suite("sanhu case, and the rules and automations of the port")
struct CaseCommandTests {
    private static func event(
        _ type: String, _ agency: String, _ id: String, _ data: String, tags: [String] = []
    ) -> String {
        let tags = tags.map { "\"\($0)\"" }.joined(separator: ",")
        return
            #"{"tags":[\#(tags)],"event":{"specversion":"1.0","id":"\#(id)","source":"/\#(agency)/1","type":"sanhu.\#(type)","dataschema":"urn:sanhu:schema:\#(type):1","data":{\#(data)}}}"#
            + "\n"
    }

    private static func objects(_ result: SanhuProcess.Result) throws -> [JSONValue] {
        try result.text.split(separator: "\n").map { try JSONDocument(parsing: Array($0.utf8)).root }
    }

    private static func append(
        _ workspace: Workspace, _ type: String, _ agency: String, _ id: String, _ data: String, tags: [String] = []
    ) async throws {
        let done = try await workspace.append(text: event(type, agency, id, data, tags: tags), "--as", agency)
        try #require(done.status == 0, "\(done)")
    }

    @Test(
        "a declaration goes its way: what is missing is shown, rules refuse with reasons, the release completes itself")
    func journey() async throws {
        let workspace = try await PortWorkspace.make()
        let number = #""declaration":"1""#
        try await Self.append(
            workspace, "declaration.lodged", "DEC", "l", number + #","kind":"goods","office":"2248","port":"CNNSA""#,
            tags: ["container:C1", "permit:P1"])
        try await Self.append(workspace, "declaration.accepted", "CUS", "a", number)
        let missing = try #require(
            try Self.objects(try await workspace.succeed("case", "declaration:1", "--as", "CUS")).first)
        #expect(missing["status"]?.string == "accepted")
        #expect(missing["release"]?["missing"]?.elements.map { $0["kind"]?.string } == ["agency", "permit"])
        #expect(missing["steps"]?.elements.count == 2)

        let early = try await workspace.append(
            text: Self.event("release.completed", "SW", "r", number, tags: ["container:C1"]), "--as", "SW")
        #expect(early.status == 3)
        let refusal = try #require(try Self.objects(early).first)
        #expect(refusal["refused"]?.string == "ruleBroken")
        let reason = refusal["reason"]?.string ?? ""
        for part in ["one-release", "declaration:1", "CUS has not released", "Permit P1 has not been verified"] {
            #expect(reason.contains(part), "\(reason)")
        }

        let started = try Self.objects(try await workspace.succeed("automate", "--from", "0"))
        #expect(started.contains { $0["automation"]?.string?.hasPrefix("release.") ?? false })
        try await Self.append(
            workspace, "permit.issued", "COM", "i", #""permit":"P1","kind":"import","quantity":10,"unit":"KGM""#)
        let verified = number + #","permit":"P1","item":1,"result":"match""#
        try await Self.append(workspace, "permit.verified", "CUS", "v", verified)
        func writeOff(_ quantity: Int) -> String {
            Self.event("permit.writtenoff", "CUS", "w", number + #","permit":"P1","item":1,"quantity":\#(quantity)"#)
        }
        let over = try await workspace.append(text: writeOff(11), "--as", "CUS")
        #expect(over.status == 3 && over.text.contains("At most 10 can be written off."), "\(over)")
        #expect(try await workspace.append(text: writeOff(10), "--as", "CUS").status == 0)
        try await Self.append(workspace, "release.granted", "CUS", "g", number)
        try await Self.append(
            workspace, "hold.placed", "MSA", "h", #""container":"C1","scope":"all","legalBasis":"Art. 5""#)
        let held = try Self.objects(try await workspace.succeed("automate"))
        let waits = held.first { $0["automation"]?.string?.hasPrefix("release.") ?? false }
        #expect(waits?["waiting"]?.elements.map(\.string) == ["declaration:1"])
        try await Self.append(workspace, "hold.lifted", "MSA", "u", #""container":"C1","hold":"h""#)
        let released = try Self.objects(try await workspace.succeed("automate"))
        let release = released.filter { $0["type"]?.string == "sanhu.release.completed" }
        #expect(release.count == 1 && release.first?["declaration"]?.string == "1")
        // What it did, and what is told of that; then nothing more.
        #expect(try Self.objects(try await workspace.succeed("automate")).allSatisfy { $0["appended"] == nil })

        let file = try Self.objects(try await workspace.succeed("case", "declaration:1", "--as", "SW")).first
        #expect(file?["status"]?.string == "released" && file?["release"]?["isReleased"]?.bool == true)
        let permit = try Self.objects(try await workspace.succeed("case", "permit:P1", "--as", "COM")).first
        #expect(permit?["left"]?.integer == 0)
        try await Self.looks(workspace)
        let statistics = try await workspace.succeed("report", "K08", "--as", "CUS")
        #expect(statistics.text.contains("CNNSA"), "\(statistics)")
        #expect(try await workspace.succeed("parked", "retry", "release").text.isEmpty)
    }

    /// What a person sees.
    private static func looks(_ workspace: Workspace) async throws {
        let text = try await workspace.succeed("case", "declaration:1", "--as", "CUS", "--format", "text").text
        for part in [
            "declaration:1", "status: released", "CUS", "What happened", "permit.writtenoff", "It is released.",
        ] {
            #expect(text.contains(part), "\(part) in \(text)")
        }
        let container = try await workspace.succeed("case", "container:C1", "--as", "MSA", "--format", "text").text
        #expect(container.contains("lifted at") && container.contains("release.completed"), "\(container)")
    }

    @Test("what has no case file, and who asks for none, is told so")
    func refusals() async throws {
        let workspace = try await PortWorkspace.make()
        let none = try await workspace.run("case", "vehicle:1", "--as", "CUS")
        #expect(none.status == 64 && none.errors.contains("declaration"), "\(none)")
        #expect(try await workspace.run("case", "declaration:1").status == 64)
        let empty = try await workspace.succeed("case", "declaration:none", "--as", "CUS", "--format", "text")
        #expect(empty.text.contains("Nothing, as far as you may know."), "\(empty)")
        let far = try await workspace.run("case", "declaration:1", "--as", "CUS", "--at", "99")
        #expect(far.status == 4, "\(far)")
    }
}
