internal import EventLog
internal import Exchange
internal import ExchangeProtocol
internal import HummingbirdCore
internal import JSON
internal import Views

/// Appends an event a line, each on its own, and answers a receipt a line as they become durable, in their order.
///
/// Lines that have come together are tried together, which costs one commit; if one of them is refused, halves of them
/// are. Nothing is read while what was read is appended: so the body can have any length.
struct LineAppender: Sendable {
    let book: Rulebook
    let agency: String
    /// Looked at for each commit: the body has no end.
    let standing: Standing
    let options: AppendOptions
    let metrics: ServerMetrics

    /// The most lines of one commit.
    static let batch = 500

    private struct Line {
        let number: Int
        let event: AgencyEvent
    }

    func run(_ body: RequestBody, _ stream: inout AnswerStream) async throws {
        var splitter = LineSplitter(maximumBytes: AgencyEvent.maximumBytes)
        var count = 0
        for try await piece in body {
            guard splitter.add(piece) else {
                try await refuse(count + 1, Call.tooLarge(AgencyEvent.maximumBytes), &stream)
                return
            }
            guard try await append(&splitter, &count, &stream) else { return }
        }
        splitter.end()
        _ = try await append(&splitter, &count, &stream)
    }

    /// - Returns: Whether to go on.
    private func append(
        _ splitter: inout LineSplitter, _ count: inout Int, _ stream: inout AnswerStream
    ) async throws -> Bool {
        let reader = DraftReader(.init(agency: agency, tags: options.tags, takesSealed: true))
        while true {
            let lines = splitter.take(atMost: Self.batch)
            guard !lines.isEmpty else { break }
            do throws(Problem) {
                try standing.check()
            } catch {
                try await refuse(count + 1, error, &stream)
                return false
            }
            var batch: [Line] = []
            for line in lines {
                count += 1
                guard line.contains(where: { $0 > 0x20 }) else { continue }
                do throws(Problem) {
                    batch.append(Line(number: count, event: try AppendEndpoint.event(reader.draft(line), agency)))
                } catch {
                    guard try await append(batch[...], &stream) else { return false }
                    batch.removeAll()
                    try await refuse(count, error, &stream)
                }
            }
            guard try await append(batch[...], &stream) else { return false }
        }
        try await stream.flush()
        return true
    }

    /// Appends lines together or, if that is refused, each half of them.
    private func append(_ lines: ArraySlice<Line>, _ stream: inout AnswerStream) async throws -> Bool {
        guard let first = lines.first else { return true }
        let (receipts, warnings): ([Receipt], [RuleWarning])
        do throws(ExchangeError) {
            (receipts, warnings) = try await book.appendTelling(lines.map(\.event), as: agency)
        } catch {
            let problem = Problem(error)
            guard lines.count > 1 else {
                metrics.refused(error.code.rawValue)
                try await refuse(first.number, problem, &stream)
                // What is wrong with the machine is wrong for all that follows.
                return problem.status < 500
            }
            let middle = lines.startIndex + lines.count / 2
            guard try await append(lines[..<middle], &stream) else { return false }
            return try await append(lines[middle...], &stream)
        }
        metrics.handedIn(receipts)
        let writer = ReceiptWriter(log: book.ledger.log, wantsProof: options.wantsProof)
        for (index, (line, receipt)) in zip(lines, receipts).enumerated() {
            let told = warnings.filter { $0.index == index }.map(\.reason)
            try await write(try writer.text(of: receipt, told, line: line.number), &stream)
        }
        return true
    }

    private func write(_ text: [UInt8], _ stream: inout AnswerStream) async throws {
        try await stream.write(text)
        try await stream.write(CollectionOfOne(UInt8(ascii: "\n")))
    }

    private func refuse(_ line: Int, _ problem: Problem, _ stream: inout AnswerStream) async throws {
        try await stream.writeLine { json in
            json.object { json in
                json.member("line", Int64(line))
                json.key("problem")
                problem.write(to: &json)
            }
        }
        try await stream.flush()
    }
}
