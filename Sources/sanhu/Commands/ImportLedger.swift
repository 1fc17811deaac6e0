import EventLog
import Exchange
import Interchange
import JSON

/// The ledger that an import goes into: a plain one, or one with a charter, where each event is appended by the agency that
/// its draft names.
enum ImportLedger {
    case plain(Log)
    case exchange(ExchangeLedger)

    /// What became of a draft.
    enum Outcome {
        case receipt(Receipt)
        case refused(reason: String)
    }

    func close() {
        switch self {
        case .plain(let log): log.close()
        case .exchange(let ledger): ledger.finish()
        }
    }

    /// Appends the drafts of a batch, and of what is refused only that which is at fault stays out.
    ///
    /// - Returns: What became of each draft.
    /// - Throws: What keeps the ledger from taking anything more.
    func append(_ batch: ImportBatch) async throws -> [Outcome] {
        switch self {
        case .plain(let log): try await append(batch.drafts, to: log)
        case .exchange(let ledger): try await append(batch, to: ledger)
        }
    }

    private func append(_ drafts: [EventDraft], to log: Log) async throws -> [Outcome] {
        do throws(LogError) {
            return try await log.append(AppendRequest(drafts)).map(Outcome.receipt)
        } catch {
            guard !error.isRetryable, error.code != .closed else { throw error }
        }
        // One by one: an event that was imported before, from a scenario that then knew less, keeps its first form.
        var outcomes: [Outcome] = []
        for answer in await log.append(each: drafts.map { AppendRequest([$0]) }) {
            switch answer {
            case .success(let receipts): outcomes += receipts.map(Outcome.receipt)
            case .failure(let error):
                guard !error.isRetryable, error.code != .closed else { throw error }
                outcomes.append(.refused(reason: error.reason))
            }
        }
        return outcomes
    }

    /// An append is of one agency. The order of what is told together, a scenario or a row, is kept; of the rows of a table,
    /// what one agency says is appended together.
    private func append(_ batch: ImportBatch, to ledger: ExchangeLedger) async throws -> [Outcome] {
        let drafts = batch.drafts
        var outcomes = [Outcome?](repeating: nil, count: drafts.count)
        for turn in Self.turns(drafts, batch.origins) {
            let events = turn.map { AgencyEvent(drafts[$0].event, tags: drafts[$0].tags) }
            let told = try await Self.append(events[...], as: drafts[turn[0]].agency, to: ledger)
            for (index, outcome) in zip(turn, told) { outcomes[index] = outcome }
        }
        return outcomes.compactMap { $0 }
    }

    /// The drafts that can be appended together, by their indices: of one agency, and none before what it follows.
    private static func turns(_ drafts: [EventDraft], _ origins: [ImportOrigin]) -> [[Int]] {
        var stories: [String: (agency: String, turn: Int)] = [:]
        var turns: [(turn: Int, drafts: [Int])] = []
        /// Of each agency, its turn after so many changes of agency in a story.
        var places: [String: Int] = [:]
        for (index, (draft, origin)) in zip(drafts, origins).enumerated() {
            let story = origin.scenario ?? "\(origin.file):\(origin.line ?? 0)"
            let before = stories[story]
            let turn = before.map { $0.turn + ($0.agency == draft.agency ? 0 : 1) } ?? 0
            stories[story] = (draft.agency, turn)
            let place = "\(turn) \(draft.agency)"
            if let known = places[place] {
                turns[known].drafts.append(index)
            } else {
                places[place] = turns.count
                turns.append((turn, [index]))
            }
        }
        return turns.sorted { $0.turn < $1.turn }.map(\.drafts)
    }

    /// Appends events of an agency; if they are refused together, each half on its own.
    private static func append(
        _ events: ArraySlice<AgencyEvent>, as agency: String, to ledger: ExchangeLedger
    ) async throws -> [Outcome] {
        do throws(ExchangeError) {
            return try await ledger.append(Array(events), as: agency).map(Outcome.receipt)
        } catch {
            switch error.code {
            case .log where try isKnown(events, in: ledger): break
            case .log, .conflict, .keyMissing, .keyDamaged, .staleKeys: throw error
            default: break
            }
            guard events.count > 1 else { return [.refused(reason: error.reason)] }
            let middle = events.startIndex + events.count / 2
            let first = try await append(events[..<middle], as: agency, to: ledger)
            return try await first + append(events[middle...], as: agency, to: ledger)
        }
    }

    /// Whether one of the events is in the log: then what the log refused is another content under its id.
    private static func isKnown(_ events: ArraySlice<AgencyEvent>, in ledger: ExchangeLedger) throws -> Bool {
        let identities = events.compactMap { event -> EventIdentity? in
            guard let root = try? JSONDocument(parsing: event.event).root, let source = root["source"]?.string,
                let id = root["id"]?.string
            else { return nil }
            return EventIdentity(source: source, id: id)
        }
        return try !ledger.log.entries(of: identities).isEmpty
    }
}

extension WritingOptions {
    /// Opens the ledger for an import, with or without a charter.
    func openForImport() throws -> ImportLedger {
        try ledger.isExchange ? .exchange(openExchange()) : .plain(openForWriting())
    }
}
