import Foundation
import Testing

/// Examples of commands as they are documented, in their order.
struct ExampleBlock {
    /// `README 1`, `README 2` and so on, or the command whose help it is of.
    let name: String
    /// Without what is said beside them; a line that goes on is one.
    let lines: [String]

    /// Those of a page: what stands between fences.
    static func of(page text: String, named name: String) -> [ExampleBlock] {
        let fences = text.components(separatedBy: "```").enumerated().filter { $0.offset % 2 == 1 }.map(\.element)
        let blocks = fences.map { fence in
            fence.split(separator: "\n").map(String.init).filter { $0.hasPrefix("sanhu ") || $0.hasPrefix("export ") }
                .map { line in
                    line.range(of: "   *", options: .regularExpression).map { String(line[..<$0.lowerBound]) } ?? line
                }
        }
        return blocks.filter { !$0.isEmpty }.enumerated().map { index, lines in
            ExampleBlock(name: "\(name) \(index + 1)", lines: lines)
        }
    }

    /// Those of the helps of all commands.
    static func ofHelps(_ help: ([String]) async throws -> String) async throws -> [ExampleBlock] {
        var blocks: [ExampleBlock] = []
        var commands: [[String]] = [[]]
        while let command = commands.popLast() {
            let text = try await help(command + ["--help"])
            let examples = try #require(text.components(separatedBy: "EXAMPLES\n").dropFirst().first, "\(command)")
            let joined = examples.components(separatedBy: "\n\n")[0]
                .replacingOccurrences(of: " \\\\\n +", with: " ", options: .regularExpression)
            let lines = joined.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
            blocks.append(ExampleBlock(name: command.isEmpty ? "sanhu" : command.joined(separator: " "), lines: lines))
            commands += Self.subcommands(text).map { command + [$0] }
        }
        return blocks.reversed()
    }

    /// The commands that a help lists.
    static func subcommands(_ help: String) -> [String] {
        let list = help.components(separatedBy: "SUBCOMMANDS:\n").dropFirst().joined(separator: "\n")
        return list.split(separator: "\n").filter { $0.hasPrefix("  ") && !$0.hasPrefix("   ") }
            .compactMap { $0.split(separator: " ").first.map(String.init) }.filter { $0 != "See" && $0 != "help" }
    }
}

/// What an example is run on.
enum ExampleGround: CaseIterable {
    /// The files that examples name, and no ledger.
    case files
    /// A ledger of sample events beside them.
    case plain
    /// A ledger founded by the sample charter, with some declarations in it.
    case exchange

    /// What a line of a block is run on.
    static func of(_ line: String, in block: String) -> ExampleGround {
        if block.hasPrefix("README") || line.contains(" init ") { return .files }
        if line.contains(" --as ") || line.contains(" --party ") { return .exchange }
        switch block.split(separator: " ").first ?? "" {
        case "charter" where ["key", "sign", "draft", "catalogue"].contains { line.hasPrefix("sanhu charter \($0) ") }:
            return .files
        case "charter", "disclose", "assistance", "hold", "keys", "read-verify", "view", "parked", "automate", "board",
            "audit-verify":
            return .exchange
        case "sanhu", "bench", "serve": return .files
        default: return .plain
        }
    }
}
