internal import EventLog

extension ExchangeLedger {
    /// Carries out what the log's fences order, as far as it has not been done: destroys keys, rotates the wrapping key,
    /// removes rows. May be repeated until it succeeds.
    ///
    /// - Parameter progress: Gets how many entries of how many have been searched for rows.
    /// - Returns: How many rows were removed.
    /// - Complexity: O(1) if all is done; else O(*k* + *d*) in the keys and in the disclosures before the last fence.
    @discardableResult
    func carryOutErasures(progress: (Position, Position) -> Void = { _, _ in }) throws(ExchangeError) -> Int {
        let last = try current { state throws(ExchangeError) in state.erasures.fences.last }
        guard let last else { return 0 }
        try keys.finishErasure(last.fence)
        let mark = try ExchangeError.wrapping { () throws(LogError) in try log.cutMark }
        guard mark < last.fence.number else { return 0 }
        // Not only those of the last fence: a log that was restored from a snapshot may have rows of all of them.
        let numbers = try keys.destroyedNumbers(after: mark)
        let places = try rows(sealedUnder: numbers, before: last.position, progress)
        try remove(places, noting: last.fence.number)
        return places.count
    }

    /// Where the rows lie that were sealed under some keys and are still whole. No index leads there: one would say, for
    /// as long as it is there, which entries are about whom.
    private func rows(
        sealedUnder numbers: Set<UInt64>, before end: Position, _ progress: (Position, Position) -> Void
    ) throws(ExchangeError) -> [DisclosurePlace] {
        var places: [DisclosurePlace] = []
        guard !numbers.isEmpty else { return places }
        let mask = keys.mask
        try ExchangeError.wrapping { () throws(LogError) in
            try log.scanDisclosures(before: end) { place, row in
                if place.ordinal == 0, place.position % 4_096 == 0 { progress(place.position, end) }
                guard row.count > SealedRow.headerBytes, let number = SealedRow.keyNumber(row, mask),
                    numbers.contains(number)
                else { return }
                places.append(place)
            }
        }
        progress(end, end)
        return places
    }

    /// Cuts rows down to their headers, which say whose key they were sealed under, and notes that all are done.
    private func remove(_ places: [DisclosurePlace], noting fence: UInt64) throws(ExchangeError) {
        var rest = places[...]
        repeat {
            let batch = rest.prefix(probe.rowsPerCommit)
            rest = rest.dropFirst(batch.count)
            let mark = rest.isEmpty ? fence : nil
            try ExchangeError.wrapping { () throws(LogError) in
                try log.cutDisclosures(at: Array(batch), keeping: SealedRow.headerBytes, mark: mark)
            }
            try probe.reached(rest.isEmpty ? .marked : .rowsRemoved)
        } while !rest.isEmpty
    }
}
