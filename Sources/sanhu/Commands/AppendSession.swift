import EventLog
import Foundation
import JSON

/// Appends what lines of input say, and prints what became of each.
struct AppendSession {
    /// How many events are under way at once.
    private static let window = 1_000
    /// What may stand around a JSON text. A line of nothing else is passed over.
    private static let spaces = Array(" \t\r".utf8)

    /// An event of the input, or why there is none, and its line.
    private struct Item {
        let line: Int
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

    /// What came on a line, or on the lines that make one JSON text: nil at the end.
    private mutating func nextItems(_ lines: inout LineReader) -> [Item]? {
        var line: [UInt8] = []
        repeat {
            guard let next = lines.next() else { return nil }
            line = next
        } while line.allSatisfy { Self.spaces.contains($0) }
        let number = lines.number
        let isArray = line.first { !Self.spaces.contains($0) } == UInt8(ascii: "[")
        guard isArray || !hasBegun else { return [Item(line: number, draft: reader.draft(line))] }
        hasBegun = true
        // A line that is no value of its own may be the beginning of one that goes on.
        guard Self.endsOpen(line) else { return reader.drafts(line).map { Item(line: number, draft: $0) } }
        while let next = lines.next() {
            line += [UInt8(ascii: "\n")] + next
            guard line.count <= DraftReader.maximumBytes else { break }
        }
        return reader.drafts(line).map { draft in
            Item(
                line: number,
                draft: draft.mapError { error in
                    let range = "Lines \(number) to \(lines.number) were read as one JSON text."
                    return lines.number > number && error.code == .invalidJSON
                        ? LogError(error.code, error.reason + " " + range) : error
                })
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
            case .failure(let error): refuse(error, item.line)
            case .success:
                switch answers.next() {
                case .success(let receipts): receipts.forEach { report($0) }
                case .failure(let error):
                    refuse(error, item.line)
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

    private mutating func refuse(_ error: LogError, _ line: Int) {
        refused += 1
        Output.standard.writeObject { writer in
            writer.member("refused", error.code.rawValue)
            writer.member("line", Int64(line))
            writer.member("reason", error.reason)
        }
    }
}
