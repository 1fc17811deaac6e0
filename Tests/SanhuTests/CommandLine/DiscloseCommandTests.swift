import EventLog
import Foundation
import TestSupport
import Testing

@Suite("the commands of disclosure and assistance")
struct DiscloseCommandTests {
    private static let reading = ["read", "--type", "sanhu.declaration.lodged", "--as", "TAX", "--purpose", "refund"]

    private static func time(in seconds: Double) -> String {
        Timestamp(microseconds: Timestamp.now().microseconds + Int64(seconds * 1_000_000)).description
    }

    /// What a request of Tax says, from its object on.
    private static func request(_ object: String = "declaration:1", to: String = time(in: 86_400)) -> [String] {
        [
            "disclose", "request", "--as", "TAX", "--owner", "CUS", "--field", "/buyer", "--object", object,
            "--purpose", "refund", "--case", "T-7", "--to", to,
        ]
    }

    /// Runs a command that appends, and returns the position.
    private static func append(_ workspace: Workspace, _ arguments: [String]) async throws -> Int {
        let result = try await workspace.run(arguments)
        try #require(result.status == 0, "\(result)")
        return try #require(try result.objects.first?["appended"] as? Int, "\(result)")
    }

    private static func buyers(_ result: SanhuProcess.Result) throws -> [String] {
        try result.objects.compactMap { line in
            ((line["event"] as? [String: Any])?["data"] as? [String: Any])?["buyer"] as? String
        }
    }

    @Test("a request is asked, listed, checked, granted, read by, revoked and disputed")
    func life() async throws {
        let workspace = try await Workspace.withAgencies()
        try await workspace.declare(1...4)
        try workspace.write("The Li group claims refunds twice.\n", to: "grounds.txt")
        func buyers(_ more: String...) async throws -> [String] {
            let result = try await workspace.run(Self.reading + more)
            try #require(result.status == 0, "\(result)")
            return try Self.buyers(result)
        }
        let request = try await Self.append(workspace, Self.request() + ["--grounds", "grounds.txt"])
        #expect(try await buyers("--case", "T-7") == [])
        let inbox = try #require(try await workspace.succeed("disclose", "list", "--as", "CUS").objects.first)
        #expect(inbox["request"] as? Int == request && inbox["state"] as? String == "open")
        #expect(inbox["agency"] as? String == "TAX" && inbox["detail"] == nil, "its owner alone reads the grounds")
        let due = try #require(inbox["due"] as? [[String: Any]])
        #expect(due.map { $0["stage"] as? String } == ["check", "answer"])
        #expect(due.compactMap { $0["daysLeft"] as? Int }.count == 2)
        let own = try #require(try await workspace.succeed("disclose", "list", "--as", "TAX").objects.first)
        #expect(own["detail"] as? String == "The Li group claims refunds twice.")
        #expect(try await workspace.succeed("disclose", "list", "--as", "BOR").lines == [])
        let all = try await workspace.succeed("disclose", "list", "--as", "BOR", "--all")
        #expect(try all.objects.count == 1 && all.objects.first?["detail"] == nil, "\(all)")
        #expect(try await workspace.succeed("disclose", "list", "--as", "public", "--all").lines == [])

        _ = try await workspace.succeed("disclose", "check", "\(request)", "--as", "CUS")
        let granting = ["disclose", "decide", "\(request)", "--as", "CUS", "--grant", "--reason", "refund case"]
        let grant = try await Self.append(workspace, granting)
        #expect(try await buyers("--case", "T-7") == ["Buyer 1"])
        #expect(try await buyers("--case", "T-8") == [])
        let repeated = try await workspace.run(granting)
        #expect(repeated.status == 0 && repeated.lines == [#"{"duplicate":\#(grant)}"#], "\(repeated)")
        let during = Self.time(in: 0)

        let page = try await workspace.run(Self.reading + ["--case", "T-7", "--page", "2"])
        #expect(try Self.buyers(page) == ["Buyer 1"] && page.lines.count == 3, "\(page)")
        let cursor = try #require(try page.objects.last?["next"] as? String)
        let goingOn = Self.reading + ["--case", "T-7", "--page", "2", "--cursor", cursor]
        #expect(try await workspace.run(goingOn).lines.count == 3)
        let revoking = try await Self.append(
            workspace, ["disclose", "revoke", "\(grant)", "--as", "CUS", "--reason", "misused"])
        let stopped = try await workspace.run(goingOn)
        #expect(stopped.status == 3 && stopped.output.isEmpty && stopped.errors.contains("grantEnded"), "\(stopped)")
        #expect(stopped.errors.contains("position \(grant)") && stopped.errors.contains("position \(revoking)"))
        #expect(try await buyers("--case", "T-7") == [])
        #expect(try await buyers("--case", "T-7", "--as-of", during) == [])
        _ = try await Self.append(
            workspace, ["disclose", "dispute", "\(grant)", "--as", "TAX", "--reason", "not misused"])
        let ended = try await workspace.succeed("disclose", "list", "--as", "TAX", "--state", "revoked")
        let decision = try #require(try ended.objects.first?["decision"] as? [String: Any], "\(ended)")
        #expect(decision["disputes"] as? Int == 1 && decision["outcome"] as? String == "granted")
        #expect(try await workspace.run("verify").status == 0)
    }

    @Test("a grant that expires while a slow reader reads by it stops the read")
    func expiresWhileRead() async throws {
        let workspace = try await Workspace.withAgencies()
        try await workspace.declare(1...1200)
        let end = Self.time(in: 25)
        let request = try await Self.append(workspace, Self.request(to: end))
        let grant = try await Self.append(
            workspace, ["disclose", "decide", "\(request)", "--as", "CUS", "--grant", "--reason", "x"])
        // More is printed than pipe and buffers hold, and nobody takes it until the grant is over.
        let slow = try await workspace.shell(
            "$SANHU \(Self.reading.joined(separator: " ")) --case T-7 | (sleep 26; cat); exit ${PIPESTATUS[0]}")
        #expect(slow.status == 3 && slow.errors.contains("grantEnded"), "\(slow)")
        #expect(slow.errors.contains("position \(grant)") && slow.errors.contains("expired"), "\(slow)")
        #expect(try Self.buyers(slow) == ["Buyer 1"] && slow.lines.count < 1200 && slow.lines.count % 256 == 0)
        // The platform has noted it by the next command, once.
        let notes = ["read", "--type", "sanhu.disclosure.expired"]
        for _ in 0..<2 {
            let again = try await workspace.run(Self.reading + ["--case", "T-7"])
            #expect(try again.status == 0 && again.lines.count == 1200 && Self.buyers(again) == [])
            #expect(try await workspace.run(notes).lines.count == 1)
        }
        let list = try await workspace.succeed("disclose", "list", "--as", "CUS", "--state", "expired")
        #expect(try list.objects.map { $0["grant"] as? Int } == [grant], "\(list)")
    }

    @Test("what goes wrong says what, and what to do")
    func faults() async throws {
        let workspace = try await Workspace.withAgencies()
        try await workspace.declare(1...1)
        let request = try await Self.append(workspace, Self.request())
        func fault(_ arguments: String...) async throws -> String {
            let result = try await workspace.run(["disclose"] + arguments)
            #expect(result.status != 0 && result.output.isEmpty, "\(result)")
            return result.errors
        }
        let foreign = try await fault("decide", "\(request)", "--as", "BOR", "--grant", "--reason", "x")
        #expect(foreign.contains("notOwner") && foreign.contains("Only CUS"), "\(foreign)")
        #expect(try await fault("decide", "1", "--as", "CUS", "--grant", "--reason", "x").contains("unknownRequest"))
        #expect(try await fault("revoke", "\(request)", "--as", "CUS", "--reason", "x").contains("unknownGrant"))
        let beyond = try await fault(
            "decide", "\(request)", "--as", "CUS", "--grant", "--object", "declaration:2", "--reason", "x")
        #expect(beyond.contains("outsideRequest") && beyond.contains("grant within it"), "\(beyond)")
        let both = try await fault(
            "decide", "\(request)", "--as", "CUS", "--deny", "--field", "/buyer", "--reason", "x")
        #expect(both.contains("--deny denies all"))
        let aimless = try await workspace.run(Self.request().map { $0 == "refund" ? "curiosity" : $0 })
        #expect(aimless.errors.contains("unknownPurpose") && aimless.errors.contains("it has: refund"), "\(aimless)")
        let unknown = try await workspace.run(Self.request().map { $0 == "CUS" ? "XXX" : $0 })
        #expect(unknown.errors.contains("unknownAgency"), "\(unknown)")
        #expect(try await fault("list").contains("--as AGENCY"))
        let cursor = try await workspace.run(Self.reading + ["--case", "T-7", "--cursor", "nonsense"])
        #expect(cursor.status == 3 && cursor.errors.contains("invalidCursor"), "\(cursor)")
        let wrong = try await workspace.run(Self.request().map { $0 == "CUS" ? "BOR" : $0 })
        #expect(wrong.errors.contains("notOwner") && wrong.errors.contains("ask CUS"), "\(wrong)")
        let late = try await workspace.run(Self.request(to: "2020-01-01T00:00:00Z"))
        #expect(late.status == 3 && late.errors.contains("outsideRequest"), "\(late)")
    }

    @Test("a person sees requests and grants in a table")
    func table() async throws {
        let workspace = try await Workspace.withAgencies()
        try await workspace.declare(1...1)
        #expect(
            try await workspace.succeed("disclose", "list", "--as", "CUS", "--format", "text").lines == ["Nothing."])
        let request = try await Self.append(workspace, Self.request())
        let unpublished = try await Self.append(workspace, Self.request("declaration:77"))
        let grant = try await Self.append(
            workspace, ["disclose", "decide", "\(request)", "--as", "CUS", "--grant", "--reason", "x"])
        let table = try await workspace.succeed("disclose", "list", "--as", "CUS", "--format", "text").lines
        #expect(table.count == 4 && table[0].hasPrefix("POSITION  WHAT     STATE"), "\(table)")
        #expect(table[1].contains("\(request)") && table[1].contains("granted") && table[1].contains("T-7"))
        #expect(table[2].contains("\(unpublished)") && table[2].contains("check in 2 days, publish in 10 days"))
        #expect(table[3].contains("\(grant)") && table[3].contains("inForce"))
        #expect(Set(table.map { $0.firstRange(of: /(refund|PURPOSE)/)?.lowerBound.utf16Offset(in: $0) }).count == 1)
        #expect(try await workspace.succeed("disclose", "list", "--as", "CUS", "--overdue").lines == [])
    }

    @Test("what is granted under a request for assistance ends with it")
    func assistance() async throws {
        let workspace = try await Workspace.withAgencies()
        try await workspace.declare(1...2)
        let soon = Self.time(in: 3600)
        let scope = Self.request("declaration:1").dropFirst(2)
        let assistance = try await Self.append(
            workspace,
            ["assistance", "request", "tax-refund-fraud", "--object", "declaration:2", "--deadline", soon] + scope)
        _ = try await Self.append(
            workspace,
            [
                "disclose", "decide", "\(assistance)", "--as", "CUS", "--grant", "--object", "declaration:2",
                "--reason", "x",
            ])
        let reading = Self.reading + ["--case", "T-7"]
        #expect(try Self.buyers(try await workspace.run(reading)) == ["Buyer 2"])
        _ = try await Self.append(
            workspace, ["assistance", "answer", "\(assistance)", "provided", "--as", "CUS", "--evidence", "sha256:00"])
        let listed = try await workspace.succeed("disclose", "list", "--as", "TAX", "--state", "answered")
        #expect(try listed.objects.map { $0["assistance"] as? Int } == [assistance], "\(listed)")
        let foreign = try await workspace.run("assistance", "close", "\(assistance)", "--as", "CUS")
        #expect(foreign.status == 3 && foreign.errors.contains("notOwner"), "\(foreign)")
        _ = try await Self.append(workspace, ["assistance", "close", "\(assistance)", "--as", "TAX"])
        #expect(try Self.buyers(try await workspace.run(reading)) == [])
        let closed = try await workspace.run(
            "disclose", "decide", "\(assistance)", "--as", "CUS", "--grant", "--reason", "y")
        #expect(closed.status == 3 && closed.errors.contains("caseClosed"), "\(closed)")
    }
}
