internal import EventLog

/// Tokens that were verified: a signature is looked at once.
///
/// What was found holds until the charter changes, or the time comes at which something in it begins or ends.
struct TokenCache {
    static let maximum = 8_192

    private struct Known {
        let caller: Caller
        let charter: Position
        let until: Timestamp
    }

    private var known: [String: Known] = [:]

    func caller(_ token: String, charter: Position, at now: Timestamp) -> Caller? {
        guard let known = known[token], known.charter == charter, now < known.until else { return nil }
        return known.caller
    }

    /// - Parameter until: When what was found must be looked at again.
    mutating func keep(_ caller: Caller, _ token: String, charter: Position, until: Timestamp) {
        if known.count >= Self.maximum { known.removeAll(keepingCapacity: true) }
        known[token] = Known(caller: caller, charter: charter, until: until)
    }

    mutating func removeAll() { known.removeAll() }
}
