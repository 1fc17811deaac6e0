import Foundation
import Testing

@Suite("The command line: terminals and pipes")
struct TerminalTests {
    private static let hasScript = FileManager.default.isExecutableFile(atPath: "/usr/bin/script")

    @Test("without a terminal nothing but data is on standard output, and no bar or colour anywhere")
    func plain() async throws {
        let workspace = try await Workspace.withEvents(30)
        try workspace.write(KCSFixture.text(rows: 200), to: "kcs/d.csv")
        let results = [
            try await workspace.succeed("import", "kcs", "kcs"), try await workspace.succeed("verify"),
            try await workspace.succeed("index", "rebuild"), try await workspace.succeed("read", "--format", "text"),
        ]
        for result in results {
            #expect(!result.output.contains(0x1B) && !result.errorBytes.contains(0x1B), "\(result)")
            #expect(!result.errorBytes.contains(UInt8(ascii: "\r")), "\(result)")
        }
        for result in results.prefix(2) { #expect(throws: Never.self) { try result.objects } }
        #expect(results[2].output.isEmpty)
    }

    @Test(
        "a terminal gets colour and a bar, and the bar is taken away",
        .enabled(if: hasScript, "skipped: there is no script(1) here"))
    func terminal() async throws {
        let workspace = try await Workspace.withEvents(3)
        try workspace.write(KCSFixture.text(rows: 2_500), to: "kcs/d.csv")
        let read = try await workspace.shell("script -qec '\"$SANHU\" read --format text' /dev/null < /dev/null")
        #expect(read.status == 0 && read.text.contains("\u{1B}[36m"), "\(read)")
        let imported = try await workspace.shell("script -qec '\"$SANHU\" import kcs kcs' /dev/null < /dev/null")
        #expect(imported.status == 0 && imported.text.contains("importing █"), "\(imported)")
        let end = imported.text.components(separatedBy: "\u{1B}[K").last ?? ""
        #expect(!end.contains("█") && end.contains("1 of 1 files imported"))
        let json = try await workspace.shell("script -qec '\"$SANHU\" read --limit 2' /dev/null < /dev/null")
        #expect(!json.output.contains(0x1B), "JSON has no colour")
    }

    @Test(
        "NO_COLOR is respected, if it is not empty",
        .enabled(if: hasScript, "skipped: there is no script(1) here"))
    func noColour() async throws {
        let workspace = try await Workspace.withEvents(3)
        let line = "script -qec '\"$SANHU\" read --format text' /dev/null < /dev/null"
        let without = try await workspace.shell(line, environment: ["NO_COLOR": "1"])
        #expect(without.status == 0 && !without.output.contains(0x1B), "\(without)")
        let with = try await workspace.shell(line, environment: ["NO_COLOR": ""])
        #expect(with.status == 0 && with.output.contains(0x1B), "\(with)")
    }

    @Test("a reader that goes away ends the command quietly")
    func brokenPipe() async throws {
        let workspace = try await Workspace.withLedger()
        _ = try await workspace.shell("\"$SANHU\" sample --seed 1 --declarations 60 | \"$SANHU\" append - > /dev/null")
        for command in ["read", "read --format text", "sample --declarations 500"] {
            let result = try await workspace.shell("\"$SANHU\" \(command) | head -n 1")
            #expect(result.status == 0 && result.lines.count == 1, "\(result)")
            #expect(result.errorBytes.isEmpty, "\(result)")
        }
    }

    @Test("a standard output that is full is a failure that says so")
    func fullOutput() async throws {
        let workspace = try await Workspace.withEvents(3)
        let result = try await workspace.shell("\"$SANHU\" read > /dev/full")
        #expect(result.status == 1 && result.errors.contains("Standard output cannot be written"), "\(result)")
    }
}
