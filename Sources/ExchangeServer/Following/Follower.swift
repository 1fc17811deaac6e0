internal import EventLog
internal import Exchange
internal import ExchangeProtocol
internal import JSON
internal import Views

/// One reader that follows the log.
struct Follower: Sendable {
    enum Form: Sendable { case events, lines }

    let on: Following
    let request: ReadRequest
    /// What it asks for, as the log has it.
    let stored: Query
    let standing: Standing
    let form: Form

    private var ledger: ExchangeLedger { on.ledger }

    /// How far it is.
    private struct State {
        /// Everything below was given or does not match.
        var position: Position
        var left: Int
        var cursor: PageCursor?
        var isCaughtUp = false
        /// When something classified was given last.
        var recorded: ContinuousClock.Instant?
        /// When it read last.
        var read: ContinuousClock.Instant?
    }

    /// Gives what there is and what comes, until its reader goes, may no longer, or the server stops.
    func run(from start: Position, _ stream: inout AnswerStream) async throws {
        var state = State(position: start, left: request.range.limit)
        // At once: who asks should see that it is heard.
        try await beat(&stream)
        while state.left > 0 {
            do throws(Problem) {
                let left = state.left
                guard !on.closing.isClosed else { throw Self.stopping }
                let text = try await next(&state)
                // What was recorded after the key was revoked is not sent any more.
                try standing.check()
                if !text.isEmpty {
                    try await Self.taken {
                        try await stream.write(text)
                        try await stream.flush()
                    }
                }
                on.metrics.delivered(left - state.left)
                if state.isCaughtUp { try await wait(state, &stream) }
            } catch {
                guard error != Self.gone else { return }
                try await stream.write(ending(error))
                return
            }
        }
    }

    /// The next entries as text, or that all there is has come.
    private func next(_ state: inout State) async throws(Problem) -> [UInt8] {
        if let recorded = state.recorded {
            try? await Task.sleep(until: recorded + Following.coalescing)
            state.recorded = nil
        }
        if state.isCaughtUp, let read = state.read {
            // To whom much comes, it comes by several at once.
            let next = read + Following.pace
            if .now < next { try? await Task.sleep(until: next, tolerance: .zero) }
        }
        state.read = .now
        let limit = min(state.left, Following.pageEntries)
        let (page, head) = try await page(state, limit)
        var text: [UInt8] = []
        for entry in page.entries { append(entry, to: &text) }
        state.left -= page.entries.count
        state.cursor = page.next
        if page.isRecorded { state.recorded = .now }
        // A page that is not full went to the head, so that need not be found out by an empty one.
        let isNews = !state.isCaughtUp || !page.entries.isEmpty
        state.isCaughtUp = page.entries.count < limit
        guard state.isCaughtUp else { return text }
        state.position = head
        // What came while the page was read is in it.
        if isNews { text += caughtUp(max(head, (page.entries.last?.position).map { $0 + 1 } ?? 0)) }
        return text
    }

    private func page(_ state: State, _ limit: Int) async throws(Problem) -> (ReadPage, head: Position) {
        do throws(ExchangeError) {
            // Taken before the page is read: what comes in between ends the next wait at once.
            let head = try ledger.currentHead()
            let range = ReadRange(from: state.position, limit: limit)
            let page = try await ledger.page(
                request.query, range, for: request.reader, asOf: request.asOf, after: state.cursor, isOpenEnded: true)
            try await ledger.recordDenials(of: request.fields, in: page.entries, for: request.reader)
            guard request.upcasts else { return (page, head) }
            return (page.showing(try ledger.upcast(page.entries, by: .standard)), head)
        } catch {
            throw Problem(error)
        }
    }

    private func wait(_ state: State, _ stream: inout AnswerStream) async throws(Problem) {
        while true {
            switch await on.tail.wait(stored, from: state.position, until: .now + on.heartbeat) {
            case .grown: return
            case .closed: throw Task.isCancelled ? Self.gone : Self.stopping
            case .timeout:
                try standing.check()
                try await Self.taken { try await beat(&stream) }
            }
        }
    }

    // MARK: Text

    private func append(_ entry: SeenEntry, to text: inout [UInt8]) {
        var json = JSONWriter(reservingCapacity: 1_024)
        entry.write(to: &json)
        switch form {
        case .events: EventStreamText.append(.event, id: entry.position, json.bytes, to: &text)
        case .lines:
            text += json.bytes
            text.append(UInt8(ascii: "\n"))
        }
    }

    private func caughtUp(_ head: Position) -> [UInt8] {
        var json = JSONWriter()
        json.object { $0.member(form == .events ? "head" : "caughtUp", Int64(clamping: head)) }
        guard form == .events else { return json.bytes + [UInt8(ascii: "\n")] }
        var text: [UInt8] = []
        EventStreamText.append(.caughtUp, id: head > 0 ? head - 1 : nil, json.bytes, to: &text)
        return text
    }

    private func ending(_ problem: Problem) -> [UInt8] {
        guard form == .events else { return ReadEndpoint.ending(problem) }
        var text: [UInt8] = []
        EventStreamText.append(.dropped, id: nil, problem.bytes, to: &text)
        return text
    }

    private func beat(_ stream: inout AnswerStream) async throws {
        try await stream.write(form == .events ? EventStreamText.heartbeat : [UInt8(ascii: "\n")])
        try await stream.flush()
    }

    // MARK: Endings

    private static func taken(_ body: () async throws -> Void) async throws(Problem) {
        do {
            try await body()
        } catch {
            throw gone
        }
    }

    /// Its reader is gone; nobody is told.
    private static let gone = Problem(499, "gone", "Who asked is gone", "The connection is closed.")

    static let stopping = Problem(
        503, "stopping", "The server stops", "The server stops. Ask again, from the last event that came.",
        retry: .later,
        retryAfter: 1)
}

extension ExchangeLedger {
    /// How many entries the log has.
    func currentHead() throws(ExchangeError) -> Position {
        do throws(LogError) {
            return try log.head
        } catch {
            throw ExchangeError(error)
        }
    }
}
