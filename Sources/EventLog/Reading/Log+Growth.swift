extension Log {
    /// Waits until the log has more entries than a number, is closed, or the task is cancelled. It carries no events: whoever
    /// wakes reads from where it was.
    ///
    /// - Returns: Whether there is or will be more to read; false once the log is closed.
    /// - Throws: ``LogError`` if a process that only reads cannot see whether the log has grown.
    package func waitForGrowth(beyond position: Position) async throws(LogError) -> Bool {
        following?.start()
        return try await signal.wait(above: position)
    }
}
