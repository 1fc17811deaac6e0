internal import Clearance
internal import EventLog
public import Exchange
internal import JSON
public import Views

/// Answers as they were known at a position or a time recorded, and as they were true at a time occurred. See docs/replay.md.
///
/// ```swift
/// let replay = Replay(of: ledger, [cases.runner])
/// let then = try await replay.answer(.file("declaration:1"), at: Moment(position: 4_711), for: customs)
/// ```
///
/// Everything it gives goes through the reads of views, so the rules of now apply beside those of then, and what is disclosed is
/// an access record.
public struct Replay: Sendable {
    public let ledger: ExchangeLedger
    private let runners: [String: ViewRunner]

    /// - Parameter runners: The views that are open: those of what is asked for.
    public init(of ledger: ExchangeLedger, _ runners: [ViewRunner]) {
        self.ledger = ledger
        self.runners = Dictionary(runners.map { ($0.definition.name, $0) }, uniquingKeysWith: { $1 })
    }

    /// The views by which something is answered; the first says of which position it is.
    public static func definitions(for subject: ReplaySubject) -> [ViewDefinition] {
        switch subject {
        case .file: [CaseFiles.definition]
        case .timeline: [StandardViews.timeline.definition]
        case .board: [Boards.definition, CaseFiles.definition]
        case .report: [PortFigures.definition]
        }
    }

    /// What is answered about something at a moment. Views must have come so far.
    ///
    /// At the present it is what the live view answers, byte for byte; at an earlier position and time what it answered then, so
    /// far as the reader may see it now, if nothing was erased since.
    ///
    /// - Throws: ``ReplayError``.
    /// - Complexity: As that of the view's read.
    public func answer(
        _ subject: ReplaySubject, at moment: Moment, for reader: Reader
    ) async throws(ReplayError) -> ReplayAnswer {
        let known = try moment.known(in: ledger)
        var answer = ReplayAnswer(known: known, occurred: moment.occurred)
        switch subject {
        case .file(let object): try await file(object, reader, &answer)
        case .timeline(let object): try await timeline(object, reader, &answer)
        case .board(let listing): try await board(listing, reader, &answer)
        case .report(let question): try await report(question, reader, &answer)
        }
        return answer
    }

    func runner(_ definition: ViewDefinition) throws(ReplayError) -> ViewRunner {
        guard let runner = runners[definition.name] else {
            throw ReplayError(.notThere, "The view “\(definition.name)” is not open.")
        }
        return runner
    }

    // MARK: Each kind of answer

    private func file(
        _ object: String, _ reader: Reader, _ answer: inout ReplayAnswer
    ) async throws(ReplayError) {
        guard CaseFiles.has(object) else {
            throw ReplayError(
                .malformed,
                "“\(object.prefix(64))” has no case file: only \(CaseFiles.kinds.joined(separator: ", ")) have.")
        }
        let cases = CaseFiles(try runner(CaseFiles.definition))
        let known = answer.known
        if let occurred = answer.occurred {
            let truth = try await ReplayError.view { () async throws(ViewError) in
                try await cases.file(
                    of: object, for: reader, trueAt: occurred, asOf: known.earlier, at: known.position)
            }
            guard let truth else { return }
            answer.file = truth.file
            answer.account = truth.account
            answer.lines = [truth.file.json]
            answer.otherwise = try Difference(of: [truth.known.json], and: answer.lines)
            return
        }
        let file = try await ReplayError.view { () async throws(ViewError) in
            try await cases.file(
                of: object, for: reader, asOf: known.earlier, at: known.position, expiringAt: known.time)
        }
        answer.file = file
        answer.lines = file.map { [$0.json] } ?? []
    }

    private func board(
        _ listing: BoardListing, _ reader: Reader, _ answer: inout ReplayAnswer
    ) async throws(ReplayError) {
        let known = answer.known
        let cases = CaseFiles(try runner(CaseFiles.definition))
        let boards = Boards(try runner(Boards.definition), cases: cases, of: ledger)
        let question = BoardQuestion(
            reader, at: known.position, asOf: known.earlier, on: listing.day, trueAt: answer.occurred,
            // A time that is not the present is over: it is asked as of then.
            now: known.isPresent ? known.time : Timestamp(microseconds: .max))
        let page = try await ReplayError.view { () async throws(ViewError) in
            try await boards.page(listing, question)
        }
        answer.page = page
        answer.lines = page.rows.map(\.json)
        guard let next = page.next else { return }
        var writer = JSONWriter()
        writer.object { $0.member("next", next) }
        answer.lines.append(writer.bytes)
    }

    private func report(
        _ question: ReportQuestion, _ reader: Reader, _ answer: inout ReplayAnswer
    ) async throws(ReplayError) {
        var question = question
        question.selection.trueAt = answer.occurred
        guard answer.occurred == nil || question.name != "coverage" else {
            throw ReplayError(.malformed, "The report coverage is of what was recorded: ask for it as known.")
        }
        let figures = PortFigures(try runner(PortFigures.definition))
        let known = answer.known
        let asked = question
        let report = try await ReplayError.view { () async throws(ViewError) in
            try await figures.answer(asked, at: known.position, for: reader)
        }
        answer.report = report
        answer.lines = report.json.split(separator: UInt8(ascii: "\n")).map(Array.init)
    }

    private func timeline(
        _ object: String, _ reader: Reader, _ answer: inout ReplayAnswer
    ) async throws(ReplayError) {
        guard (try? Tag(object)) != nil else {
            throw ReplayError(.malformed, "“\(object.prefix(64))” is no object. Write kind:value.")
        }
        let (known, runner) = (answer.known, try runner(StandardViews.timeline.definition))
        let facts = try await ReplayError.view { () async throws(ViewError) in
            try await runner.facts(of: object, for: reader, asOf: known.earlier, at: known.position)
        }
        var steps = StandardViews.timeline.state(of: object, from: facts).steps
        if let occurred = answer.occurred {
            let account = TrueAccount(
                of: try await happenings(at: steps.map(\.position), for: reader, known), at: occurred)
            steps = account.ordered(steps) { $0.position }
            answer.account = account
        }
        answer.timeline = steps
        answer.lines = steps.map { step in
            var writer = JSONWriter()
            step.write(to: &writer)
            return writer.bytes
        }
    }

    /// When some entries happened, as a reader sees them, and what they take back. Nothing classified is opened for it.
    func happenings(
        at positions: [Position], for reader: Reader, _ known: KnownMoment
    ) async throws(ReplayError) -> [Happening] {
        let asked = FieldsAsked(Dictionary(positions.map { ($0, [String]()) }, uniquingKeysWith: { $1 }))
        let ledger = ledger
        let seen = try await ReplayError.reading { () async throws(ExchangeError) in
            try await ledger.seen(
                asked, by: reader, asOf: known.earlier, before: known.position, upcasting: .standard)
        }
        let mergers = try ReplayError.exchange { () throws(ExchangeError) in try ledger.mergers() }
        return seen.compactMap { entry in
            guard let event = entry.event, let root = (try? JSONDocument(parsing: event.event))?.root else {
                return nil
            }
            return Happening(event, root, mergers)
        }
    }
}
