internal import EventLog
internal import Exchange
internal import JSON

/// Who looked, as far as the reader of a report is told: of what had been anchored in the log by its position, so that later
/// readings, the report's own among them, change nothing of it.
struct AccessGathering {
    let ledger: ExchangeLedger
    let reader: Reader

    private static let anchored = "sanhu.access.anchored"

    /// - Parameter positions: Those of the events that a report on an object shows.
    func accesses(
        _ question: AuditQuestion, _ positions: [Position]
    ) async throws(ExchangeError) -> AuditReport.Accesses {
        var accesses = AuditReport.Accesses()
        accesses.anchored = try size(below: question.position)
        guard accesses.anchored > 0 else {
            accesses.telling = .nothingAnchored
            return accesses
        }
        var query = AccessQuery(limit: AuditQuestion.mostAccesses + 1)
        switch question.subject {
        case .object:
            guard !positions.isEmpty else { return accesses }
            query.positions = Self.ranges(positions)
        case .period(let from, _, _):
            query.since = from
        }
        query.until = try end(accesses.anchored, question)
        do throws(ExchangeError) {
            let found = try await ledger.accesses(query, for: reader)
            let known = found.filter { access in access.position.map { $0 < accesses.anchored } ?? true }
            accesses.isCut = known.count > AuditQuestion.mostAccesses
            accesses.records = known.suffix(AuditQuestion.mostAccesses)
        } catch {
            guard error.code == .accessDenied else { throw error }
            accesses.telling = .notTold
        }
        return accesses
    }

    /// How many entries the access log had by its last anchor below a position.
    private func size(below position: Position) throws(ExchangeError) -> Position {
        let range = ReadRange(to: position, isBackwards: true, limit: 1)
        let last = try LogAsking.of { () throws(LogError) in
            try ledger.log.read(Query(types: [Self.anchored]), range).last
        }
        guard let last, let document = try? JSONDocument(parsing: last.bytes),
            let size = document.root["event"]?["data"]?["size"]?.integer, size > 0
        else { return 0 }
        return Position(size)
    }

    /// Before when records count: the moment after the last that was anchored, or the end of the period.
    private func end(_ size: Position, _ question: AuditQuestion) throws(ExchangeError) -> Timestamp {
        let last = try LogAsking.of { () throws(LogError) in try ledger.accessLog.entry(at: size - 1).recorded }
        let after = Timestamp(microseconds: last.microseconds + 1)
        guard case .period(_, let to, _) = question.subject else { return after }
        return min(after, to)
    }

    /// Positions as ranges.
    private static func ranges(_ positions: [Position]) -> [ClosedRange<Position>] {
        var ranges: [ClosedRange<Position>] = []
        for position in positions {
            if let last = ranges.last, last.upperBound + 1 == position {
                ranges[ranges.count - 1] = last.lowerBound...position
            } else {
                ranges.append(position...position)
            }
        }
        return ranges
    }
}
