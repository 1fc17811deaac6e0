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
            var (rest, left) = (range, range.limit)
            while left > 0 {
                rest.limit = min(left, 1_024)
                let entries: [Entry]
                do throws(LogError) {
                    entries = try log.read(query, rest)
                } catch {
                    try await stream.write(ReadEndpoint.ending(Problem(error)))
                    return
                }
                guard let last = entries.last else { return }
                var text: [UInt8] = []
                text.reserveCapacity(entries.reduce(0) { $0 + $1.bytes.count + 32 })
                for entry in entries {
                    entry.appendLine(to: &text)
                    text.append(UInt8(ascii: "\n"))
                }
                try await stream.write(text)
                left -= entries.count
                if rest.isBackwards { rest.to = last.position } else { rest.from = last.position + 1 }
                guard entries.count == rest.limit else { return }
            }
        }
    }
}
