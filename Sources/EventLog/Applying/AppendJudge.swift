internal import LMDB

/// The append rule, whole: which events of a request are new, which are known, and what stands against it.
///
/// 1. An event whose source and id are in the log with the same content is a duplicate; with other content the id is
///    reused, and the request is refused.
/// 2. If all events are duplicates, that is the answer: a retry succeeds whatever came since.
/// 3. Every condition must hold: nothing that matches its query stands after its position, and the time is before the one
///    that the request names. All that fail are named.
/// 4. The new events get the next positions.
struct AppendJudge {
    /// What is to be done with a request.
    enum Verdict {
        /// Append the events with these indices; then these are the receipts.
        case append([Int], [Receipt])
        case refuse(LogError)
    }

    private let store: LogStore
    private let index: LogIndex
    /// For each event whose id may be in a run: request, event → positions to look at.
    private var candidates: [EventKey: [Position]] = [:]
    /// Requests whose ids could not be looked up because the index is damaged there. The others are not concerned.
    private var faults: [Int: LogError] = [:]
    private var reader = EntryReader()

    private struct EventKey: Hashable {
        let request: Int
        let event: Int
    }

    /// Looks the ids of all requests up on disk, at once.
    init(
        _ requests: [PreparedRequest], store: LogStore, index: LogIndex, snapshot: borrowing IndexSnapshot
    ) {
        self.store = store
        self.index = index
        for run in snapshot.runs {
            for (request, prepared) in requests.enumerated() where faults[request] == nil {
                do throws(LMDBError) {
                    for event in try snapshot.indices(of: prepared.ids, perhapsIn: run) {
                        let list = try snapshot.list(of: prepared.ids[event], in: run, reaching: run.base) ?? []
                        let key = EventKey(request: request, event: event)
                        if !list.isEmpty { candidates[key, default: []] += list }
                    }
                } catch {
                    faults[request] = LogError(ofIndex: error)
                }
            }
        }
    }

    /// Judges the next request against the log as it is with what was accepted so far.
    ///
    /// - Throws: ``LogError`` only if the log cannot be read; what speaks against the request is in the verdict, also an
    ///   index that is damaged where the request needs it.
    mutating func judge(
        _ number: Int, _ ordered: OrderedRequest, head: Position, in transaction: borrowing LMDBWriteTransaction,
        _ snapshot: borrowing IndexSnapshot
    ) throws(LogError) -> Verdict {
        if let fault = faults[number] { return .refuse(fault) }
        do throws(LogError) {
            return try verdict(number, ordered, head: head, in: transaction, snapshot)
        } catch {
            guard error.code == .indexDamaged else { throw error }
            return .refuse(error)
        }
    }

    /// The append rule for a request whose ids could be looked up.
    ///
    /// - Throws: ``LogError`` if the log or the index cannot be read.
    private mutating func verdict(
        _ number: Int, _ ordered: OrderedRequest, head: Position, in transaction: borrowing LMDBWriteTransaction,
        _ snapshot: borrowing IndexSnapshot
    ) throws(LogError) -> Verdict {
        let request = ordered.request
        var receipts: [Receipt] = []
        receipts.reserveCapacity(request.events.count)
        var fresh: [Int] = []
        fresh.reserveCapacity(request.events.count)
        var conflicts: [AppendConflict] = []
        var own: [UInt64: Int] = [:]
        let inMemory = Set(snapshot.indicesInMemory(ofKnown: request.ids))
        for event in request.events.indices {
            var known: Known?
            let key = EventKey(request: number, event: event)
            if !candidates.isEmpty || !inMemory.isEmpty, candidates[key] != nil || inMemory.contains(event) {
                known = try self.known(key, request, in: transaction, snapshot)
            }
            if known == nil, request.mayRepeatIDs {
                if let place = own[request.ids[event]] {
                    known = try match(event, request, fresh[place], head + UInt64(place))
                }
                if known == nil { own[request.ids[event]] = fresh.count }
            }
            switch known {
            case .same(let position):
                receipts.append(.duplicate(position))
            case .other(let position):
                // What comes after the head is of this request, and has no position yet.
                conflicts.append(
                    position < head
                        ? .idReused(event: event, position: position)
                        : .idRepeated(event: event, earlier: fresh[Int(position - head)]))
            case nil:
                receipts.append(.appended(head + UInt64(fresh.count)))
                fresh.append(event)
            }
        }
        if !fresh.isEmpty || !conflicts.isEmpty {
            if let end = request.recordedBefore, ordered.recorded >= end {
                conflicts.append(.tooLate(recorded: ordered.recorded))
            }
            for (condition, value) in request.conditions.enumerated() {
                if let conflict = try conflict(condition, value, head: head, in: transaction, snapshot) {
                    conflicts.append(conflict)
                }
            }
        }
        return conflicts.isEmpty ? .append(fresh, receipts) : .refuse(AppendRefusal.error(conflicts, request))
    }

    /// An event with the same id, and whether its content is the same too.
    private enum Known {
        case same(Position)
        case other(Position)
    }

    /// Finds the event in the log that has the id of one that is to be appended.
    private mutating func known(
        _ key: EventKey, _ request: PreparedRequest, in transaction: borrowing LMDBWriteTransaction,
        _ snapshot: borrowing IndexSnapshot
    ) throws(LogError) -> Known? {
        // The snapshot's segments, not those of now: one that was flushed since is in none of the runs looked at.
        let inMemory = snapshot.positionsInMemory(of: request.ids[key.event], in: 0..<Position.max)
        for position in (candidates[key] ?? []) + inMemory {
            let entry = try store.entry(at: position, in: transaction).bytes
            let body = request.bodies.span.extracting(request.events[key.event].body)
            if entry.span.extracting(EntryText.prefixCount..<entry.count).isEqual(to: body) { return .same(position) }
            let candidate = Self.opening + body.copied
            guard try reader.identity(of: entry.span) == reader.identity(of: candidate.span) else { continue }
            return AppendRefusal.isSameContent(entry, candidate) ? .same(position) : .other(position)
        }
        return nil
    }

    /// What stands in for the recorded time where an entry has none yet.
    private static let opening = EntryText.prefix(recorded: Timestamp(microseconds: 0))

    /// Compares an event with one of its own request that has the same hash and is to get a position.
    private mutating func match(
        _ event: Int, _ request: PreparedRequest, _ other: Int, _ position: Position
    ) throws(LogError) -> Known? {
        let bodies = request.bodies.span
        let body = bodies.extracting(request.events[event].body)
        let otherBody = bodies.extracting(request.events[other].body)
        if body.isEqual(to: otherBody) { return .same(position) }
        let entry = Self.opening + body.copied
        let otherEntry = Self.opening + otherBody.copied
        guard try reader.identity(of: entry.span) == reader.identity(of: otherEntry.span) else { return nil }
        return AppendRefusal.isSameContent(entry, otherEntry) ? .same(position) : .other(position)
    }

    /// What breaks a condition, or nil if it holds.
    private mutating func conflict(
        _ number: Int, _ condition: AppendCondition, head: Position, in transaction: borrowing LMDBWriteTransaction,
        _ snapshot: borrowing IndexSnapshot
    ) throws(LogError) -> AppendConflict? {
        if let after = condition.after, after >= head { return .beyondHead(condition: number, head: head) }
        var position = condition.after.map { $0 + 1 } ?? 0
        if condition.query.matchesAll {
            return position < head ? .condition(index: number, position: position) : nil
        }
        var cursor = QueryCursor(condition.query, hasher: index.hasher, head: head)
        while position < head {
            do throws(LMDBError) {
                guard let found = try cursor.next(atOrAfter: position, in: snapshot) else { return nil }
                position = found
            } catch {
                throw LogError(ofIndex: error)
            }
            let entry = try store.entry(at: position, in: transaction).bytes
            let facts = try reader.facts(of: entry.span)
            if condition.query.matches(type: facts.type, tags: facts.tags) {
                return .condition(index: number, position: position)
            }
            position += 1
        }
        return nil
    }
}
