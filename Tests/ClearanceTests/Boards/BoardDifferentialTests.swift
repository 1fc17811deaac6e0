import Clearance
import EventLog
import Exchange
import Foundation
import JSON
import TestSupport
import Testing
import Views

@Suite("What readers see of boards", .fewAtOnce)
struct BoardDifferentialTests {
    typealias Object = [String: Any]

    private static let readers =
        DifferentialTests.readers + [
            BoardStand.declarant, Reader(.authority, agency: "CUS", purpose: "clearance"),
            Reader(.authority, agency: "BOR", purpose: "risk-analysis"), Reader(.authority, agency: "POO"),
            Reader(.participant, agency: "INS"),
        ]

    private static func text(_ value: Any?) throws -> String {
        String(
            decoding: try JSONSerialization.data(withJSONObject: [value ?? NSNull()], options: .sortedKeys),
            as: UTF8.self)
    }

    private static func row(
        _ board: String, _ object: String, _ stand: BoardStand, _ question: BoardQuestion
    ) async throws -> Object {
        func json<Row: Board>(_ kind: Row.Type) async throws -> [UInt8] {
            try await stand.boards.row(kind, of: object, question).json
        }
        let bytes =
            switch board {
            case "receipts": try await json(ReceiptBoard.self)
            case "inspections": try await json(InspectionBoard.self)
            case "inbox": try await json(AssistanceBoard.self)
            case "risk": try await json(RiskBoard.self)
            case "guarantees": try await json(GuaranteeBoard.self)
            case "credit": try await json(CreditBoard.self)
            default: try await json(IncidentBoard.self)
            }
        return try #require(JSONSerialization.jsonObject(with: Data(bytes)) as? Object)
    }

    private static func naive(
        _ board: String, _ object: String, _ events: [SeenEntry], now: Timestamp, day: String
    ) throws -> Object {
        let naive = try NaiveBoard(object, events, now: now, day: day)
        var row: Object
        switch board {
        case "receipts":
            let own = events.filter { event in
                guard case .entry(let seen) = event else { return false }
                return seen.tags.contains { $0.text == object }
            }
            row = naive.receipts(try NaiveCase(object, own))
        case "inspections": row = naive.inspections
        case "inbox": row = naive.inbox
        case "risk": row = naive.risk
        case "guarantees": row = naive.guarantees
        case "credit": row = naive.credit
        default: row = naive.incidents
        }
        row["board"] = board
        row["object"] = object
        return row
    }

    private static func compare(
        _ stand: BoardStand, _ plot: BoardPlot, _ dice: inout Dice, _ count: Int, _ phase: String
    ) async throws {
        let head = Int(try stand.lab.ledger.log.head)
        let now = try #require(Timestamp("2027-01-01T00:00:00Z"))
        for number in 0..<count {
            let reader = dice.pick(readers)
            let position = dice.oneIn(2) ? Position(head) : Position(dice.below(head + 1))
            let events = try await stand.lab.ledger.read(Query.all, ReadRange(to: position), for: reader)
            for _ in 0..<6 {
                let (board, object) = plot.pick(&dice)
                let day = "2026-0\(1 + dice.below(7))-15"
                let naive = try naive(board, object, events, now: now, day: day)
                let seen = try await row(
                    board, object, stand, BoardQuestion(reader, at: position, on: day, now: now))
                guard try text(seen) != text(naive) else { continue }
                let wrong = try Set(seen.keys).union(naive.keys).filter { try text(seen[$0]) != text(naive[$0]) }
                Issue.record(
                    """
                    \(phase), seed \(dice.seed), number \(number): \(reader) of \(board) \(object) at \(position): \
                    \(try wrong.sorted().map { "\($0): \(try text(seen[$0])) is not \(try text(naive[$0]))" })
                    """)
                return
            }
        }
    }

    /// All rows of a view, as they stand in its files.
    private static func rows(_ stand: BoardStand) async throws -> [[Fact]] {
        var rows: [[Fact]] = []
        for object in BoardPlot.objects.flatMap(\.objects) {
            rows.append(try await stand.boards.runner.facts(of: object, for: CaseLab.customs))
        }
        return rows
    }

    @Test(
        "Of made-up ledgers: a board equals folding the events as disclosed, at any position; a rebuild gives the same")
    func madeUp() async throws {
        let stand = try await BoardStand()
        defer { stand.close() }
        var dice = LongForm.dice("boards made up")
        var plot = BoardPlot()
        try await plot.append(LongForm.scaled(220, full: 900), to: stand, &dice)
        try await Self.compare(stand, plot, &dice, LongForm.scaled(16, full: 250), "at first")
        let before = try await Self.rows(stand)
        #expect(before.count { !$0.isEmpty } > 12)
        try await stand.boards.runner.rebuildAll()
        #expect(try await Self.rows(stand) == before)
        try await plot.append(30, to: stand, &dice)
        try await Self.compare(stand, plot, &dice, 4, "after a rebuild")
    }
}
