import Foundation
import TestSupport
import Testing

/// The commands that the README and the helps show do what they are shown to do.
@Suite("The command line: documented examples")
struct ExamplesTests {
    private static let bin = URL(fileURLWithPath: SanhuProcess.binary).deletingLastPathComponent().path

    private static func blocks() async throws -> [ExampleBlock] {
        let readme = URL(fileURLWithPath: PortWorkspace.schemas).deletingLastPathComponent()
            .appendingPathComponent("README.md")
        let workspace = try Workspace()
        return ExampleBlock.of(page: try String(contentsOf: readme, encoding: .utf8), named: "README")
            + (try await ExampleBlock.ofHelps { try await workspace.run($0).text })
    }

    private static func isNotRun(_ line: String, _ block: ExampleBlock) -> Bool {
        ExampleTable.notRun.contains { $0.block == block.name && line.hasPrefix($0.line) }
    }

    @Test("what the table says of examples is said of examples that there are")
    func table() async throws {
        let blocks = try await Self.blocks()
        #expect(blocks.count > 45 && blocks.filter { $0.name.hasPrefix("README") }.count == 2)
        func expectThere(_ block: String, _ line: String, sourceLocation: SourceLocation = #_sourceLocation) {
            let isThere = blocks.contains { $0.name == block && $0.lines.contains { $0.hasPrefix(line) } }
            #expect(isThere, "\(block): \(line)", sourceLocation: sourceLocation)
        }
        for entry in ExampleTable.entries {
            expectThere(entry.block, entry.line)
            for (placeholder, _) in entry.replacing {
                let lines = blocks.filter { $0.name == entry.block }.flatMap(\.lines).filter {
                    $0.hasPrefix(entry.line)
                }
                #expect(lines.contains { $0.contains(placeholder) }, "\(entry.block): \(placeholder)")
            }
        }
        for (block, line, reason) in ExampleTable.notRun {
            expectThere(block, line)
            #expect(!reason.isEmpty)
        }
        for (block, line) in ExampleTable.quiet { expectThere(block, line) }
        for (placeholder, _) in ExampleTable.everywhere {
            #expect(blocks.flatMap(\.lines).contains { $0.contains(placeholder) }, "\(placeholder)")
        }
    }

    @Test("each example that is not listed with a reason succeeds and prints something")
    func examples() async throws {
        let grounds = try await ExampleGrounds.make()
        var count = 0
        for block in try await Self.blocks() {
            let lines = block.lines.filter { !Self.isNotRun($0, block) }
            for ground in ExampleGround.allCases {
                let own = lines.filter { ExampleGround.of($0, in: block.name) == ground }
                guard !own.isEmpty else { continue }
                count += own.count
                try await Self.run(own, of: block, on: grounds, ground)
            }
        }
        #expect(count > 90)
    }

    private static func run(
        _ lines: [String], of block: ExampleBlock, on grounds: ExampleGrounds, _ ground: ExampleGround
    ) async throws {
        let workspace = try await grounds.copy(of: ground)
        var script = ExampleTable.prelude + "\n" + (try grounds.names()) + "\n"
        for (index, line) in lines.enumerated() {
            let entries = ExampleTable.entries.filter { $0.block == block.name && line.hasPrefix($0.line) }
            var text = line
            for (placeholder, value) in entries.flatMap(\.replacing) + ExampleTable.everywhere {
                text = text.replacing(placeholder, with: value)
            }
            for before in entries.map(\.before) where !before.isEmpty {
                script += "{\n\(before)\n} > before.\(index + 1) 2>&1 </dev/null || echo '\(index) was not prepared'\n"
            }
            script += "{ \(text)\n} > out.\(index + 1) 2> err.\(index + 1) </dev/null; echo \"\(index) $?\"\n"
        }
        let done = try await workspace.shell(
            script, environment: ["PATH": bin + ":/usr/local/bin:/usr/bin:/bin"])
        func text(_ name: String) -> String {
            (try? String(contentsOfFile: workspace.path(name), encoding: .utf8)) ?? ""
        }
        for (index, line) in lines.enumerated() {
            let number = index + 1
            #expect(
                done.lines.contains("\(index) 0"),
                "\(block.name): \(line)\n\(text("before.\(number)"))\(text("err.\(number)"))\(text("out.\(number)").suffix(500))"
            )
            let isQuiet = ExampleTable.quiet.contains { $0.block == block.name && line.hasPrefix($0.line) }
            let isSilent = isQuiet || line.contains(" > ") || line.hasPrefix("export ")
            #expect(isSilent || !text("out.\(number)").isEmpty, "\(block.name) prints nothing: \(line)")
        }
        #expect(done.status == 0 && !done.text.contains("was not prepared"), "\(block.name): \(done)")
    }
}
