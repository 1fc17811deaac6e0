import Foundation
import Testing

@Suite("The command line: help")
struct HelpTests {
    static let commands = [
        "", "init", "import", "import wco", "import kcs", "append", "read", "who-saw", "show", "checkpoint", "proof",
        "proof-verify", "consistency", "consistency-verify", "tiles", "tiles export", "tiles print", "verify", "index",
        "index rebuild", "snapshot", "snapshot export", "snapshot import",
        "snapshot verify", "stats", "sample", "bench", "bench append", "bench scan", "bench open", "charter",
        "charter show",
        "charter diff", "charter key", "charter sign", "charter amend",
    ]

    private func run(_ arguments: [String]) async throws -> SanhuProcess.Result {
        let workspace = try Workspace()
        return try await workspace.run(arguments)
    }

    @Test("every command's help goes to standard output and has an example of it", arguments: commands)
    func helpHasExamples(command: String) async throws {
        let words = command.split(separator: " ").map(String.init)
        let help = try await run(words + ["--help"])
        #expect(help.status == 0 && help.errorBytes.isEmpty, "\(help)")
        #expect(help.text.contains("USAGE: sanhu"))
        let examples = try #require(help.text.components(separatedBy: "EXAMPLES\n").dropFirst().first)
        #expect(examples.contains("  sanhu \(command)"))
        let example = examples.components(separatedBy: "\n\n")[0].split(separator: "\n")
        #expect(example.allSatisfy { $0.hasPrefix("  ") }, "an example is broken where the line ends")
    }

    @Test("help lists every command that there is, so that these tests miss none")
    func listsCommands() async throws {
        for group in Set(Self.commands.map { $0.split(separator: " ").dropLast().joined(separator: " ") }) {
            let help = try await run(group.split(separator: " ").map(String.init) + ["--help"])
            guard let list = help.text.components(separatedBy: "SUBCOMMANDS:\n").dropFirst().first else { continue }
            for line in list.split(separator: "\n") where line.hasPrefix("  ") && !line.hasPrefix("   ") {
                guard let name = line.split(separator: " ").first, name != "See" else { continue }
                #expect(Self.commands.contains(group.isEmpty ? String(name) : "\(group) \(name)"))
            }
        }
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
            ["read", "--follow", "--backwards"], ["append", "--after", "3"], ["sample", "--declarations", "-1"],
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
