import EventLog
import Foundation
import Transparency

/// A store of events made of arrays and loops: what the documentation says, and nothing clever. Others are held against it.
final class ModelStore: EventStore, @unchecked Sendable {
    /// An event as the model keeps it.
    private struct Stored {
        // Names are told apart by their bytes, not as Unicode tells strings apart.
        let source: [UInt8]
        let id: [UInt8]
        let type: [UInt8]
        let tags: [[UInt8]]
        let agency: String
        let content: NSDictionary
        let entry: Entry

        /// Whether both are the same event.
        func hasIdentity(of other: Stored) -> Bool { source == other.source && id == other.id }

        /// Whether both say the same.
        func hasContent(of other: Stored) -> Bool {
            agency == other.agency && Set(tags) == Set(other.tags) && content == other.content
        }

        func matches(_ query: Query) -> Bool {
            if query.items.isEmpty { return true }
            for item in query.items {
                let isOfType = item.types.isEmpty || item.types.contains { Array($0.utf8) == type }
                var hasTags = true
                for tag in item.tags where !tags.contains(Array(tag.text.utf8)) { hasTags = false }
                if isOfType && hasTags { return true }
            }
            return false
        }
    }

    private let lock = NSLock()
    private var stored: [Stored] = []
    private var clock = Timestamp(microseconds: 0)

    var head: Position { lock.withLock { Position(stored.count) } }

    func append(_ request: AppendRequest) async throws(LogError) -> [Receipt] {
        let result: Result<[Receipt], LogError> = lock.withLock {
            clock = max(clock, .now())
            return judge(request)
        }
        return try result.get()
    }

    private func judge(_ request: AppendRequest) -> Result<[Receipt], LogError> {
        var known = stored
        var fresh: [Int] = []
        var receipts: [Receipt] = []
        var conflicts: [AppendConflict] = []
        for (number, draft) in request.events.enumerated() {
            guard let event = read(draft, at: Position(known.count)) else {
                return .failure(LogError(.invalidEvent, "The model takes only sound events."))
            }
            if let place = known.firstIndex(where: { $0.hasIdentity(of: event) }) {
                if known[place].hasContent(of: event) {
                    receipts.append(.duplicate(Position(place)))
                } else if place >= stored.count {
                    conflicts.append(.idRepeated(event: number, earlier: fresh[place - stored.count]))
                } else {
                    conflicts.append(.idReused(event: number, position: Position(place)))
                }
            } else {
                receipts.append(.appended(Position(known.count)))
                known.append(event)
                fresh.append(number)
            }
        }
        let isRetry = known.count == stored.count && conflicts.isEmpty
        if !isRetry {
            if let end = request.recordedBefore, clock >= end { conflicts.append(.tooLate(recorded: clock)) }
            conflicts += failures(of: request.conditions)
        }
        if let first = conflicts.first {
            switch first {
            case .idReused, .idRepeated: return .failure(LogError(.idReused, "", conflicts: conflicts))
            case .condition, .tooLate: return .failure(LogError(.conditionFailed, "", conflicts: conflicts))
            case .beyondHead: return .failure(LogError(.positionBeyondHead, "", conflicts: conflicts))
            }
        }
        stored = known
        return .success(receipts)
    }

    private func failures(of conditions: [AppendCondition]) -> [AppendConflict] {
        var failures: [AppendConflict] = []
        for (number, condition) in conditions.enumerated() {
            if let after = condition.after, after >= Position(stored.count) {
                failures.append(.beyondHead(condition: number, head: Position(stored.count)))
                continue
            }
            for event in stored where event.matches(condition.query) {
                if let after = condition.after, event.entry.position <= after { continue }
                failures.append(.condition(index: number, position: event.entry.position))
                break
            }
        }
        return failures
    }

    func read(_ query: Query, _ range: ReadRange) throws(LogError) -> [Entry] {
        let all = lock.withLock { stored }
        for position in [range.from, range.to ?? 0] where position > Position(all.count) {
            throw LogError(.positionBeyondHead, "The model has \(all.count) events.")
        }
        var found: [Entry] = []
        for event in all where event.matches(query) {
            let position = event.entry.position
            if position >= range.from && position < range.to ?? .max { found.append(event.entry) }
        }
        if range.isBackwards { found.reverse() }
        return Array(found.prefix(max(0, range.limit)))
    }

    func position(recordedAtOrAfter time: Timestamp) throws(LogError) -> Position {
        let all = lock.withLock { stored }
        for event in all where event.entry.recorded >= time { return event.entry.position }
        return Position(all.count)
    }

    /// Takes an event apart and writes its entry.
    private func read(_ draft: EventDraft, at position: Position) -> Stored? {
        guard let content = try? JSONSerialization.jsonObject(with: Data(draft.event)) as? NSDictionary,
            let source = content["source"] as? String, let id = content["id"] as? String,
            let type = content["type"] as? String
        else { return nil }
        var tags: [[UInt8]] = []
        for tag in draft.tags where !tags.contains(Array(tag.text.utf8)) { tags.append(Array(tag.text.utf8)) }
        tags.sort { $0.lexicographicallyPrecedes($1) }
        let list = tags.map { "\"\(String(decoding: $0, as: UTF8.self))\"" }.joined(separator: ",")
        let text =
            "{\"recorded\":\"\(clock)\",\"agency\":\"\(draft.agency)\",\"tags\":[\(list)],\"event\":"
            + Self.withoutSpaces(String(decoding: draft.event, as: UTF8.self)) + "}"
        let bytes = Array(text.utf8)
        let entry = Entry(
            position: position, recorded: clock, leafHash: MerkleHash.leaf(bytes.span), bytes: bytes)
        return Stored(
            source: Array(source.utf8), id: Array(id.utf8), type: Array(type.utf8), tags: tags, agency: draft.agency,
            content: content, entry: entry)
    }

    /// A JSON text without the white space between its tokens.
    private static func withoutSpaces(_ text: String) -> String {
        var result = ""
        var isQuoted = false
        var isEscaped = false
        for character in text.unicodeScalars {
            if isQuoted || !" \t\r\n".unicodeScalars.contains(character) { result.unicodeScalars.append(character) }
            if isEscaped {
                isEscaped = false
            } else if character == "\\" {
                isEscaped = isQuoted
            } else if character == "\"" {
                isQuoted.toggle()
            }
        }
        return result
    }
}
