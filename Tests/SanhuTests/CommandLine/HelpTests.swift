import Foundation
import Testing

@Suite("The command line: help")
struct HelpTests {
    private func run(_ arguments: [String]) async throws -> SanhuProcess.Result {
        let workspace = try Workspace()
        return try await workspace.run(arguments)
    }

    @Test("every command's help goes to standard output and has an example of it")
    func helpHasExamples() async throws {
        var commands = [""]
        var seen = 0
        while let command = commands.popLast() {
            seen += 1
            let help = try await run(command.split(separator: " ").map(String.init) + ["--help"])
            #expect(help.status == 0 && help.errorBytes.isEmpty, "\(help)")
            #expect(help.text.contains("USAGE: sanhu"))
            let examples = try #require(
                help.text.components(separatedBy: "EXAMPLES\n").dropFirst().first, "no examples: \(command)")
            #expect(examples.contains("  sanhu \(command)"), "no example of it: \(command)")
            let example = examples.components(separatedBy: "\n\n")[0].split(separator: "\n")
            #expect(example.allSatisfy { $0.hasPrefix("  ") }, "an example is broken where the line ends: \(command)")
            commands += ExampleBlock.subcommands(help.text).map { command.isEmpty ? $0 : "\(command) \($0)" }
        }
        #expect(seen > 30)
    }

    @Test("the exit codes are documented")
    func exitCodes() async throws {
        let help = try await run(["--help"])
        for code in ["  0  ", "  1  ", "  2  ", "  3  ", "  4  ", "  5  ", " 64  "] {
            #expect(help.lines.contains { $0.hasPrefix(code) }, "\(code)")
        }
    }

    @Test("shells get completions", arguments: [("bash", "bash -n"), ("zsh", "zsh -n"), ("fish", "fish -n")])
    func completions(shell: String, check: String) async throws {
        let script = try await run(["--generate-completion-script", shell])
        #expect(script.status == 0 && script.errorBytes.isEmpty, "\(script)")
        #expect(script.text.contains("proof-verify") && script.text.contains("recorded-from"))
        let workspace = try Workspace()
        try workspace.write(script.text, to: "completions")
        let program = check.split(separator: " ")[0]
        let checked = try await workspace.shell("! command -v \(program) > /dev/null || \(check) completions")
        #expect(checked.status == 0, "\(checked)")
    }

    @Test(
        "what is not understood exits 64, says why, and prints nothing",
        arguments: [
            ["read", "--nope"], ["nope"], ["show"], ["show", "first"], ["show", "-1"], ["init"],
            ["read", "--limit", "-1"],
            ["read", "--follow", "--backwards"], ["append", "--after", "3"],
            ["read", "--verifiable"], ["read", "--upcast"],
            ["read", "--as", "CUS", "--upcast", "--verifiable"], ["read", "--as", "CUS", "--proofs"],
            ["read", "--as", "CUS", "--verifiable", "--since", "1"], ["read-verify", "f"],
            ["read-verify", "f", "--key", "nonsense"], ["sample", "--declarations", "-1"],
            ["read", "--query", "*", "--tag", "a:b"], ["proof-verify", "p", "--entry", "e", "--key", "nonsense"],
            ["consistency-verify", "p", "--old", "o", "--key", "nonsense"], ["tiles", "print", "tile/0"],
            ["consistency", "3", "2"],
            ["init", "--origin", ""], ["bench", "append", "--events", "0"], ["read", "--format", "xml"],
            ["append", "--if-none", "*", "--if-none", "*", "--if-none", "*", "--after", "1", "--after", "2"],
        ])
    func misuse(arguments: [String]) async throws {
        let result = try await run(arguments)
        #expect(result.status == 64, "\(result)")
        #expect(result.output.isEmpty && result.errors.contains("Error: "), "\(result)")
    }

    @Test("without a ledger it is asked which")
    func whichLedger() async throws {
        let workspace = try Workspace()
        for command in [["read"], ["stats"], ["append"], ["verify"], ["show", "0"], ["index", "rebuild"]] {
            let result = try await workspace.run(command, environment: ["SANHU_LEDGER": ""])
            #expect(result.status == 64 && result.errors.contains("--ledger"), "\(result)")
        }
    }
}
