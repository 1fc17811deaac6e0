public import EventLog
public import Exchange
internal import JSON
internal import Transparency
public import Views

/// The twenty cells of the sharing matrix, and what flows in each (共享矩阵覆盖, S03, K03).
public struct SharingCoverage: Sendable {
    public struct Cell: Sendable {
        public let subject: String
        public let category: String
        /// Agencies of which there are events in it.
        public internal(set) var producers: Set<String> = []
        /// Authorities that see its events by the charter, without a grant.
        public internal(set) var subscribers = 0
        /// How many events there are; of forms that are sealed as a whole none are counted.
        public internal(set) var count: Int64 = 0
        /// Whether all of its forms are sealed as a whole.
        public internal(set) var isSealed = true
        /// When its last event was recorded.
        public internal(set) var last: Timestamp?
        /// From what happened to its being recorded, in seconds.
        public internal(set) var lag = FigureMeasure()

        /// Whether somebody produces and two others may read.
        public var isLive: Bool { !producers.isEmpty && subscribers >= 2 }
    }

    public let origin: FigureReport.Origin
    /// In the order of the matrix.
    public let cells: [Cell]

    /// - Parameters, Throws: As ``PortFigures/report(_:of:at:for:)``.
    public init(
        _ figures: PortFigures, at position: Position? = nil, for reader: Reader
    ) throws(ViewError) {
        let runner = figures.runner
        let reached = try runner.status().position
        let end = position ?? reached
        let ledger = runner.ledger
        let (now, root) = try ViewError.wrapping { () throws(LogError) in
            (try FigureTerms(log: ledger.log, at: end).now, try ledger.log.root(atSize: end))
        }
        let matrix = try ViewError.wrapping { () throws(ExchangeError) in try ledger.matrix(at: now) }
        var cells = SharingCell.all.map { Cell(subject: $0.subject.rawValue, category: $0.category.rawValue) }
        var places: [String: Int] = [:]
        for form in matrix.forms {
            guard let place = SharingCell.all.firstIndex(of: form.cell) else { continue }
            places[form.uri] = place
            guard !form.isSealed else { continue }
            cells[place].isSealed = false
            cells[place].subscribers = matrix.authorities.count
        }
        try runner.survey(at: end, for: reader) { surveyed in
            for step in surveyed.facts.compactMap({ FigureStep($0) }) {
                guard let place = places[step.schema] else { continue }
                cells[place].producers.insert(step.agency)
                cells[place].count += 1
                cells[place].last = max(cells[place].last ?? step.recorded, step.recorded)
                let lag = (step.recorded.microseconds - step.moment.microseconds) / 1_000_000
                if step.isTimed { cells[place].lag.add(max(0, lag)) }
            }
        }
        self.cells = cells
        origin = FigureReport.Origin(position: end, root: root.description, selection: FigureSelection())
    }

    /// How many of the twenty are live.
    public var live: Int { cells.count { $0.isLive } }

    /// As lines of JSON, their members sorted: one a cell.
    public var json: [UInt8] {
        var writer = JSONWriter()
        for cell in cells {
            writer.object { writer in
                writer.member("category", cell.category)
                writer.member("count", cell.count)
                let ranks = cell.lag.percentiles([50, 95])
                if ranks.count == 2 {
                    writer.member("lag-median", ranks[0])
                    writer.member("lag-p95", ranks[1])
                }
                if let last = cell.last { writer.member("last", last.description) }
                writer.key("live")
                writer.bool(cell.isLive)
                writer.member("position", Int64(origin.position))
                writer.key("producers")
                writer.array { writer in for agency in cell.producers.sorted() { writer.string(agency) } }
                writer.member("root", origin.root)
                writer.key("sealed")
                writer.bool(cell.isSealed)
                writer.member("subject", cell.subject)
                writer.member("subscribers", Int64(cell.subscribers))
            }
            writer.endLine()
        }
        return writer.bytes
    }
}
