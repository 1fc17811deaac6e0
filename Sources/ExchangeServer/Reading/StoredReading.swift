internal import EventLog
internal import Exchange
internal import ExchangeProtocol
internal import JSON

/// Entries as the log has them, a line each, for readers who may see that every one of them is there: nothing is decided
/// entry by entry, and nothing classified is in them.
struct StoredReading: Sendable {
    let ledger: ExchangeLedger

    func answer(_ request: ReadRequest, _ asked: ReadRange) throws(Problem) -> Answer {
        let (query, range): (Query, ReadRange)
        do throws(ExchangeError) {
            let head = try ledger.currentHead()
            let end = max(asked.from, asked.to ?? head)
            try ledger.checkSeesEverything(request.reader, in: asked.from..<end)
            query = try ledger.blind(request.query, for: request.reader)
            range = ReadRange(from: asked.from, to: end, isBackwards: asked.isBackwards, limit: asked.limit)
        } catch {
            throw Problem(error)
        }
        let log = ledger.log
        return .lines { stream in
            var next = await Self.page(of: log, query, range)
            while true {
                let page: Page
                do throws(LogError) {
                    page = try next.get()
                } catch {
                    try await stream.write(ReadEndpoint.ending(Problem(error)))
                    return
                }
                guard let rest = page.rest else { return try await stream.write(page.text) }
                // One page is read while the one before is taken.
                async let following = Self.page(of: log, query, rest)
                try await stream.write(page.text)
                next = await following
            }
        }
    }

    /// A part of the answer.
    private struct Page: Sendable {
        let text: [UInt8]
        /// What is left to be read; nil if that was all.
        let rest: ReadRange?
    }

    /// The most entries of a page, and about how many bytes one of entries that follow one another has.
    private static let pageEntries = 1_024
    private static let pageBytes = 512 << 10

    /// A page of entries that follow one another: they need not be looked at one by one.
    private static func following(_ log: Log, _ from: Position, _ end: Position) -> Result<Page, LogError> {
        var text: [UInt8] = []
        text.reserveCapacity(pageBytes + pageBytes / 4)
        do throws(LogError) {
            let next = try log.appendLines(from: from, to: end, maximumBytes: pageBytes, to: &text)
            return .success(Page(text: text, rest: next < end ? ReadRange(from: next, to: end) : nil))
        } catch {
            return .failure(error)
        }
    }

    @concurrent private static func page(
        of log: Log, _ query: Query, _ range: ReadRange
    ) async -> Result<Page, LogError> {
        if query.matchesAll, !range.isBackwards, range.limit == .max, let end = range.to {
            return following(log, range.from, end)
        }
        var part = range
        part.limit = min(range.limit, pageEntries)
        guard part.limit > 0 else { return .success(Page(text: [], rest: nil)) }
        let entries: [Entry]
        do throws(LogError) {
            entries = try log.read(query, part)
        } catch {
            return .failure(error)
        }
        var text: [UInt8] = []
        text.reserveCapacity(entries.reduce(0) { $0 + $1.bytes.count + 32 })
        for entry in entries {
            entry.appendLine(to: &text)
            text.append(UInt8(ascii: "\n"))
        }
        guard let last = entries.last, entries.count == part.limit else { return .success(Page(text: text, rest: nil)) }
        var rest = range
        rest.limit -= entries.count
        if rest.isBackwards { rest.to = last.position } else { rest.from = last.position + 1 }
        return .success(Page(text: text, rest: rest.limit > 0 ? rest : nil))
    }
}
