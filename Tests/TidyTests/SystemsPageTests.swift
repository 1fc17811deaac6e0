import Foundation
import Testing

/// docs/systems.md says where each system is: that it is there.
@Suite struct SystemsPageTests {
    private static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// Those that are to be there.
    private static let must =
        (1...6).map(\.self) + [17, 18] + Array(20...26) + [28, 29, 33, 36, 37] + Array(40...44) + [48] + Array(50...53)
        + Array(60...64) + [75, 76, 77, 80, 81, 90, 94, 95, 98]

    /// Those that come with the audit.
    private static let later: Set<Int> = []

    private static func text(_ path: String) throws -> String {
        try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
    }

    /// All files of a folder, in one text.
    private static func all(under folder: String) throws -> String {
        let base = root.appendingPathComponent(folder)
        let names = try #require(FileManager.default.enumerator(atPath: base.path)).compactMap { $0 as? String }
        return try names.filter { $0.hasSuffix(".swift") }.sorted().map { try text(folder + "/" + $0) }.joined()
    }

    /// The cells of the rows of the table of systems, by their numbers.
    private static func rows() throws -> [Int: [String]] {
        var rows: [Int: [String]] = [:]
        for line in try text("docs/systems.md").components(separatedBy: "\n") where line.hasPrefix("| S") {
            let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            if let number = Int(cells[0].dropFirst().prefix(2)) { rows[number] = cells }
        }
        return rows
    }

    @Test func eachSystemOfTheMustListHasItsRow() throws {
        let rows = try Self.rows()
        #expect(Set(rows.keys) == Set(Self.must) && Self.must.count == 44)
        #expect(rows.values.allSatisfy { $0.count == 6 && !$0.contains("") })
    }

    @Test func eachRowHasATestThatIsNamedAfterIt() throws {
        let tests = try Self.all(under: "Tests")
        for (number, cells) in try Self.rows() {
            let name = "S" + (number < 10 ? "0" : "") + String(number)
            if Self.later.contains(number) {
                #expect(cells[4] == "–", "\(name) is there: say so")
            } else {
                #expect(cells[4] == name)
                let pattern = try Regex("@(Test|Suite)\\(\\s*\"[^\"]*\\b\(name)\\b")
                #expect(tests.contains(pattern), "no test is named after \(name)")
            }
        }
    }

    @Test func eachRuleAutomationBoardAndReportThatIsNamedIsThere() throws {
        let sources = try Self.all(under: "Sources")
        for (number, cells) in try Self.rows() {
            for (kind, names) in Self.named(in: cells[3]) {
                for name in names {
                    // A name in quotes, or a case of an enumeration that is one.
                    let pattern = try Regex("\"\(name)\"|case [a-z, ]*\\b\(name)\\b")
                    #expect(sources.contains(pattern), "S\(number): there is no \(kind) \(name)")
                }
            }
        }
    }

    @Test func eachFigureThatIsNamedIsThere() throws {
        let sources = try Self.all(under: "Sources/Clearance/Figures")
        for (number, cells) in try Self.rows() where cells[5] != "–" {
            let reports = Self.named(in: cells[5]).flatMap(\.1)
            let names =
                reports.isEmpty ? cells[5].split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) } : []
            for name in names {
                #expect(sources.contains("\"\(name)\""), "S\(number): there is no figure \(name)")
            }
            let reportNames = try Self.text("Sources/Clearance/Figures/ReportQuestion.swift")
            for name in reports {
                #expect(reportNames.contains("\"\(name)\""), "S\(number): there is no report \(name)")
            }
        }
    }

    /// The names in code marks after each of the words rule, automation, board, report.
    private static func named(in cell: String) -> [(String, [String])] {
        var found: [(String, [String])] = []
        var kind = ""
        for part in cell.replacing(",", with: " ").split(separator: " ") {
            let word = part.trimmingCharacters(in: .init(charactersIn: "()"))
            if word.hasPrefix("`") {
                if !kind.isEmpty { found.append((kind, [word.trimmingCharacters(in: .init(charactersIn: "`"))])) }
            } else if let known = ["rule", "automation", "board", "report"].first(where: { word.hasPrefix($0) }) {
                kind = known
            } else if word != "and" {
                kind = ""
            }
        }
        return found
    }

    @Test func eachTrapHasATest() throws {
        let tests = try Self.all(under: "Tests")
        for trap in 1...12 {
            let pattern = try Regex("[Tt]rap \(trap)\\b")
            #expect(tests.contains(pattern), "no test is named after trap \(trap)")
        }
    }
}
