import Foundation
import Testing

/// What a reviewer would otherwise have to look for: the repository holds to its own rules.
@Suite struct TidyTests {
    /// The repository, three folders above this file.
    private static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// A text file of the repository.
    private struct File {
        let path: String
        let lines: [String]
    }

    private static func files(under folder: String, suffix: String) throws -> [File] {
        let base = root.appendingPathComponent(folder)
        let names = try #require(FileManager.default.enumerator(atPath: base.path))
        return try names.compactMap { $0 as? String }.filter { $0.hasSuffix(suffix) }.sorted().map { name in
            let text = try String(contentsOf: base.appendingPathComponent(name), encoding: .utf8)
            return File(path: folder + "/" + name, lines: text.components(separatedBy: "\n"))
        }
    }

    private static func lines(
        in folders: [String], where isBad: (File, String) -> Bool
    ) throws -> [String] {
        try folders.flatMap { folder in
            try files(under: folder, suffix: ".swift").flatMap { file in
                file.lines.enumerated().filter { isBad(file, $0.element) }.map { "\(file.path):\($0.offset + 1)" }
            }
        }
    }

    @Test func thereAreSourcesToLookAt() throws {
        #expect(try Self.files(under: "Sources", suffix: ".swift").count > 100)
    }

    @Test func noSourceFileIsTooLongToReadAtOnce() throws {
        let long = try Self.files(under: "Sources", suffix: ".swift").filter { $0.lines.count > 400 }.map(\.path)
        #expect(long == [])
    }

    @Test func nothingIsLeftToBeDone() throws {
        let marks = ["TO" + "DO", "FIX" + "ME", "X" + "XX"]
        let left = try Self.lines(in: ["Sources", "Tests"]) { _, line in
            marks.contains { line.contains("// " + $0) || line.contains($0 + ":") }
        }
        #expect(left == [])
    }

    @Test func nothingInSourcesEndsTheProcessOnAGuess() throws {
        let pattern = /\btry!|\bas!|[\w\)\]]!(?:\s|\.|\)|,|$)/
        let forced = try Self.lines(in: ["Sources"]) { _, line in
            let code = line.trimmingCharacters(in: .whitespaces)
            guard !code.hasPrefix("//"), !code.contains("\"") else { return false }
            return code.firstMatch(of: pattern) != nil
        }
        #expect(forced == [])
    }

    @Test func onlyTheWrappersAndTheHashTouchMemory() throws {
        let allowed = [
            "Sources/LMDB/", "Sources/OpenSSL/", "Sources/Zstandard/", "Sources/Transparency/Tree/MerkleHash.swift",
            "Sources/JSON/",
        ]
        let unsafe = try Self.lines(in: ["Sources"]) { file, line in
            !allowed.contains { file.path.hasPrefix($0) } && !line.trimmingCharacters(in: .whitespaces).hasPrefix("//")
                && (line.contains("Unsafe") || line.contains("withUnsafe") || line.contains("unsafe "))
                && !line.contains("nonisolated(unsafe)")
        }
        #expect(unsafe == [])
    }

    @Test func theRoomsOnTheHotPathDoWithoutFoundation() throws {
        let heavy = try Self.lines(in: [
            "Sources/JSON", "Sources/JSONSchema", "Sources/Transparency", "Sources/SelectiveDisclosure", "Sources/LMDB",
            "Sources/OpenSSL", "Sources/Zstandard",
        ]) {
            $1.contains("import Foundation")
        }
        #expect(heavy == [])
    }

    @Test(arguments: [
        ("JSON", ["JSONSchema", "LMDB", "Transparency", "EventLog", "Interchange", "Snapshots"]),
        ("JSONSchema", ["LMDB", "Transparency", "EventLog", "Interchange", "Snapshots"]),
        ("SelectiveDisclosure", ["JSONSchema", "LMDB", "EventLog", "Interchange", "Snapshots"]),
        ("LMDB", ["JSON", "JSONSchema", "Transparency", "EventLog", "Interchange", "Snapshots"]),
        ("OpenSSL", ["JSON", "LMDB", "Transparency", "EventLog", "Interchange", "Snapshots"]),
        ("Zstandard", ["JSON", "Transparency", "EventLog", "Interchange", "Snapshots"]),
        ("Transparency", ["JSON", "JSONSchema", "LMDB", "EventLog", "Interchange", "Snapshots"]),
        ("Exchange", ["Interchange", "Snapshots", "Views", "Zstandard"]),
        ("Views", ["Interchange", "Snapshots", "Zstandard"]),
        (
            "EventLog",
            ["Exchange", "JSONSchema", "SelectiveDisclosure", "Interchange", "Snapshots", "Views"]
        ),
        ("Witnessing", ["Exchange", "ExchangeProtocol", "ExchangeClient", "ExchangeServer", "Views"]),
        ("Interchange", ["Snapshots", "LMDB", "Transparency"]),
        ("Snapshots", ["Interchange"]),
    ])
    func aRoomKnowsNothingOfTheRoomsAboveIt(room: String, above: [String]) throws {
        let known = try Self.lines(in: ["Sources/" + room]) { _, line in
            above.contains { line.hasSuffix("import " + $0) }
        }
        #expect(known == [])
    }

    @Test func everyLinkInTheDocumentsLeadsSomewhere() throws {
        var broken: [String] = []
        let pages = try Self.files(under: "docs", suffix: ".md") + Self.files(under: ".", suffix: "README.md")
        for page in pages where !page.path.contains("/.build") {
            let folder = Self.root.appendingPathComponent(page.path).deletingLastPathComponent()
            for line in page.lines {
                for match in line.matches(of: /\]\(([^)#]+)\)/) where !match.1.contains("://") {
                    let target = folder.appendingPathComponent(String(match.1)).path
                    if !FileManager.default.fileExists(atPath: target) { broken.append("\(page.path): \(match.1)") }
                }
            }
        }
        #expect(broken == [])
    }
}
