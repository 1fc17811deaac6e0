import EventLog

/// Why a command did not do what it was asked to, and the exit code that says so.
struct CommandFailure: Error {
    /// The exit codes, as `--help` lists them.
    enum Code: Int32 {
        case failed = 1
        case unsound = 2
        case refused = 3
        case notThere = 4
        case notNow = 5
    }

    let code: Code
    let reason: String
    /// The ledger's own word for it, if it is the ledger's.
    let logCode: LogError.Code?

    init(_ code: Code, _ reason: String) {
        self.code = code
        self.reason = reason
        logCode = nil
    }

    init(_ error: LogError) {
        reason = error.reason
        logCode = error.code
        code =
            switch error.code {
            case .invalidJSON, .invalidEvent, .invalidTag, .invalidAgency, .invalidQuery, .entryTooLarge,
                .limitExceeded, .idReused, .conditionFailed, .alreadyExists:
                .refused
            case .positionBeyondHead, .notALedger: .notThere
            case .inUse, .diskFull, .mapFull, .permissionDenied, .missingKey, .wrongKey, .busy: .notNow
            case .corrupted: .unsound
            default: .failed
            }
    }
}
