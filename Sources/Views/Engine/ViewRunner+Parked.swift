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

    /// Maps a parked entry again.
    ///
    /// - Returns: Whether it could be mapped, and is in the view now. If not, it is still parked, with one try more.
    /// - Throws: ``ViewError`` with code `.notParked` if there is none at that position.
    public func retry(_ position: Position) async throws(ViewError) -> Bool {
        try await perform { [self] () throws(ViewError) in try retryNow(position) }
    }
}
