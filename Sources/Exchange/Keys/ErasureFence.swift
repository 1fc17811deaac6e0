/// The mark in the log behind which a subject is erased: an event that carries this number.
public struct ErasureFence: Hashable, Sendable {
    /// 1, 2, 3 … in the order of the log.
    public let number: UInt64
    /// The subject, blinded under a secret of the key store.
    public let subject: [UInt8]

    init(number: UInt64, subject: [UInt8]) {
        self.number = number
        self.subject = subject
    }
}

/// What a key store knows of fences, and what that means beside what the log knows.
///
/// An erasure is noted here, then its fence is appended to the log, then keys are destroyed and the fence counts as
/// seen. So a store that neither saw nor noted the last fence of the log is an old copy.
struct FenceState: Hashable, Sendable {
    /// The number of the last fence whose keys have been destroyed.
    var seen: UInt64 = 0
    /// The erasure that was begun and not finished.
    var noted: ErasureFence?

    enum Judgement: Hashable, Sendable {
        /// The store is up to date.
        case current
        /// The fence of the noted erasure never came into the log: nothing has been erased.
        case forget
        /// The fence of the noted erasure is in the log: the keys must go.
        case finish(ErasureFence)
        /// There are fences in the log that the store knows nothing of.
        case stale
    }

    /// - Parameter log: The number of the last fence in the log; 0 if there is none.
    func judge(log: UInt64) -> Judgement {
        if let noted {
            if log == noted.number { return .finish(noted) }
            return log < noted.number ? .forget : .stale
        }
        return log > seen ? .stale : .current
    }

    /// The fence that comes next.
    func next(log: UInt64, subject: [UInt8]) -> ErasureFence {
        ErasureFence(number: max(seen, log) + 1, subject: subject)
    }
}
