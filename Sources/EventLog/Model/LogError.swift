/// What went wrong in the log, to what, and what can be done.
///
/// Compare by ``code``; show ``description`` to a person.
public struct LogError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kinds of failure. New ones may come, so a `switch` over them needs a default.
    public enum Code: String, Sendable, Hashable, CaseIterable {
        // What was handed in cannot be stored. Mend it; to try again as it is will not help.
        case invalidJSON, invalidEvent, invalidTag, invalidAgency, invalidQuery
        case entryTooLarge, limitExceeded
        // What was handed in contradicts what the log holds.
        case idReused, conditionFailed, positionBeyondHead
        // The folder or its files.
        case notALedger, newerFormat, alreadyExists, permissionDenied, inUse, corrupted, indexDamaged, wrongKey,
            missingKey
        // The machine. Mend the cause and try again: ids make that safe.
        case diskFull, mapFull, busy, closed, failed, inputOutput
    }

    /// What kind of failure it is.
    public let code: Code

    /// What happened, to what, and what to do, in sentences for a person.
    public let reason: String

    /// What broke an append: every failing condition and every reused id, in the order of the request.
    public let conflicts: [AppendConflict]

    public init(_ code: Code, _ reason: String, conflicts: [AppendConflict] = []) {
        self.code = code
        self.reason = reason
        self.conflicts = conflicts
    }

    /// Whether the same request may succeed later, unchanged.
    public var isRetryable: Bool {
        switch code {
        case .diskFull, .mapFull, .busy, .closed, .failed, .inputOutput, .inUse: true
        default: false
        }
    }

    public var description: String { "\(code.rawValue): \(reason)" }
}
