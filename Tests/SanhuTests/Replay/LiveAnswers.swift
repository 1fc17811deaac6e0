import Audit
import Clearance
import EventLog
import Exchange
import ExchangeProtocol
import Foundation
import JSON
import TestSupport
import Views

@testable import sanhu

/// Asks live views at random, and keeps what they answered.
final class LiveAnswers: Sendable {
    /// What was asked, and what the live view answered at a position and time.
    struct Asked: Sendable {
        let reader: Reader
        let subject: ReplaySubject
        let position: Position
        let time: Timestamp
        let bytes: [UInt8]
        /// Whether the reader asks for a case, whose grants end.
        let hasCase: Bool
    }

    private let ledger: ExchangeLedger
    private let clock: SampleClock
    private let runners: [ViewRunner]
    private let cases: CaseFiles
    private let boards: Boards
    private let figures: PortFigures
    private let timeline: ViewRunner

    init(_ ledger: ExchangeLedger, in views: ViewKeeper, clock: SampleClock) throws {
        (self.ledger, self.clock) = (ledger, clock)
        cases = try CaseFiles(in: views)
        boards = try Boards(in: views, cases: cases)
        figures = try PortFigures(in: views)
        timeline = try views.open(StandardViews.timeline.definition)
        runners = [cases.runner, boards.runner, figures.runner, timeline]
    }

    var replay: Replay { Replay(of: ledger, runners) }

    /// Authorities with and without purpose, participants, an auditor, and anybody: those whose rights only grow in the days
    /// that are played.
    static let readers: [Reader] = [
        Reader(.authority, agency: "CUS"), Reader(.authority, agency: "CUS", purpose: "clearance"),
        Reader(.authority, agency: "CUS", role: "inspector", purpose: "joint-inspection"),
        Reader(.authority, agency: "TAX", role: "assessor", purpose: "refund", caseName: "none"),
        Reader(.authority, agency: "TRE", purpose: "duty-collection"),
        Reader(.authority, agency: "BOR", role: "border-officer", purpose: "risk-analysis"),
        Reader(.authority, agency: "MSA", purpose: "risk-analysis"), Reader(.authority, agency: "MKT"),
        Reader(.authority, agency: "POO", purpose: "fee-supervision"),
        Reader(member: "DEC", role: nil, purpose: nil, caseName: nil),
        Reader(member: "TER", role: nil, purpose: nil, caseName: nil), Reader(.auditor, agency: "AUD"), .public,
    ]

    private static let reports = ["K01", "K02", "K07", "K13", "K22", "S43-holds", "K15", "ranking", "coverage"]

    /// Asks once, if nothing is appended and no time passes meanwhile, so that it is certain of which moment the answer is.
    ///
    /// - Returns: nil if something was.
    func ask(_ dice: inout Dice) async throws -> Asked? {
        let (head, time) = (try ledger.log.head, clock.now)
        guard head > 8 else { return nil }
        for runner in runners where !(await runner.reached(head, timeout: .seconds(30))) { return nil }
        let (reader, subject, hasCase) = try choose(&dice, below: head)
        let bytes = try await live(subject, reader)
        guard try ledger.log.head == head, clock.now == time else { return nil }
        return Asked(
            reader: reader, subject: subject, position: head, time: time, bytes: bytes, hasCase: hasCase)
    }

    private func choose(
        _ dice: inout Dice, below head: Position
    ) throws -> (Reader, ReplaySubject, hasCase: Bool) {
        var reader = dice.pick(Self.readers)
        let some = try ledger.log.entry(at: Position(dice.below(Int(head))))
        let root = try JSONDocument(parsing: some.bytes, limits: .init(maximumBytes: 1 << 20, maximumDepth: 80)).root
        var tags = root["tags"]?.elements.compactMap(\.string) ?? []
        var hasCase = false
        if dice.oneIn(8) {
            let requests = try ledger.log.read(
                Query(types: ["sanhu.disclosure.requested"]), ReadRange(to: head, limit: 500))
            if !requests.isEmpty {
                let request = try JSONDocument(parsing: dice.pick(requests).bytes).root
                let data = request["event"]?["data"]
                reader = Reader(
                    .authority, agency: request["agency"]?.string, purpose: data?["purpose"]?.string,
                    caseName: data?["case"]?.string)
                tags = data?["objects"]?.elements.compactMap(\.string) ?? tags
                hasCase = true
            }
        }
        let files = tags.filter(CaseFiles.has)
        switch dice.below(20) {
        case 0 where [ReaderKind.authority, .auditor].contains(reader.kind) && reader.identities.isEmpty:
            if let question = ReportQuestion(dice.pick(Self.reports)) { return (reader, .report(question), hasCase) }
        case 1, 2, 3:
            if let tag = tags.first(where: { $0.hasPrefix("declaration:") }) {
                var listing = BoardListing(dice.pick([.receipts, .inspections, .guarantees]))
                listing.object = tag
                return (reader, .board(listing), hasCase)
            }
        case 4:
            var listing = BoardListing(dice.pick(BoardKind.allCases))
            listing.limit = 1 + dice.below(10)
            return (reader, .board(listing), hasCase)
        case 5, 6, 7, 8, 9:
            if let tag = tags.first { return (reader, .timeline(dice.oneIn(2) ? tags.last ?? tag : tag), hasCase) }
        default: break
        }
        let object = files.isEmpty ? "declaration:none" : dice.pick(files)
        return (reader, .file(object), hasCase)
    }

    /// What the live view answers now: nothing of a replay is in it.
    private func live(_ subject: ReplaySubject, _ reader: Reader) async throws -> [UInt8] {
        let end = UInt8(ascii: "\n")
        switch subject {
        case .file(let object):
            let file = try await cases.file(of: object, for: reader, expiringAt: clock.now)
            return file.map { $0.json + [end] } ?? []
        case .timeline(let object):
            let facts = try await timeline.facts(of: object, for: reader)
            return StandardViews.timeline.state(of: object, from: facts).steps.flatMap { step in
                var writer = JSONWriter()
                step.write(to: &writer)
                return writer.bytes + [end]
            }
        case .board(let listing):
            let page = try await boards.page(listing, BoardQuestion(reader, on: listing.day, now: clock.now))
            var bytes = page.rows.flatMap { $0.json + [end] }
            if let next = page.next {
                var writer = JSONWriter()
                writer.object { $0.member("next", next) }
                bytes += writer.bytes + [end]
            }
            return bytes
        case .report(let question):
            return try await figures.answer(question, for: reader).json
        }
    }
}
