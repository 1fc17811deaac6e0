import Foundation
import TestSupport
import Testing

@testable import Interchange

/// The whole of a year's notifications, counted here by other means.
@Suite(
    "A year of food safety notifications",
    .enabled(if: SharedFolder.has("corpus/rasff"), "the corpus is not there (SANHU_SHARED)"))
struct RASFFCorpusTests {
    private static let path = "corpus/rasff/notifications-2024.csv"

    private static func names(_ text: String?) -> [String] {
        (text ?? "").replacing("Bonaire, ", with: "Bonaire/ ").split(separator: ",")
            .map { String($0).replacing("Bonaire/ ", with: "Bonaire, ") }
    }

    @Test("every row is accounted for, addressed as the row says, and imported again gives the same bytes")
    func imports() throws {
        let rows = NaiveCSV.rows(try SharedFolder.bytes(Self.path))
        #expect(rows.count == 5_389)
        let file = SharedFolder.url.appendingPathComponent(Self.path).path
        let outcome = Outcome(RASFFImporter(paths: [file]))
        #expect(outcome.summary.refusals == [] && outcome.summary.warningCount == 0)
        #expect(outcome.summary.recordsRead == 5_389)
        #expect(
            outcome.summary.draftsByType == [
                "sanhu.alert.notified": 5_364, "sanhu.alert.amended": 25, "sanhu.assistance.requested": 3_189,
            ])
        let codes = Dictionary(uniqueKeysWithValues: RASFFAuthority.all.map { ($0.name, $0.code) })
        var seen: Set<String> = []
        let events = try outcome.events()
        var next = 0
        func take() throws -> Event {
            try #require(next < events.count)
            defer { next += 1 }
            return events[next]
        }
        var failed: [String] = []
        for row in rows {
            let reference = row["reference"] ?? ""
            let isFirst = seen.insert(reference).inserted
            let asked = Self.names(row["forFollowUp"]).compactMap { codes[$0] }
            let named = Self.names(row["distribution"]) + Self.names(row["forAttention"])
            let union = Set(named.compactMap { codes[$0] } + asked)
            let alert = try take()
            var isSound =
                alert.type == (isFirst ? "sanhu.alert.notified" : "sanhu.alert.amended")
                && Set(alert.tags) == Set(union.map { "agency:" + $0 } + ["notification:" + reference])
                && alert.tags.count == union.count + 1 && alert.agency == codes[row["notifying_country"] ?? ""]
                && alert.data["notification"] as? String == reference
            if isFirst, !asked.isEmpty {
                let request = try take()
                isSound =
                    isSound && request.data["asked"] as? [String] == asked && request.agency == alert.agency
                    && Set(request.tags) == Set(asked.map { "agency:" + $0 } + ["notification:" + reference])
            }
            if !isSound { failed.append(reference) }
        }
        #expect(next == events.count && failed == [])
        #expect(outcome.drafts == Outcome(RASFFImporter(paths: [file])).drafts)
    }

    @Test("of the 25 references that come twice, nine differ in nothing but the week")
    func amendments() throws {
        let file = SharedFolder.url.appendingPathComponent(Self.path).path
        let changes = try Outcome(RASFFImporter(paths: [file])).events()
            .filter { $0.type == "sanhu.alert.amended" }.map { $0.data["changed"] as? [String] ?? [] }
        #expect(changes.count == 25 && changes.filter { $0 == ["week"] }.count == 9)
        #expect(changes.allSatisfy { $0.contains("week") })
    }
}
