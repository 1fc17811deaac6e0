public import EventLog

extension ExchangeLedger {
    /// What the key store holds, without any key.
    ///
    /// - Complexity: O(*k*) in the keys.
    public func keyStatus() throws(ExchangeError) -> KeyStatus { try keys.status() }

    /// Wraps all keys anew under a new wrapping key and destroys the old one.
    ///
    /// - Complexity: O(*k*) in the keys, some microseconds each; appends and reads of what is sealed wait.
    public func rotateWrappingKey() throws(ExchangeError) { try keys.rotate() }

    /// Whether keys and log agree.
    ///
    /// - Throws: As ``KeyAudit/init(_:_:progress:)``.
    public func auditKeys(
        progress: (Position, Position) -> Void = { _, _ in }
    ) throws(ExchangeError) -> KeyAudit {
        try KeyAudit(log, keys, progress: progress)
    }
}
