import EventLog
import Foundation
import JSON

/// Appends what lines of input say, and prints what became of each.
struct AppendSession {
    /// How many events are under way at once.
    private static let window = 1_000

    let log: Log
    let reader: DraftReader
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

    /// Appends each event on its own.
    mutating func appendEach(_ lines: LineReader) async throws {
        var lines = lines
        var waiting: [(line: Int, draft: Result<EventDraft, LogError>)] = []
        while let line = lines.next() {
            guard line.contains(where: { $0 > 0x20 }) else { continue }
            let number = lines.number
            let first = line.first { $0 > 0x20 }
            if number == 1 || first == UInt8(ascii: "["), let whole = try Self.wholeText(line, &lines) {
                for draft in try reader.drafts(whole) { waiting.append((number, .success(draft))) }
            } else {
                waiting.append((number, Result { () throws(LogError) in try reader.draft(line) }))
            }
            if waiting.count >= Self.window { try await flush(&waiting) }
        }
        try await flush(&waiting)
        try Self.check(lines)
    }

    /// Appends all events together.
    mutating func appendTogether(_ lines: LineReader, _ conditions: [AppendCondition]) async throws {
        var lines = lines
        var drafts: [EventDraft] = []
        while let line = lines.next() {
            guard line.contains(where: { $0 > 0x20 }) else { continue }
            if lines.number == 1 || line.first(where: { $0 > 0x20 }) == UInt8(ascii: "["),
                let whole = try Self.wholeText(line, &lines)
            {
                drafts += try reader.drafts(whole)
            } else {
                drafts.append(try reader.draft(line))
            }
        }
        try Self.check(lines)
        for receipt in try await log.append(AppendRequest(drafts, conditions: conditions)) { report(receipt) }
    }

    /// The whole input, if it is not a value a line: an array, or an object over several lines.
    private static func wholeText(_ line: [UInt8], _ lines: inout LineReader) throws -> [UInt8]? {
        if line.first(where: { $0 > 0x20 }) != UInt8(ascii: "["), (try? JSONDocument(parsing: line)) != nil { return nil }
        // A line that is no value of its own may be the beginning of one that goes on.
        guard line.first(where: { $0 > 0x20 }) == UInt8(ascii: "[") || endsOpen(line) else { return nil }
        var whole = line
        while let next = lines.next() {
            whole += [UInt8(ascii: "\n")] + next
            guard whole.count <= 64 << 20 else {
                throw CommandFailure(.refused, "An input that is one JSON text has at most 64 MiB. Send one event a line.")
            }
        }
        return whole
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

    private static func check(_ lines: LineReader) throws {
        guard lines.isTooLong else { return }
        throw CommandFailure(
            .refused, "Line \(lines.number + 1) is longer than \(LineReader.maximumBytes) bytes; the rest was not read.")
    }

    private mutating func flush(_ waiting: inout [(line: Int, draft: Result<EventDraft, LogError>)]) async throws {
        let requests = waiting.compactMap { item in (try? item.draft.get()).map { AppendRequest([$0]) } }
        var answers = await log.append(each: requests).makeIterator()
        for item in waiting {
            switch item.draft {
            case .failure(let error): refuse(error, item.line)
            case .success:
                switch answers.next() {
                case .success(let receipts): receipts.forEach { report($0) }
                case .failure(let error):
                    refuse(error, item.line)
                    if error.isRetryable { throw error }
                case nil: break
                }
            }
        }
        waiting.removeAll(keepingCapacity: true)
        Output.standard.flush()
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
