internal import EventLog
internal import ExchangeProtocol
internal import JSON

/// Entries as they come. What breaks off goes on after the last that came, so each comes once, in their order.
public struct ServedEntries: AsyncSequence, Sendable {
    public typealias Element = ServedEntry

    let transport: Transport
    let selection: ReadSelection

    public func makeAsyncIterator() -> Iterator { Iterator(transport: transport, rest: selection) }

    public struct Iterator: AsyncIteratorProtocol {
        let transport: Transport
        var rest: ReadSelection
        private var lines: AnswerLines?
        private var failures = 0
        private var isOver = false

        init(transport: Transport, rest: ReadSelection) {
            (self.transport, self.rest) = (transport, rest)
        }

        /// - Throws: ``ClientError``.
        public mutating func next() async throws(ClientError) -> ServedEntry? {
            while !isOver {
                do throws(ClientError) {
                    guard let entry = try await step() else { continue }
                    failures = 0
                    return entry
                } catch {
                    lines = nil
                    failures += 1
                    try await transport.wait(after: failures, error)
                }
            }
            return nil
        }

        /// - Returns: Nil for what is no entry.
        private mutating func step() async throws(ClientError) -> ServedEntry? {
            if let limit = rest.limit, limit <= 0 {
                isOver = true
                return nil
            }
            if lines == nil {
                let request = ClientRequest(
                    path: ["events"], parameters: rest.parameters(), headers: [("Accept", "application/x-ndjson")])
                lines = AnswerLines(try await transport.send(request), maximumBytes: Transport.maximumBytes)
            }
            guard let line = try await lines?.next() else {
                isOver = true
                return nil
            }
            guard !line.isEmpty else { return nil }
            let root = try ExchangeClient.parse(line)
            if let told = root["problem"].flatMap(Problem.init(_:)) { throw ClientError(told) }
            let entry = try ServedEntry(line, root)
            if rest.isBackwards { rest.to = entry.position } else { rest.from = entry.position + 1 }
            rest.limit = rest.limit.map { $0 - 1 }
            return entry
        }
    }
}

extension ExchangeClient {
    /// Reads entries as the server shows them. They are not verified.
    ///
    /// - Complexity: A line of memory, whatever is read.
    public func entries(_ selection: ReadSelection = ReadSelection()) -> ServedEntries {
        ServedEntries(transport: transport, selection: selection)
    }
}
