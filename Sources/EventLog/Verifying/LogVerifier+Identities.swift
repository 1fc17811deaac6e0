internal import LMDB
internal import Transparency

extension LogVerifier {
    /// Confirms the ids that seem to stand in the log twice, and takes in those that there was no room for before.
    @available(*, noasync)
    mutating func verifyIdentities() throws(LogError) {
        while report.problems.count < VerificationReport.maximumProblems {
            let repeated = identities.repeated()
            if !repeated.isEmpty { try report(repeated) }
            guard identities.beginNextPass() else { return }
            try forEachEntry { (verifier, _, entry) in verifier.takeIdentity(of: entry) }
        }
    }

    /// Reads the ids of some hashes, and reports those that were there before.
    @available(*, noasync)
    private mutating func report(_ hashes: Set<UInt64>) throws(LogError) {
        var positions: [[UInt8]: Position] = [:]
        try forEachEntry { (verifier, position, entry) in
            guard let hash = verifier.form.identityHash(of: entry, verifier.identities.hasher),
                hashes.contains(hash), let identity = verifier.form.identity(of: entry)
            else { return }
            if let first = positions[identity] {
                verifier.report.add(
                    .entries, position,
                    "Its event has the source and id of the event at position \(first); both stand in a log once.")
            } else {
                positions[identity] = position
            }
        }
    }

    /// Goes through all entries that are ones once more, parsed; those that are none have been reported.
    @available(*, noasync)
    private mutating func forEachEntry(
        _ body: (inout LogVerifier, Position, Span<UInt8>) -> Void
    ) throws(LogError) {
        let reader = LogReader(store: store, index: nil)
        try reader.scan(from: 0, to: frontier.size) { (position, _, entry) throws(LogError) in
            if (try? form.parse(entry, at: position)) != nil { body(&self, position, entry) }
            return report.problems.count < VerificationReport.maximumProblems
        }
    }
}
