internal import LMDB
internal import Transparency

/// Reads a log, page by page. No read transaction outlives a page, so readers never make the file grow.
struct LogReader: Sendable {
    /// How many entries a page has at the most.
    static let pageEntries = 512
    /// How many bytes a page has, about, before it ends.
    static let pageBytes = 1 << 20
    /// How many entries a scan goes through in one transaction.
    private static let scanEntries: Position = 4_096

    let store: LogStore
    /// nil if a process that only reads found none that belongs to the log.
    let index: LogIndex?
    /// Brings a reader's index up to a head; a writer's always is.
    var follower: IndexFollower?

    /// Some of the entries of a range that match, and where to go on.
    struct Page {
        var entries: [Entry] = []
        /// What is left of the range.
        var rest: ReadRange
        var isLast: Bool
        /// The head that the page was read at.
        var head: Position
    }

    /// How many entries there are.
    @available(*, noasync)
    func head() throws(LogError) -> Position {
        let transaction = try store.beginRead()
        return try store.readState(in: transaction).frontier.size
    }

    /// Reads a page of the entries of a range that match a query.
    ///
    /// - Throws: ``LogError`` with code `.positionBeyondHead` if the range begins or ends above the head.
    /// - Complexity: O(*k*) in the page's entries and O(log *n*) for each list of the index that is leapt into.
    @available(*, noasync)
    func page(_ query: Query, _ range: ReadRange) throws(LogError) -> Page {
        let transaction = try store.beginRead()
        let head = try store.readState(in: transaction).frontier.size
        try Self.check(range, head)
        var page = Page(rest: range, isLast: false, head: head)
        var low = range.from
        var high = min(range.to ?? head, head)
        if query.matchesAll {
            var bytes = 0
            while low < high, page.entries.count < min(range.limit, Self.pageEntries), bytes < Self.pageBytes {
                let entry = try store.entry(at: range.isBackwards ? high - 1 : low, in: transaction)
                if range.isBackwards { high -= 1 } else { low += 1 }
                bytes += entry.bytes.count
                page.entries.append(entry)
            }
        } else {
            let index = try usableIndex()
            let snapshot = try snapshot(of: index, covering: head)
            try find(query, index.hasher, &page, &low, &high, in: transaction, snapshot)
        }
        page.isLast = low >= high || page.entries.count >= range.limit
        page.rest = ReadRange(
            from: low, to: range.isBackwards ? high : range.to, isBackwards: range.isBackwards,
            limit: range.limit - page.entries.count)
        return page
    }

    /// The index, which there must be.
    func usableIndex() throws(LogError) -> LogIndex {
        guard let index else {
            throw LogError(
                .corrupted, "The index is missing or damaged. Run `sanhu index rebuild`, or read without a query.")
        }
        return index
    }

    /// What the index holds now, which is all below a head.
    @available(*, noasync)
    func snapshot(of index: LogIndex, covering head: Position) throws(LogError) -> IndexSnapshot {
        try follower?.refresh(to: head)
        let snapshot = try index.snapshot()
        guard snapshot.covers(head) else {
            throw LogError(.indexDamaged, "The index does not reach \(head). `sanhu index rebuild` makes it anew.")
        }
        return snapshot
    }

    private func find(
        _ query: Query, _ hasher: IndexHasher, _ page: inout Page, _ low: inout Position, _ high: inout Position,
        in transaction: borrowing LMDBReadTransaction, _ snapshot: borrowing IndexSnapshot
    ) throws(LogError) {
        var cursor = QueryCursor(query, hasher: hasher, head: page.head)
        var reader = EntryReader()
        var bytes = 0
        let limit = min(page.rest.limit, Self.pageEntries)
        while low < high, page.entries.count < limit, bytes < Self.pageBytes {
            let found: Position?
            do throws(LMDBError) {
                found =
                    page.rest.isBackwards
                    ? try cursor.previous(atOrBefore: high - 1, in: snapshot)
                    : try cursor.next(atOrAfter: low, in: snapshot)
            } catch {
                throw LogError(ofIndex: error)
            }
            guard let found, found >= low, found < high else {
                low = high
                return
            }
            if page.rest.isBackwards { high = found } else { low = found + 1 }
            let entry = try store.entry(at: found, in: transaction)
            // The index files by hash: two names may share one, so the entry itself decides.
            let facts = try reader.facts(of: entry.bytes.span)
            guard query.matches(type: facts.type, tags: facts.tags) else { continue }
            bytes += entry.bytes.count
            page.entries.append(entry)
        }
    }

    /// - Throws: ``LogError`` with code `.positionBeyondHead` if a range begins or ends above a head.
    static func check(_ range: ReadRange, _ head: Position) throws(LogError) {
        for position in [range.from, range.to ?? 0] where position > head {
            throw LogError(
                .positionBeyondHead, "Position \(position) is beyond the head: the log has \(head) entries.")
        }
    }

    /// Goes through entries in place, without copying them; those that are stored compressed, in a buffer.
    ///
    /// - Parameters:
    ///   - from: The first position.
    ///   - to: The position after the last; nil for the head as it is when the scan begins.
    ///   - body: Gets the position, when it was recorded, and the entry's bytes, which are good only inside; returns
    ///     whether to go on.
    /// - Complexity: O(*n*) in the entries; no allocation for each.
    @available(*, noasync)
    func scan(
        from: Position, to: Position?,
        _ body: (_ position: Position, _ recorded: Timestamp, _ entry: Span<UInt8>) throws(LogError) -> Bool
    ) throws(LogError) {
        let head = try head()
        try Self.check(ReadRange(from: from, to: to), head)
        let end = to ?? head
        var position = from
        while position < end {
            guard try scanPage(from: &position, to: min(end, position + Self.scanEntries), body) else { return }
        }
    }

    @available(*, noasync)
    private func scanPage(
        from position: inout Position, to end: Position,
        _ body: (Position, Timestamp, Span<UInt8>) throws(LogError) -> Bool
    ) throws(LogError) -> Bool {
        let transaction = try store.beginRead()
        var failure: LogError?
        var buffer = EntryBuffer()
        do throws(LMDBError) {
            var cursor = try transaction.cursor(over: store.entries)
            var found = try cursor.move(toOrAfter: position)
            while position < end {
                guard found, cursor.position == position else { break }
                do throws(LogError) {
                    if try !visit(position, cursor.value, &buffer, in: transaction, body) { return false }
                } catch {
                    failure = error
                    break
                }
                position += 1
                found = position < end ? try cursor.moveToNext() : false
            }
        } catch {
            throw LogError(error)
        }
        if let failure { throw failure }
        guard position == end else {
            throw LogError(.corrupted, "The entry at position \(position) is missing. Run `sanhu verify`.")
        }
        return true
    }

    @inline(__always)
    private func visit(
        _ position: Position, _ value: Span<UInt8>, _ buffer: inout EntryBuffer,
        in transaction: borrowing LMDBReadTransaction,
        _ body: (Position, Timestamp, Span<UInt8>) throws(LogError) -> Bool
    ) throws(LogError) -> Bool {
        guard value.count >= EntryHeader.byteCount, value[0] == EntryHeader.Codec.plain.rawValue else {
            let header = try EntryHeader(of: value, at: position)
            try buffer.load(value, header, at: position, store.codec, in: transaction)
            return try body(position, header.recorded, buffer.bytes.span)
        }
        let recorded = Timestamp(microseconds: Int64(bitPattern: value.littleEndianWord(at: 8)))
        return try body(position, recorded, value.extracting(EntryHeader.byteCount..<value.count))
    }

    /// The position of the first entry recorded at a time or after it; the head if there is none.
    ///
    /// - Complexity: O(log *n*): recorded times never go back, so the log itself is searched.
    @available(*, noasync)
    func position(recordedAtOrAfter time: Timestamp) throws(LogError) -> Position {
        let transaction = try store.beginRead()
        var low: Position = 0
        var high = try store.readState(in: transaction).frontier.size
        while low < high {
            let middle = low + (high - low) / 2
            if try store.header(at: middle, in: transaction).recorded < time { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
