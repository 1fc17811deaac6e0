import Audit
import Clearance
import EventLog
import Exchange
import Foundation
import TestSupport
import Testing
import Views

@testable import sanhu

/// Replays against what live views answered while days of a port were played: `SANHU_TORTURE=full` for 1,000 questions.
@Suite("Replays of played days")
struct ReplayDifferentialTests {
    @Test("S94 K28 what live views answered while days were played is replayed byte for byte")
    func live() async throws {
        let seed = LongForm.seed
        let wanted = LongForm.scaled(80, full: 1_000)
        // Of some a grant that was in force has ended when they are replayed.
        let questions = wanted + wanted / 10
        let folder = try TemporaryFolder()
        let generator =
            LongForm.isFull
            ? SampleGenerator(seed: seed, days: 1, declarationsPerDay: SampleGenerator.least)
            : SampleGenerator(seed: seed, declarations: 12)
        let clock = SampleClock(generator.opening - SampleTime.hour)
        let sample = SampleLedger(
            path: folder.path("day.ledger"), schemas: PortSchemas.folder.path, origin: "replay.example/ledger",
            clock: clock, folder: KeyFolder(path: folder.path("keys")))
        let ledger = try await sample.open()
        let views = try ViewKeeper(of: ledger)
        let book = try Rulebook(of: ledger, rules: PortRules.all)
        let keeper = AutomationKeeper(beside: views, book: book, clock: { clock.now })
        defer {
            views.close()
            ledger.close()
        }
        let live = try LiveAnswers(ledger, in: views, clock: clock)
        let runners = try PortAutomations.all.map { try keeper.open($0, from: 0) }
        let player = SamplePlayer(ledger, book, runners, clock: clock)

        // Some are asked while events are appended, some while nothing is under way.
        let between = Task {
            var dice = LongForm.dice("replay between")
            var asked: [LiveAnswers.Asked] = []
            while !Task.isCancelled, asked.count < questions / 2 {
                if let one = try await live.ask(&dice) { asked.append(one) }
                try? await Task.sleep(for: .milliseconds(dice.below(LongForm.isFull ? 20 : 10)))
            }
            return asked
        }
        var dice = LongForm.dice("replay at rest")
        var atRest: [LiveAnswers.Asked] = []
        try await player.play(generator) { _ in
            // Spread over the days: quarters are some hundreds.
            for _ in 0..<LongForm.scaled(1, full: 4)
            where atRest.count < questions && dice.oneIn(LongForm.scaled(2, full: 1)) {
                if let one = try await live.ask(&dice) { atRest.append(one) }
            }
        }
        between.cancel()
        var asked = try await between.value
        let early = asked.count
        asked += atRest.shuffled(using: &dice).prefix(max(0, questions - asked.count))
        while asked.count < questions, let one = try await live.ask(&dice) { asked.append(one) }
        await keeper.close()
        #expect(asked.count == questions && Set(asked.map(\.position)).count > wanted / 8)

        let replay = live.replay
        var (same, narrowed) = (0, 0)
        for one in asked {
            let moment = Moment(position: one.position, recorded: one.time)
            let answer = try await replay.answer(one.subject, at: moment, for: one.reader)
            if answer.json == one.bytes {
                same += 1
            } else if one.hasCase, try Self.isNarrowed(one.bytes, answer.json) {
                // A grant that was in force then has ended: what may not be seen now is not seen.
                narrowed += 1
            } else {
                Issue.record(
                    """
                    seed \(seed): \(one.subject) at \(one.position), \(one.time) for \(one.reader)
                    live     \(String(decoding: one.bytes.prefix(2_000), as: UTF8.self))
                    replayed \(String(decoding: answer.json.prefix(2_000), as: UTF8.self))
                    """)
            }
        }
        #expect(same >= wanted && same + narrowed == questions, "seed \(seed)")
        let kinds = Dictionary(grouping: asked, by: { Self.kind($0.subject) }).mapValues(\.count)
        print(
            "S94 K28: seed \(seed), \(try ledger.log.head) entries, \(questions) answers of \(Set(asked.map(\.reader)).count) readers "
                + "at \(Set(asked.map(\.position)).count) positions (\(early) while events came in): \(same) replayed byte for byte, "
                + "\(narrowed) with less because a grant has ended; "
                + kinds.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", "))
    }

    private static func kind(_ subject: ReplaySubject) -> String {
        switch subject {
        case .file: "files"
        case .timeline: "timelines"
        case .board: "boards"
        case .report: "reports"
        }
    }

    /// Whether the replayed answer says nothing that the live one did not, but for what is withheld in its place.
    private static func isNarrowed(_ live: [UInt8], _ replayed: [UInt8]) throws -> Bool {
        let lines = [live, replayed].map { $0.split(separator: UInt8(ascii: "\n")).map(Array.init) }
        return try Difference(of: lines[0], and: lines[1]).changes.allSatisfy { change in
            change.kind == .went || change.kind == .appeared && change.path.contains("withheld")
        }
    }
}
