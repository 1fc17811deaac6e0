internal import EventLog
public import Exchange
public import Views

/// The boards of a ledger: live lists for people at work, of which each reader is given what it may see. See docs/boards.md.
///
/// ```swift
/// let boards = try Boards(in: keeper, cases: CaseFiles(in: keeper))
/// let inbox = try await boards.list(AssistanceBoard.self, of: "in CUS", BoardQuestion(customs)).rows
/// ```
public struct Boards: Sendable {
    /// The view they are read from.
    public static let definition = ViewDefinition(
        name: "boards", version: 3, query: BoardMapping.query, map: { entry, facts in BoardMapping.map(entry, &facts) })

    public let runner: ViewRunner
    private let cases: CaseFiles
    private let ledger: ExchangeLedger

    /// Opens the view, and begins to bring it on. What case files have already is read from them.
    ///
    /// - Throws: ``ViewError``, as ``ViewKeeper/open(_:)-(ViewDefinition)``.
    public init(in keeper: ViewKeeper, cases: CaseFiles) throws(ViewError) {
        self.init(try keeper.open(Self.definition), cases: cases, of: keeper.ledger)
    }

    /// Those of a view that is open already.
    public init(_ runner: ViewRunner, cases: CaseFiles, of ledger: ExchangeLedger) {
        self.runner = runner
        self.cases = cases
        self.ledger = ledger
    }

    /// A row of a board: what a reader may know of an object. Classified values it is given are in the access log before this
    /// returns.
    ///
    /// - Parameter object: `kind:value`.
    /// - Throws: ``ViewError``.
    /// - Complexity: As reading the facts of the object; of a guarantee also those of what is owed for what was released against
    ///   it; of an object of the risk board those that carry its tag, and those that carry none.
    public func row<Row: Board>(
        _ kind: Row.Type = Row.self, of object: String, _ question: BoardQuestion
    ) async throws(ViewError) -> Row {
        let question = try pinned(question)
        if Row.self == RiskBoard.self {
            let all = try await risks(of: object, question)
            let board = all.first { $0.object == object } ?? RiskBoard(object: object, at: question.boardTime)
            if let row = try await ordered(board, question) as? Row { return row }
        }
        return try await fold(kind, object, question)
    }

    /// A page of the rows of a board.
    ///
    /// - Parameters:
    ///   - place: Of what: docs/boards.md says by which a board is listed; nothing for all there are.
    ///   - last: Where the page before ended.
    /// - Returns: The rows in the order of their objects' names; and where the next page begins, nil if this was the last.
    /// - Throws: ``ViewError``.
    public func list<Row: Board>(
        _ kind: Row.Type = Row.self, of place: String = "", on day: String? = nil, _ question: BoardQuestion,
        after last: String? = nil, limit: Int = 100
    ) async throws(ViewError) -> (rows: [Row], next: String?) {
        let question = try pinned(question)
        var rows: [Row] = []
        guard Row.self != RiskBoard.self else {
            let all = try await risks(question).filter { board in last.map { board.object > $0 } ?? true }
            for board in all.prefix(limit) {
                if let row = try await ordered(board, question) as? Row { rows.append(row) }
            }
            return (rows, all.count > limit ? rows.last?.object : nil)
        }
        let key = String(decoding: Row.kind.key(place, on: day), as: UTF8.self)
        let page = try await runner.objects(
            foundBy: key, for: question.reader, asOf: question.earlier, at: question.position, after: last, limit: limit
        )
        for object in page.objects {
            let row = try await fold(kind, object, question)
            if !row.isEmpty { rows.append(row) }
        }
        return (rows, page.next)
    }

    /// The question at a position that both views have come to, so that what is read of them fits together.
    private func pinned(_ question: BoardQuestion) throws(ViewError) -> BoardQuestion {
        guard question.position == nil else { return question }
        var pinned = question
        pinned.position = min(try runner.status().position, try cases.runner.status().position)
        return pinned
    }

    private func fold<Row: Board>(
        _ kind: Row.Type, _ object: String, _ question: BoardQuestion
    ) async throws(ViewError) -> Row {
        let isAssistance = Row.kind == .inbox
        let plain = isAssistance ? AssistanceBoard.plain(object) : object
        let stored =
            isAssistance ? Position(plain.dropFirst("assistance:".count)).map(AssistanceBoard.stored) ?? object : object
        let steps = try await steps(of: stored, question, only: Self.values(of: Row.kind))
        var row = Row(object: plain, at: question.boardTime)
        if Row.kind == .receipts, let receipts = try await receipts(object, steps, question) as? Row { return receipts }
        for step in steps { row.take(step) }
        if let request = row as? AssistanceBoard, let acted = try await acted(request, question) as? Row {
            return acted
        }
        if let balance = row as? GuaranteeBoard, let owed = try await owed(balance, question) as? Row { return owed }
        return row
    }

    /// The events that a board is folded from: others about the same object are not read, and nothing of them is opened.
    private static func values(of kind: BoardKind) -> [UInt8: Set<Int>] { valuesByKind[kind] ?? [:] }

    private static let valuesByKind: [BoardKind: [UInt8: Set<Int>]] = Dictionary(
        uniqueKeysWithValues: BoardKind.allCases.map { ($0, values(of: $0.events)) })

    private static func values(of events: [BoardEvent]) -> [UInt8: Set<Int>] {
        Dictionary(
            uniqueKeysWithValues: events.map { ($0.rawValue, Set(0..<BoardVocabulary.of($0).fields.count)) })
    }

    /// What happened to an object, as far as the reader may know, and was recorded by the time that is asked for.
    private func steps(
        of object: String, _ question: BoardQuestion, only values: [UInt8: Set<Int>]
    ) async throws(ViewError) -> [BoardStep] {
        let facts = try await runner.facts(
            of: object, for: question.reader, asOf: question.earlier, at: question.position, only: values)
        let steps = facts.compactMap { BoardStep($0) }.filter { question.counts($0.recorded) }
        guard let time = question.trueAt else { return steps }
        // Of what boards are folded from beside case files, corrections are in these.
        let corrections = try await self.corrections(of: object, question)
        return TrueAccount(of: Self.happenings(steps, corrections), at: time).ordered(steps) { $0.position }
    }

    private func caseSteps(
        of object: String, _ question: BoardQuestion, only values: [UInt8: Set<Int>]
    ) async throws(ViewError) -> [CaseStep] {
        let facts = try await cases.runner.facts(
            of: object, for: question.reader, asOf: question.earlier, at: question.position, only: values)
        let steps = facts.compactMap { CaseStep($0, of: object) }.filter { question.counts($0.recorded) }
        guard let time = question.trueAt else { return steps }
        let corrections = try await self.corrections(of: object, question)
        let events = Dictionary(
            (steps.map { Happening($0) } + corrections).map { ($0.position, $0) }, uniquingKeysWith: { $1 })
        return TrueAccount(of: Array(events.values), at: time).ordered(steps) { $0.position }
    }

    private static let corrections = CaseFiles.values(of: [.recordCorrected]) { ["event", "source"].contains($0) }

    /// What was taken back of what was said about an object.
    private func corrections(of object: String, _ question: BoardQuestion) async throws(ViewError) -> [Happening] {
        guard CaseFiles.has(object) else { return [] }
        let facts = try await cases.runner.facts(
            of: object, for: question.reader, asOf: question.earlier, at: question.position, only: Self.corrections)
        return facts.compactMap { CaseStep($0, of: object) }.filter { question.counts($0.recorded) }.map {
            Happening($0)
        }
    }

    private static func happenings(_ steps: [BoardStep], _ corrections: [Happening]) -> [Happening] {
        let own = steps.map { Happening($0) }
        return Array(
            Dictionary((own + corrections).map { ($0.position, $0) }, uniquingKeysWith: { first, _ in first }).values)
    }

    // MARK: What needs more than one object

    /// Receipts are folded from what the case file has and what boards have beside it, in the order of the log.
    private func receipts(
        _ object: String, _ steps: [BoardStep], _ question: BoardQuestion
    ) async throws(ViewError) -> ReceiptBoard {
        var board = ReceiptBoard(object: object, at: question.boardTime)
        var others = steps[...]
        func isFirst(_ other: BoardStep, _ step: CaseStep) -> Bool {
            guard question.trueAt != nil else { return other.position <= step.position }
            return (other.moment.at.microseconds, other.position) <= (step.moment.at.microseconds, step.position)
        }
        for step in try await caseSteps(of: object, question, only: ReceiptBoard.values) {
            while let other = others.first, isFirst(other, step) {
                board.take(other)
                others.removeFirst()
            }
            board.take(step)
        }
        for step in others { board.take(step) }
        return board
    }

    private static let acknowledgements = values(of: [.noticeAcknowledged])

    /// A request to act is answered by acknowledgements, which name it by its id.
    private func acted(_ board: AssistanceBoard, _ question: BoardQuestion) async throws(ViewError) -> AssistanceBoard {
        guard board.isToAct, let requested = board.requested, let source = requested.source else { return board }
        var board = board
        let object = AssistanceBoard.named(source, requested.id)
        for step in try await steps(of: object, question, only: Self.acknowledgements) { board.take(step) }
        return board
    }

    private static let duties = CaseFiles.values(of: [.dutyAssessed, .dutyPaid]) {
        ["declaration", "bill", "stage", "dueDate"].contains($0)
    }

    private func owed(
        _ board: GuaranteeBoard, _ question: BoardQuestion
    ) async throws(ViewError) -> GuaranteeBoard {
        var board = board
        for number in Set(board.declarations).sorted() {
            var file = DeclarationCase(object: "declaration:" + number)
            for step in try await caseSteps(of: file.object, question, only: Self.duties) { file.take(step) }
            board.consider(file, number)
        }
        return board
    }

    private static let orders = values(of: [
        .inspectionOrdered, .inspectionNotified, .inspectionStarted, .inspectionCompleted,
    ])

    /// All that is flagged, over the agencies there ever were.
    private func risks(_ question: BoardQuestion) async throws(ViewError) -> [RiskBoard] {
        let agencies: [String]
        do throws(ExchangeError) {
            agencies = try ledger.charter().agencyCodes
        } catch {
            throw ViewError(.exchange, error.reason, exchange: error)
        }
        var all: [BoardStep] = []
        for agency in agencies {
            let object = String(decoding: RiskBoard.object(of: agency.utf8Span.span), as: UTF8.self)
            all += try await steps(of: object, question, only: Self.values(of: .risk))
        }
        return RiskBoard.all(of: all.sorted { $0.position < $1.position }, at: question.boardTime)
    }

    private static let riskTypes = Set(BoardKind.risk.events.map { "sanhu." + $0.name })

    /// What is flagged of an object: no other flag is opened for it, but those that name no object by a tag.
    private func risks(of object: String, _ question: BoardQuestion) async throws(ViewError) -> [RiskBoard] {
        // What is flagged may be withheld, and then no tag finds it.
        guard let tag = try? Tag(object) else { return try await risks(question) }
        let forms: [Tag]
        do throws(ExchangeError) {
            forms = try ledger.stored(tag, in: Self.riskTypes, askedFor: question.reader)
        } catch {
            throw ViewError(.exchange, error.reason, exchange: error)
        }
        var all: [Position: BoardStep] = [:]
        let names = forms.map { RiskBoard.object(tagged: $0.text.utf8Span.span) } + [RiskBoard.untagged]
        for name in names {
            let stored = String(decoding: name, as: UTF8.self)
            for step in try await steps(of: stored, question, only: Self.values(of: .risk)) {
                all[step.position] = step
            }
        }
        return RiskBoard.all(of: all.values.sorted { $0.position < $1.position }, at: question.boardTime)
    }

    private func ordered(_ board: RiskBoard, _ question: BoardQuestion) async throws(ViewError) -> RiskBoard {
        var board = board
        guard ["declaration:", "container:", "conveyance:"].contains(where: board.object.hasPrefix) else {
            return board
        }
        for step in try await steps(of: board.object, question, only: Self.orders) { board.take(step) }
        return board
    }
}
