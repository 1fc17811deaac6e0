public import EventLog

extension ViewRunner {
    /// The entries that were skipped because they could not be mapped, by position.
    ///
    /// - Throws: ``ViewError``.
    public func parkedEntries() throws(ViewError) -> [ParkedEntry] {
        guard let (store, _) = snapshot else { throw ViewError(.closed, "The view \(definition.title) was closed.") }
        let skipped = Set(try store.skippedPositions())
        return try parkedStore.list(definition.title).filter { skipped.contains($0.position) }
    }

    /// Tries a parked entry again. By the writing thread.
    func retryNow(_ position: Position) throws(ViewError) -> Bool {
        guard let (store, meta) = snapshot, try store.skippedPositions().contains(position) else {
            try parkedStore.unpark([position], of: definition.title)
            throw ViewError(.notParked, "The view \(definition.title) has no parked entry at position \(position).")
        }
        defer { publish(store, meta) }
        return try folding.retry(store, meta, position)
    }

    /// Maps a parked entry again.
    ///
    /// - Returns: Whether it could be mapped, and is in the view now. If not, it is still parked, with one try more.
    /// - Throws: ``ViewError`` with code `.notParked` if there is none at that position.
    public func retry(_ position: Position) async throws(ViewError) -> Bool {
        try await perform { [self] () throws(ViewError) in try retryNow(position) }
    }
}
