internal import EventLog

/// Finds, in the access log, the records that answer a question.
struct AccessSearch {
    let log: Log
    let query: AccessQuery
    let entitlement: AccessEntitlement
    /// The positions of what is asked for, or nil if any will do.
    let positions: PositionRanges?
    /// The tag of the case that is asked for.
    let caseTag: Tag?
    /// Whether the record at a position of the access log was released.
    let isReleased: (Position, Timestamp, AccessRecord) -> Bool

    /// The most stretches that are looked under; more positions are found by what else is asked for.
    private static let maximumBuckets = 8_192

    /// The latest records that answer, the oldest of them first.
    ///
    /// - Complexity: O(*r*) in the records under the tags of what is asked for, by the index.
    func run(_ range: ReadRange) throws(ExchangeError) -> [Access] {
        var found: [Position: Access] = [:]
        for part in queries() {
            var left = query.limit
            try read(part, range) { entry throws(ExchangeError) in
                if let access = try answer(entry), found.updateValue(access, forKey: entry.position) == nil {
                    left -= 1
                }
                return left > 0
            }
        }
        return found.sorted { $0.key < $1.key }.suffix(query.limit).map(\.value)
    }

    private func read(
        _ part: Query, _ range: ReadRange, _ visit: (Entry) throws(ExchangeError) -> Bool
    ) throws(ExchangeError) {
        var failure: ExchangeError?
        try ExchangeError.wrapping { () throws(LogError) in
            try log.read(part, range) { (entries) throws(LogError) in
                do throws(ExchangeError) {
                    for entry in entries where try !visit(entry) { return false }
                    return true
                } catch {
                    failure = error
                    return false
                }
            }
        }
        if let failure { throw failure }
    }

    /// What is asked of the index, in as many queries as it takes.
    private func queries() -> [Query] {
        var tags = [entitlement.tag, caseTag].compactMap(\.self)
        if query.readers.count == 1 { tags += [AccessTagger.reader(query.readers[0])].compactMap(\.self) }
        if query.types.count == 1 { tags += [AccessTagger.type(query.types[0])].compactMap(\.self) }
        let types = [AccessRecord.eventType]
        guard let positions,
            let buckets = PositionBuckets.containing(positions.ranges, atMost: Self.maximumBuckets)
        else { return [Query(types: types, tags: tags)] }
        let items = buckets.compactMap { bucket in
            AccessTagger.bucket(bucket).map { Query.Item(types: types, tags: tags + [$0]) }
        }
        return stride(from: 0, to: items.count, by: LogLimits.itemsPerQuery).map { start in
            Query(Array(items[start..<min(start + LogLimits.itemsPerQuery, items.count)]))
        }
    }

    private func answer(_ entry: Entry) throws(ExchangeError) -> Access? {
        let view = try EntryView(entry)
        guard view.type == AccessRecord.eventType, let data = view.data else { return nil }
        let record = try AccessRecord(data: data)
        let isReleased = record.isSecret && self.isReleased(entry.position, entry.recorded, record)
        guard entitlement.covers(record, isReleased: isReleased),
            let narrowed = query.narrowed(record, to: positions)
        else { return nil }
        return Access(
            position: entitlement == .named ? nil : entry.position, recorded: entry.recorded, record: narrowed,
            isReleased: isReleased)
    }
}
