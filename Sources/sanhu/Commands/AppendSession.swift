import EventLog
import ExchangeProtocol
import Foundation
import JSON

/// Appends what lines of input say, and prints what became of each.
struct AppendSession {
    /// How many events are under way at once.
    private static let window = 1_000
    /// What may stand around a JSON text. A line of nothing else is passed over.
    private static let spaces = Array(" \t\r".utf8)

    /// An event of the input, or why there is none, and where it stands.
    private struct Item {
        let line: Int
        /// Its index in the array that the line holds, or nil.
        let index: Int?
        let draft: Result<EventDraft, LogError>
    }

    let log: Log
    let reader: DraftReader
    /// Whether something was read already: only what comes first may be an object over several lines.
    private var hasBegun = false
    private(set) var appended = 0
    private(set) var duplicates = 0
    private(set) var refused = 0

    init(log: Log, reader: DraftReader) {
        self.log = log
        self.reader = reader
    }

    /// What was done, for a person.
    var summary: String {
        var parts = ["\(appended) appended"]
        if duplicates > 0 { parts.append("\(duplicates) were there already") }
        if refused > 0 { parts.append("\(refused) refused") }
        return parts.joined(separator: ", ")
    }

    /// Appends each event on its own, in batches; what has come is appended before more is waited for.
    mutating func appendEach(_ lines: LineReader) async throws {
        var lines = lines
        var waiting: [Item] = []
        while true {
            if waiting.count >= Self.window || lines.wouldWait() { try await flush(&waiting) }
            guard let items = nextItems(&lines) else { break }
            waiting += items
        }
        try await flush(&waiting)
        if let fault = lines.fault { throw fault }
    }

    /// Appends all events together.
    mutating func appendTogether(_ lines: LineReader, _ conditions: [AppendCondition]) async throws {
        var lines = lines
        var drafts: [EventDraft] = []
        var bytes = 0
        while let items = nextItems(&lines) {
            for item in items {
                do {
                    drafts.append(try item.draft.get())
                    bytes += drafts[drafts.count - 1].event.count
                } catch {
                    throw LogError(error.code, "Line \(item.line): \(error.reason)")
                }
                // Told at once, and not after all of an endless input was read.
                guard drafts.count <= LogLimits.eventsPerRequest, bytes <= LogLimits.requestBytes else {
                    throw LogError(
                        .limitExceeded,
                        "Line \(item.line): what is appended together has at most \(LogLimits.eventsPerRequest) events "
                            + "and \(LogLimits.requestBytes) bytes.")
                }
            }
        }
        if let fault = lines.fault { throw fault }
        for receipt in try await log.append(AppendRequest(drafts, conditions: conditions)) { report(receipt) }
    }

    /// What came on a line, or, if what comes first goes on over several lines, on all of these: nil at the end.
    private mutating func nextItems(_ lines: inout LineReader) -> [Item]? {
        guard let first = Self.nextLine(&lines) else { return nil }
        defer { hasBegun = true }
        // A line that is no value of its own may be the beginning of one that goes on, but only the first: a later one
        // must not take what follows with it.
        guard !hasBegun, Self.endsOpen(first.text) else { return items(first) }
        var all = [first]
        var bytes = first.text.count
        while bytes <= DraftReader.maximumBytes, let next = Self.nextLine(&lines) {
            all.append(next)
            bytes += next.text.count
        }
        let text = Array(all.map(\.text).joined(separator: [UInt8(ascii: "\n")]))
        let whole = items(Line(number: first.number, text: text))
        guard case .failure(let error) = whole.first?.draft, whole.count == 1, error.code == .invalidJSON else {
            return whole
        }
        // It is no one value. If others of the lines are, each is taken by itself.
        if all.contains(where: { reader.isValue($0.text) }) { return all.flatMap(items) }
        let range = "Lines \(first.number) to \(lines.number) were read as one JSON text."
        return [Item(line: first.number, index: nil, draft: .failure(LogError(error.code, error.reason + " " + range)))]
    }

    /// A line of the input.
    private struct Line {
        let number: Int
        let text: [UInt8]
    }

    /// The next line that is not blank.
    private static func nextLine(_ lines: inout LineReader) -> Line? {
        while let text = lines.next() {
            if !text.allSatisfy({ spaces.contains($0) }) { return Line(number: lines.number, text: text) }
        }
        return nil
    }

    /// What a text says: one event, or those of an array.
    private func items(_ line: Line) -> [Item] {
        guard line.text.first(where: { !Self.spaces.contains($0) }) == UInt8(ascii: "[") else {
            return [Item(line: line.number, index: nil, draft: reader.draft(line.text))]
        }
        return reader.drafts(line.text).enumerated().map { index, draft in
            Item(line: line.number, index: index, draft: draft)
        }
    }

    /// Whether a text ends within a value.
    private static func endsOpen(_ text: [UInt8]) -> Bool {
        do throws(JSONError) {
            _ = try JSONDocument(parsing: text)
            return false
        } catch {
            return error.code == .unexpectedEnd
        }
    }

    private mutating func flush(_ waiting: inout [Item]) async throws {
        guard !waiting.isEmpty else { return }
        let requests = waiting.compactMap { item in (try? item.draft.get()).map { AppendRequest([$0]) } }
        var answers = await log.append(each: requests).makeIterator()
        // Every event gets its line before a failure of the machine ends the rest.
        var failure: LogError?
        for item in waiting {
            switch item.draft {
            case .failure(let error): refuse(error, item)
            case .success:
                switch answers.next() {
                case .success(let receipts): receipts.forEach { report($0) }
                case .failure(let error):
                    refuse(error, item)
                    if error.isRetryable { failure = failure ?? error }
                case nil: break
                }
            }
        }
        waiting.removeAll(keepingCapacity: true)
        Output.standard.flush()
        if let failure { throw failure }
    }

    private mutating func report(_ receipt: Receipt) {
        switch receipt {
        case .appended(let position):
            appended += 1
            Output.standard.writeObject { $0.member("appended", Int64(position)) }
        case .duplicate(let position):
            duplicates += 1
            Output.standard.writeObject { $0.member("duplicate", Int64(position)) }
        case .erased(let position):
            duplicates += 1
            Output.standard.writeObject { $0.member("erased", Int64(position)) }
        }
    }

    private mutating func refuse(_ error: LogError, _ item: Item) {
        refused += 1
        Output.standard.writeObject { writer in
            writer.member("refused", error.code.rawValue)
            writer.member("line", Int64(item.line))
            if let index = item.index { writer.member("index", Int64(index)) }
            writer.member("reason", error.reason)
        }
    }
}
