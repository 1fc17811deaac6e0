public import EventLog
internal import ExchangeProtocol
internal import JSON

/// What comes live: what there is from a position on, and then what comes.
///
/// A connection that is cut is made anew and goes on after the last event that came: each comes once, in their order.
public struct LiveEntries: AsyncSequence, Sendable {
    public enum Element: Sendable {
        case event(ServedEntry)
        /// All there is below a head has come. It comes again after each pause.
        case caughtUp(Position)
    }

    let transport: Transport
    let selection: ReadSelection

    public func makeAsyncIterator() -> Iterator { Iterator(transport: transport, rest: selection) }

    public struct Iterator: AsyncIteratorProtocol {
        let transport: Transport
        var rest: ReadSelection
        private var lines: AnswerLines?
        private var failures = 0

        init(transport: Transport, rest: ReadSelection) {
            (self.transport, self.rest) = (transport, rest)
            self.rest.isBackwards = false
            self.rest.to = nil
        }

        /// - Throws: ``ClientError``, if it cannot go on: a token that is not taken any more, what was relied on revoked.
        public mutating func next() async throws(ClientError) -> Element? {
            while true {
                do throws(ClientError) {
                    guard let element = try await step() else { continue }
                    failures = 0
                    return element
                } catch {
                    lines = nil
                    failures += 1
                    try await transport.wait(after: failures, error)
                }
            }
        }

        private mutating func step() async throws(ClientError) -> Element? {
            if lines == nil {
                let request = ClientRequest(
                    path: ["events"], parameters: rest.parameters() + [("follow", "true")],
                    headers: [("Accept", "application/x-ndjson")])
                lines = AnswerLines(try await transport.send(request), maximumBytes: Transport.maximumBytes)
            }
            guard let line = try await lines?.next() else {
                throw ClientError(.interrupted, "The server ended a live answer.")
            }
            // A heartbeat.
            guard !line.isEmpty else { return nil }
            let root = try ExchangeClient.parse(line)
            if let told = root["problem"].flatMap(Problem.init(_:)) {
                // A token ends in the middle of a stream; the next one is signed anew.
                throw told.code == "expiredToken" ? ClientError(.interrupted, told.detail) : ClientError(told)
            }
            if let head = root["caughtUp"]?.integer.flatMap({ Position(exactly: $0) }) { return .caughtUp(head) }
            let entry = try ServedEntry(line, root)
            rest.from = entry.position + 1
            return .event(entry)
        }
    }
}

extension ExchangeClient {
    /// Follows the log. It ends when the task is cancelled.
    ///
    /// - Parameter selection: What; `to` and `isBackwards` count for nothing.
    public func follow(_ selection: ReadSelection = ReadSelection()) -> LiveEntries {
        LiveEntries(transport: transport, selection: selection)
    }
}
