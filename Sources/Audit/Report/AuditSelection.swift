internal import EventLog
internal import Exchange

/// Which entries an audit report is about: looked at one page after the other, without anything being opened.
struct AuditSelection {
    private(set) var counts: [String: [String: Int]] = [:]
    private(set) var days: [String: [String: Int]] = [:]
    private(set) var stubs = 0
    private(set) var range: Range<Position> = 0..<0
    /// Those that are shown: the first, and corrections and breaches wherever they stand.
    private(set) var positions: [Position] = []
    private(set) var rest: Position?
    /// How many of the shown stand beyond ``rest``, and whether there are more such.
    private var beside = 0
    private(set) var isBesideCut = false
    /// Breaches of which only their data say at which port they were; they are not counted yet.
    private(set) var unplaced: [Position] = []

    private static let pageEntries = 512
    static let breach = "rule.breached"
    private static let correction = "record.corrected"
    /// More days than anybody reads; what comes then is only counted by agency and type.
    private static let mostDays = 400

    init(
        _ question: AuditQuestion, in ledger: ExchangeLedger, for reader: Reader, asOf time: Timestamp,
        progress: (Position, Position) -> Void
    ) throws(ExchangeError) {
        let query: Query
        switch question.subject {
        case .object(let tag):
            let types = Set(try ledger.charter().allSchemas().map(\.type)).union(["sanhu.rule.breached"])
            query = Query(try ledger.stored(tag, in: types, askedFor: reader).map { Query.Item(tags: [$0]) })
            range = 0..<question.position
        case .period(let from, let to, _):
            query = .all
            range = try LogAsking.of { () throws(LogError) in
                let first = min(try ledger.log.position(recordedAtOrAfter: from), question.position)
                let end = min(try ledger.log.position(recordedAtOrAfter: to), question.position)
                return first..<max(first, end)
            }
        }
        var ports = PortOfEvents(ledger: ledger, reader: reader, end: question.position)
        var next = range.lowerBound
        while next < range.upperBound {
            let part = ReadRange(from: next, to: range.upperBound, limit: Self.pageEntries)
            let page = try LogAsking.of { () throws(LogError) in try ledger.log.read(query, part) }
            for (entry, outline) in zip(page, try ledger.outlines(of: page, for: reader, asOf: time)) {
                guard !outline.isStub else {
                    stubs += 1
                    continue
                }
                try take(entry, question, &ports)
            }
            guard page.count == Self.pageEntries, let last = page.last else { break }
            next = last.position + 1
            progress(next, range.upperBound)
        }
    }

    private mutating func take(
        _ entry: Entry, _ question: AuditQuestion, _ ports: inout PortOfEvents
    ) throws(ExchangeError) {
        let event = try LogAsking.of { () throws(LogError) in try MinedEvent(entry, kinds: ["declaration"]) }
        if case .period(_, _, let port?) = question.subject {
            guard event.type != Self.breach else {
                if unplaced.count < AuditQuestion.mostBeside {
                    unplaced.append(entry.position)
                } else {
                    isBesideCut = true
                }
                return
            }
            guard try ports.port(of: event) == port else { return }
        }
        count(agency: event.agency, type: event.type, event.recorded)
        if positions.count - beside < question.limit {
            positions.append(entry.position)
            return
        }
        if rest == nil { rest = entry.position }
        guard event.type == Self.breach || event.type == Self.correction else { return }
        guard beside < AuditQuestion.mostBeside else {
            isBesideCut = true
            return
        }
        beside += 1
        positions.append(entry.position)
    }

    /// Counts an event.
    mutating func count(agency: String, type: String, _ recorded: Timestamp) {
        counts[agency, default: [:]][type, default: 0] += 1
        let day = LocalTime(recorded).day
        if days[day] != nil || days.count < Self.mostDays { days[day, default: [:]][agency, default: 0] += 1 }
    }
}
