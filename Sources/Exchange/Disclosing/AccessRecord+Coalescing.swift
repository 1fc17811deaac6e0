internal import EventLog

extension AccessRecord {
    /// Puts together what belongs together: records of the same reader, purpose, case, basis, owner and fields become one, with
    /// the union of their positions; readings of the access log, one with the range around theirs.
    ///
    /// It says what was given out, not how often. Give it what falls into a short time, as the times of what is put together
    /// become one span.
    ///
    /// - Returns: At most as many records as given, in the order of the first of each, none with more than
    ///   ``maximumRanges`` ranges: a record that is full is followed by another.
    /// - Complexity: O(*n* log *n*) in the number of records and ranges.
    public static func coalesced(_ records: [AccessRecord]) -> [AccessRecord] {
        var order: [Key] = []
        var groups: [Key: [AccessRecord]] = [:]
        for record in records {
            let key = Key(record)
            if groups[key] == nil { order.append(key) }
            groups[key, default: []].append(record)
        }
        return order.flatMap { key in key.fields == nil ? oneReading(groups[key] ?? []) : merged(groups[key] ?? []) }
    }

    /// What records must have in common.
    private struct Key: Hashable {
        let reader: Accessor
        let purpose: String?
        let caseName: String?
        let basis: Basis
        let owner: String?
        let isSecret: Bool
        /// Nil: it tells of access records.
        let fields: [AccessedField]?

        init(_ record: AccessRecord) {
            reader = record.reader
            purpose = record.purpose
            caseName = record.caseName
            basis = record.basis
            owner = record.owner
            isSecret = record.isSecret
            if case .fields(let fields, _) = record.extent { self.fields = fields } else { fields = nil }
        }
    }

    private static func oneReading(_ records: [AccessRecord]) -> [AccessRecord] {
        let ranges = records.compactMap { record in
            if case .accessRecords(let range) = record.extent { range } else { nil }
        }
        guard let first = records.first, let low = ranges.map(\.lowerBound).min(),
            let high = ranges.map(\.upperBound).max()
        else { return [] }
        return [first.with(.accessRecords(low...high), spanning: records)]
    }

    private static func merged(_ records: [AccessRecord]) -> [AccessRecord] {
        guard let first = records.first, case .fields(let fields, _) = first.extent else { return [] }
        let given = records.flatMap { record -> [ClosedRange<Position>] in
            if case .fields(_, let ranges) = record.extent { ranges } else { [] }
        }
        let ranges = PositionRanges(given).ranges
        return stride(from: 0, to: max(1, ranges.count), by: maximumRanges).map { start in
            let part = ranges[start..<min(start + maximumRanges, ranges.count)]
            return first.with(.fields(fields, at: Array(part)), spanning: records)
        }
    }

    private func with(_ extent: Extent, spanning records: [AccessRecord]) -> AccessRecord {
        with(extent, from: records.map(\.from).min(), to: records.map(\.to).max())
    }

    /// The same record of something else; what is nil stays.
    func with(
        _ extent: Extent? = nil, isSecret: Bool? = nil, from: Timestamp? = nil, to: Timestamp? = nil
    ) -> AccessRecord {
        AccessRecord(
            reader: reader, purpose: purpose, caseName: caseName, basis: basis, owner: owner,
            isSecret: isSecret ?? self.isSecret, extent: extent ?? self.extent, from: from ?? self.from,
            to: to ?? self.to)
    }
}
