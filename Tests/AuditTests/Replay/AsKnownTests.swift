import Audit
import Clearance
import EventLog
import Exchange
import JSON
import TestSupport
import Testing
import Views

@Suite("As known", .fewAtOnce)
struct AsKnownTests {
    private static let subjects: [ReplaySubject] = [
        .file("declaration:1"), .timeline("declaration:1"), .board(BoardListing(.receipts)), .board(inspections),
        .report(ReportQuestion("scoreboard") ?? ranking),
    ]

    private static var ranking: ReportQuestion {
        guard let question = ReportQuestion("ranking") else { preconditionFailure("There is a ranking.") }
        return question
    }

    private static var inspections: BoardListing {
        var listing = BoardListing(.inspections)
        listing.object = "declaration:1"
        return listing
    }

    private static func answers(
        _ lab: ReplayLab, at moment: Moment, _ reader: Reader
    ) async throws -> [[UInt8]] {
        var all: [[UInt8]] = []
        for subject in subjects {
            if case .report = subject, ![ReaderKind.authority, .auditor].contains(reader.kind) { continue }
            all.append(try await lab.replay.answer(subject, at: moment, for: reader).json)
        }
        return all
    }

    @Test func `files, timelines, boards and figures answer at a position and at a time as they did live`()
        async throws
    {
        let lab = try await ReplayLab()
        defer { lab.close() }
        let readers = [ReplayLab.customs, ReplayLab.treasury(), Reader(.authority, agency: "POO"), ReplayLab.auditor]
        var live: [(position: Position, minutes: Int, answers: [[[UInt8]]])] = []
        let steps: [@Sendable (ReplayLab) async throws -> Void] = [
            { try await $0.lodge() },
            { try await $0.append("declaration.accepted", by: "CUS", #""declaration":"1","version":1"#) },
            { _ = try await $0.grant() },
            {
                try await $0.append(
                    "inspection.ordered", by: "MSA", id: "o-1", #""declaration":"1","kind":"physical","port":"CNNSA""#)
            },
            {
                try await $0.append(
                    "hold.placed", by: "MSA", id: "h-1", #""declaration":"1","scope":"all","legalBasis":"Art. 5""#)
            },
            { try await $0.append("hold.lifted", by: "MSA", #""declaration":"1","hold":"h-1""#) },
        ]
        for (index, step) in steps.enumerated() {
            lab.set(minutes: 10 * (index / 2))
            try await step(lab)
            var answers: [[[UInt8]]] = []
            for reader in readers { answers.append(try await Self.answers(lab, at: .present, reader)) }
            live.append((try lab.ledger.log.head, 10 * (index / 2), answers))
        }
        #expect(Set(live.map { $0.answers }).count == live.count, "each step must show")
        lab.set(minutes: 300)
        for then in live {
            for (index, reader) in readers.enumerated() {
                let moment = Moment(position: then.position, recorded: ReplayLab.time(then.minutes))
                let replayed = try await Self.answers(lab, at: moment, reader)
                for (number, answer) in replayed.enumerated() {
                    #expect(
                        String(decoding: answer, as: UTF8.self)
                            == String(decoding: then.answers[index][number], as: UTF8.self),
                        "\(Self.subjects[number]) at \(then.position) for \(reader)")
                }
            }
        }
    }

    @Test func `a grant of the same recorded time is not known before its position`() async throws {
        let lab = try await ReplayLab()
        defer { lab.close() }
        lab.set(minutes: 10)
        try await lab.lodge()
        let grant = try await lab.grant()
        func price(_ moment: Moment, _ reader: Reader = ReplayLab.treasury()) async throws -> String? {
            let file = try await lab.line(.file("declaration:1"), at: moment, for: reader)
            return file["steps"]?.elements.first?["fields"]?["commercial"]?["price"]?.string
        }
        #expect(try await price(Moment(position: grant)) == nil)
        #expect(try await price(Moment(position: grant + 1)) == "CANARY-1")
        #expect(try await price(Moment(recorded: ReplayLab.time(10))) == "CANARY-1")
        #expect(try await price(.present) == "CANARY-1")
        #expect(try await price(.present, ReplayLab.treasury(case: "D-2")) == nil)
        // What may not be seen now is not seen, whatever was so then.
        let revoked = DisclosureEvent.revoked(grant: grant, reasons: ["over"])
        _ = try await lab.ledger.append(revoked, as: "CUS")
        try await lab.reach()
        #expect(try await price(Moment(position: grant + 1)) == nil)
    }

    @Test func `what was known before anything was recorded is nothing`() async throws {
        let lab = try await ReplayLab()
        defer { lab.close() }
        try await lab.lodge()
        let file = try await lab.line(.file("declaration:1"), at: Moment(position: 0))
        #expect(file["status"]?.string == "unknown" && file["steps"]?.elements.isEmpty == true)
        let timeline = try await lab.replay.answer(
            .timeline("declaration:1"), at: Moment(position: 0), for: ReplayLab.customs)
        #expect(timeline.lines.isEmpty)
        await #expect(throws: ReplayError.self) {
            _ = try await lab.replay.answer(.file("person:1"), at: .present, for: ReplayLab.customs)
        }
    }
}
