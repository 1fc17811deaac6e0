internal import EventLog
internal import Exchange
internal import ExchangeProtocol
internal import HTTPTypes
internal import JSON
internal import Views

/// Lends a stream to whoever hands over lines without being able to throw.
private final class LineTaking {
    private var stream: AnswerStream
    private var failure: (any Error)?

    init(_ stream: AnswerStream) {
        self.stream = stream
    }

    func take(_ lines: [[UInt8]]) async -> Bool {
        do {
            for line in lines {
                try await stream.write(line)
                try await stream.write(CollectionOfOne(UInt8(ascii: "\n")))
            }
        } catch {
            failure = error
        }
        return failure == nil
    }

    func returned() throws -> AnswerStream {
        if let failure { throw failure }
        return stream
    }
}

/// `GET /events`: what `sanhu read` reads, as it is read.
struct ReadEndpoint: Sendable {
    let ledger: ExchangeLedger
    let following: Following

    /// How many entries are read at once of an answer that is not in pages.
    static let partEntries = 256

    func answer(_ call: Call) async throws(Problem) -> Answer {
        let request = try ReadRequest(call)
        let range = try range(of: request)
        if request.follows {
            let isEventStream = MediaType.accepts(call.headers[.accept], MediaType.eventStream)
            return try following.answer(request, from: range.from, call.standing, isEventStream: isEventStream)
        }
        if request.isStored { return try StoredReading(ledger: ledger).answer(request, range) }
        if request.isVerifiable { return verifiable(request, range) }
        // The first part before anything is answered: what is refused has a status of its own then.
        let first = try await part(request, range, limit: request.page ?? Self.partEntries, request.cursor)
        if request.page != nil || first.next == nil {
            return try whole(first, request)
        }
        return .lines { stream in
            var (part, left) = (first, range.limit)
            while true {
                try await stream.write(try lines(part.entries, request))
                left -= part.entries.count
                guard left > 0, let next = part.next else { return }
                do throws(Problem) {
                    part = try await self.part(request, range, limit: min(left, Self.partEntries), next)
                    try call.standing.check()
                } catch {
                    try await stream.write(Self.ending(error))
                    return
                }
            }
        }
    }

    /// What is in the last line of an answer that could not be finished.
    static func ending(_ problem: Problem) -> [UInt8] {
        var json = JSONWriter()
        json.object { json in
            json.key("problem")
            problem.write(to: &json)
        }
        json.endLine()
        return json.bytes
    }

    private func part(
        _ request: ReadRequest, _ range: ReadRange, limit: Int, _ cursor: PageCursor?
    ) async throws(Problem) -> ReadPage {
        var part = range
        part.limit = min(range.limit, limit)
        guard part.limit > 0 else { return ReadPage(entries: [], next: nil) }
        do throws(ExchangeError) {
            let page = try await ledger.page(
                request.query, part, for: request.reader, asOf: request.asOf, after: cursor)
            try await ledger.recordDenials(of: request.fields, in: page.entries, for: request.reader)
            return page
        } catch {
            throw Problem(error)
        }
    }

    private func lines(_ entries: [SeenEntry], _ request: ReadRequest) throws(Problem) -> [UInt8] {
        do throws(ExchangeError) {
            let shown = request.upcasts ? try ledger.upcast(entries, by: .standard) : entries
            var text: [UInt8] = []
            for entry in shown {
                var json = JSONWriter(reservingCapacity: 1_024)
                entry.write(to: &json)
                json.endLine()
                text += json.bytes
            }
            return text
        } catch {
            throw Problem(error)
        }
    }

    private func whole(_ page: ReadPage, _ request: ReadRequest) throws(Problem) -> Answer {
        var text = try lines(page.entries, request)
        if request.page != nil, let next = page.next {
            var json = JSONWriter()
            json.object { $0.member("next", next.text) }
            json.endLine()
            text += json.bytes
        }
        return Answer(.ok, MediaType.lines, .bytes(text))
    }

    private func verifiable(_ request: ReadRequest, _ range: ReadRange) -> Answer {
        .lines { stream in
            // The stream is lent to whoever takes the lines, and comes back with what became of it.
            let (taking, ledger) = (LineTaking(stream), self.ledger)
            var failure: ExchangeError?
            do throws(ExchangeError) {
                try await ledger.readVerifiable(
                    request.query, range, for: request.reader, asOf: request.asOf, proofs: request.proofs
                ) { lines async in await taking.take(lines) }
            } catch {
                failure = error
            }
            stream = try taking.returned()
            if let failure { try await stream.write(Self.ending(Problem(failure))) }
        }
    }

    /// The positions that are asked for: an end is only a bound, and who asks for what is below it gets what there is.
    private func range(of request: ReadRequest) throws(Problem) -> ReadRange {
        do throws(LogError) {
            let head = try ledger.log.head
            var range = request.range
            if let time = request.recordedFrom {
                range.from = max(range.from, try ledger.log.position(recordedAtOrAfter: time))
            }
            if let time = request.recordedTo {
                let end = try ledger.log.position(recordedAtOrAfter: time)
                range.to = min(range.to ?? end, end)
            }
            if let to = range.to { range.to = min(to, head) }
            guard range.from <= head else {
                throw LogError(
                    .positionBeyondHead,
                    "Position \(range.from) is beyond the head: the log has \(head) entries. It is of another ledger, "
                        + "or from before a backup was restored: begin from a position that there is.")
            }
            return range
        } catch {
            throw Problem(error)
        }
    }
}
