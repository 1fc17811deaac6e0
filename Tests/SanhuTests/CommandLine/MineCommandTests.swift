import Foundation
import JSON
import Testing

@Suite("sanhu mine")
struct MineCommandTests {
    private static func declared(_ numbers: ClosedRange<Int>) async throws -> Workspace {
        let workspace = try await PortWorkspace.make()
        for number in numbers {
            let event =
                #"{"event":{"specversion":"1.0","id":"l\#(number)","source":"/DEC/1","type":"sanhu.declaration.lodged","dataschema":"urn:sanhu:schema:declaration.lodged:1","data":{"declaration":"\#(number)","kind":"goods","commercial":{"price":"CANARY"}}}}"#
                + "\n"
            let done = try await workspace.append(text: event, "--as", "DEC")
            try #require(done.status == 0, "\(done)")
        }
        return workspace
    }

    @Test(
        "OCEL and XES go to standard output or into a file that is there once it is whole; what they came to is said beside"
    )
    func exports() async throws {
        let workspace = try await Self.declared(1...3)
        let shown = try await workspace.succeed("mine", "ocel", "--as", "AUD", "--object", "declaration")
        let root = try JSONDocument(parsing: shown.output).root
        #expect(root["objects"]?.elements.compactMap { $0["id"]?.string } == (1...3).map { "declaration:\($0)" })
        #expect(shown.errors.contains("3 objects, 3 relations") && !shown.text.contains("CANARY"))
        let kept = try await workspace.succeed(
            "mine", "ocel", "--as", "AUD", "--object", "declaration", "--output", "o.json")
        #expect(kept.output.isEmpty)
        #expect(FileManager.default.contents(atPath: workspace.path("o.json")).map(Array.init) == shown.output)
        #expect(!FileManager.default.fileExists(atPath: workspace.path("o.json.new")))
        let traces = try await workspace.succeed("mine", "xes", "--as", "AUD")
        #expect(traces.text.components(separatedBy: "<trace>").count == 4 && traces.errors.contains("3 traces"))
        let csv = try await workspace.succeed("mine", "csv", "--as", "POO")
        #expect(csv.text.hasPrefix("figure,definition_version,port,") && csv.text.hasSuffix("\r\n"))
    }

    @Test("What cannot be exported says why and what to do, and leaves no file")
    func refusals() async throws {
        let workspace = try await Self.declared(1...1)
        let cases: [(arguments: [String], status: Int32, said: String)] = [
            (["ocel"], 64, "--as"),
            (["ocel", "--as", "AUD", "--object", "person"], 64, "declaration, container"),
            (["xes", "--as", "AUD", "--case", "officer"], 64, "declaration, container"),
            (["ocel", "--as", "AUD", "--since", "yesterday"], 64, "yesterday"),
            (["csv", "--as", "AUD", "--from", "3"], 64, "--from"),
            (["ocel", "--as", "NOBODY", "--output", "out.json"], 3, "no longer a member"),
            (["ocel", "--as", "AUD", "--at", "9999", "--output", "out.json"], 1, "9999"),
            (["ocel", "--as", "AUD", "--output", "nowhere/out.json"], 5, "nowhere"),
        ]
        for (arguments, status, said) in cases {
            let result = try await workspace.run(["mine"] + arguments)
            #expect(result.status == status && result.errors.contains(said) && result.output.isEmpty, "\(result)")
        }
        for name in ["out.json", "out.json.new"] {
            #expect(!FileManager.default.fileExists(atPath: workspace.path(name)), "\(name)")
        }
    }
}
