import Clearance
import EventLog
import Foundation
import Testing

@testable import sanhu

@Suite("The command line: sample days in a ledger")
struct SamplePlayTests {
    private static let declarations = "\(SampleGenerator.least)"

    @Test(
        "A day is played by all rules: what is right comes in at its time, what is wrong is refused, and releases are completed"
    )
    func dayIsPlayed() async throws {
        let workspace = try Workspace()
        let played = try await workspace.succeed(
            "sample", "--days", "1", "--seed", "11", "--declarations-per-day", Self.declarations, "--into",
            "day.ledger",
            "--schemas", PortSchemas.folder.path, "--origin", "day.example/ledger")
        let lines = try played.objects
        let unexpected = lines.filter { $0["unexpected"] is String }
        #expect(unexpected.isEmpty, "\(unexpected)")
        let steps = Array(
            SampleGenerator(seed: 11, days: 1, declarationsPerDay: SampleGenerator.least).makeSteps())
        let rules = steps.compactMap { if case .refused(let rule) = $0.role { rule } else { nil } }
        let refused = lines.compactMap { $0["refusedBy"] as? String }
        #expect(Set(refused) == Set(rules))
        let last = try #require(lines.last)
        #expect(last["duplicates"] as? Int == steps.count { if case .again = $0.role { true } else { false } })

        // What the plot says would be concluded is what the automation concluded.
        let entries = try await workspace.succeed("read", "--ledger", "day.ledger", "--type", "sanhu.release.completed")
            .objects
        let released = entries.compactMap { ($0["event"] as? [String: Any])?["data"] as? [String: Any] }
            .compactMap { $0["declaration"] as? String }
        #expect(Set(released).count == released.count)
        var drafts = SampleGenerator(seed: 11, days: 1, declarationsPerDay: SampleGenerator.least).makeDrafts()
        while let (step, draft) = drafts.nextStep() {
            guard step.form == "release.completed" else { continue }
            let number = try #require(draft.tags.first { $0.kind == "declaration" })
            #expect(released.contains(String(number.value)), "\(step.id)")
        }

        // What is recorded carries the time of the story.
        let all = try await workspace.succeed("read", "--ledger", "day.ledger").objects
        let times = Dictionary(steps.map { ($0.id, $0.recorded.timestamp) }, uniquingKeysWith: { first, _ in first })
        for entry in all {
            guard let event = entry["event"] as? [String: Any], let id = event["id"] as? String, let due = times[id]
            else { continue }
            let recorded = try #require((entry["recorded"] as? String).flatMap { Timestamp($0) })
            #expect((0...61_000_000).contains(recorded.microseconds - due.microseconds), "\(id)")
        }
        let own = all.filter { entry in
            let type = (entry["event"] as? [String: Any])?["type"] as? String
            return type?.hasPrefix("sanhu.charter.") == false
        }
        #expect(own.count == last["events"] as? Int)
    }

    @Test("Days to come are refused, and so is a ledger that is further")
    func timesAreChecked() async throws {
        let workspace = try Workspace()
        let later = try await workspace.run("sample", "--days", "1", "--from", "2199-01-01", "--into", "x.ledger")
        #expect(later.status == 3 && later.errors.contains("days that are over"), "\(later.errors)")
        let none = try await workspace.run("sample", "--into", "x.ledger")
        #expect(none.status != 0 && none.errors.contains("--days"), "\(none.errors)")
    }
}
