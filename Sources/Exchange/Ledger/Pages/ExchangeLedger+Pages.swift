public import EventLog

extension ExchangeLedger {
    /// Reads a page of what a reader may see.
    ///
    /// What the pages before disclosed by a grant or a sharing rule must still be open to the reader: if one that was relied
    /// on has ended since, the read stops with an error of its own instead of going on with less. The reader may begin
    /// anew.
    ///
    /// - Parameters:
    ///   - range: What to read; its limit is that of the page, from 1 to ``ReadPage/maximumEntries``. With a cursor, the
    ///     positions are the cursor's.
    ///   - cursor: Where the page before ended; nil for the first. All else must be as it was for that.
    ///   - isOpenEnded: Whether to go on with what came after the first page; then each page has a next one, and an empty
    ///     page says that there is nothing yet. Without it, and backwards, it ends at the head of the first page.
    /// - Throws: ``ExchangeError``: `.grantEnded` or `.ruleEnded`, which name what has ended and how; `.invalidCursor` for a
    ///   cursor of another read; `.limitExceeded` if pages relied on more than 1,024 grants and rules; as
    ///   ``read(_:_:for:asOf:)``. Nothing is disclosed then.
    /// - Complexity: As a read of the entries of the page, and O(*n*) in the grants and rules that were relied on.
    public func page(
        _ query: Query, _ range: ReadRange = ReadRange(), for claim: Reader, asOf earlier: Timestamp? = nil,
        after cursor: PageCursor? = nil, isOpenEnded: Bool = false
    ) async throws(ExchangeError) -> ReadPage {
        let head = try ExchangeError.wrapping { () throws(LogError) in try log.head }
        let name = PageCursor.name(query, for: claim, asOf: earlier, isBackwards: range.isBackwards)
        let isOpen = isOpenEnded && !range.isBackwards
        let now = try current { $0.now }
        let began = cursor?.began ?? now
        let start =
            cursor
            ?? PageCursor(
                from: range.from, to: isOpen ? range.to : range.to ?? head, read: name, began: began,
                relied: ReliedTerms())
        guard start.read == name else {
            throw ExchangeError(
                .invalidCursor, "The cursor is of another read; hand in the same reader, query and direction with it.")
        }
        let end = min(start.to ?? head, head)
        var part = ReadRange(
            from: start.from, to: end, isBackwards: range.isBackwards,
            limit: max(1, min(range.limit, ReadPage.maximumEntries)))
        var relied = start.relied
        let entries: [SeenEntry]
        var isRecorded = false
        if part.from < end || cursor == nil {
            entries = try await read(query, part, for: claim, asOf: earlier) { records throws(ExchangeError) in
                isRecorded = isRecorded || !records.isEmpty
                try rely(on: records, after: &relied, for: claim, since: began)
            }
        } else {
            try rely(on: [], after: &relied, for: claim, since: began)
            entries = []
        }
        part.skip(entries, of: part.limit)
        let isOver = part.from >= (part.to ?? end)
        guard !isOver || (isOpen && part.from < start.to ?? .max) else {
            return ReadPage(entries: entries, next: nil, isRecorded: isRecorded)
        }
        return ReadPage(
            entries: entries,
            next: PageCursor(
                from: part.from, to: range.isBackwards ? part.to : start.to, read: name, began: began, relied: relied),
            isRecorded: isRecorded)
    }
}

extension ReadRange {
    /// Goes past what was read; if that was less than could be, to the end.
    fileprivate mutating func skip(_ entries: [SeenEntry], of count: Int) {
        guard let to else { return }
        guard entries.count >= count, let last = entries.last?.position else {
            from = max(from, to)
            return
        }
        if isBackwards { self.to = last } else { from = last + 1 }
    }
}
