import Clearance
import EventLog
import Foundation
import Interchange
import TestSupport
import Testing

/// HMRC's scenarios that have both a declaration and answers to it.
@Suite(
    "HMRC's scenarios", .enabled(if: SharedFolder.has("corpus/hmrc"), "skipped: no corpus (hmrc) under SANHU_SHARED"))
struct ScenarioTests {
    /// An answer of the authority, read from its XML by regular expressions: nothing of the importer is used.
    struct Answer {
        let path: String
        let code: String
        let issued: String
        let number: String

        /// The state that it implies, by what the authority's documents say of the codes; nil if it leaves the state as it was.
        var implies: String? {
            switch code {
            case "01": "accepted"
            case "03": "rejected"
            case "09": "cleared"
            case "10": "withdrawn"
            case "16": "departed"
            default: nil
            }
        }

        init?(_ path: String, _ text: String) {
            guard let response = text.firstMatch(of: /<(?:\w+:)?Response[\s>]/) else { return nil }
            let body = text[response.range.lowerBound...]
            guard let code = body.firstMatch(of: /FunctionCode[^>]*>\s*(\d\d)/)?.1,
                let issued = body.firstMatch(of: /IssueDateTime[\s\S]*?>\s*(\d{14}\S*?)\s*</)?.1,
                let number = body.firstMatch(of: /ID>\s*(\d\d[A-Z]{2}[A-Z0-9]{14})\s*</)?.1
            else { return nil }
            (self.path, self.code, self.issued, self.number) = (path, String(code), String(issued), String(number))
        }
    }

    /// The answers of each declaration of each scenario that has both, in the order of their times, then of their names.
    private static func scenarios() throws -> [(name: String, answers: [String: [Answer]])] {
        let files = try SharedFolder.files(under: "corpus/hmrc", suffix: ".xml")
        let grouped = Dictionary(grouping: files) { $0.split(separator: "/")[2] }
        return try grouped.keys.sorted().compactMap { name in
            var isDeclared = false
            var answers: [Answer] = []
            for path in grouped[name] ?? [] {
                let text = String(decoding: try SharedFolder.bytes(path), as: UTF8.self)
                if let answer = Answer(path, text) {
                    answers.append(answer)
                } else if text.contains(/<(?:\w+:)?Declaration[\s>]/), !text.contains(/<(?:\w+:)?Response[\s>]/) {
                    isDeclared = true
                }
            }
            guard isDeclared, !answers.isEmpty else { return nil }
            let byNumber = Dictionary(grouping: answers, by: \.number).mapValues { answers in
                answers.sorted { ($0.issued, $0.path) < ($1.issued, $1.path) }
            }
            return (String(name), byNumber)
        }
    }

    /// Those that end otherwise, and why: docs/case-files.md explains them.
    private static let differences: [String: String] = [:]

    @Test("The 52 that have declaration and answers end in the state that their last answers imply")
    func lastAnswers() async throws {
        let lab = try await CaseLab()
        defer { lab.close() }
        let root = SharedFolder.url.appendingPathComponent("corpus/hmrc").path
        try await lab.append(WCOImporter(paths: [root]).batches().flatMap(\.drafts))
        let scenarios = try Self.scenarios()
        #expect(scenarios.count == 52)
        var declarations = 0
        var found: [String: String] = [:]
        for scenario in scenarios {
            for (number, answers) in scenario.answers {
                declarations += 1
                let file = try await lab.declaration(number)
                let implied = answers.compactMap(\.implies).last ?? (file.lodgement == nil ? "unknown" : "lodged")
                if file.status.rawValue != implied {
                    found["\(scenario.name) \(number)"] = "\(implied), not \(file.status)"
                }
            }
        }
        print("scenarios: \(scenarios.count) with \(declarations) declarations; other than implied: \(found)")
        #expect(found == Self.differences)
    }
}
