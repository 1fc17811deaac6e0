public import EventLog

extension Problem {
    /// What a refusal or failure of the log is to who asked over HTTP.
    public init(_ error: LogError) {
        let (status, title, retry): (Int, String, Retry) =
            switch error.code {
            case .invalidJSON: (400, "The text is not JSON that the ledger accepts", .never)
            case .invalidQuery, .invalidTag: (400, "A query or a tag is malformed", .never)
            case .invalidEvent, .invalidAgency: (422, "The event cannot be stored", .never)
            case .entryTooLarge: (413, "The event is too large", .never)
            case .limitExceeded: (422, "A limit is exceeded", .never)
            case .idReused: (409, "The id belongs to another event", .never)
            case .conditionFailed: (409, "A condition is broken", .reread)
            case .positionBeyondHead: (404, "The log has not come so far", .later)
            case .diskFull, .mapFull: (507, "There is no room", .later)
            case .busy: (503, "Too much is under way", .later)
            case .closed, .inUse: (503, "The ledger is closed", .later)
            default: (500, "The ledger failed", .later)
            }
        let conflicts = error.conflicts.map(Conflict.init)
        guard status == 500 else {
            self.init(
                status, error.code.rawValue, title, error.reason, retry: retry, conflicts: conflicts,
                retryAfter: status == 503 ? 1 : nil)
            return
        }
        // Files and paths are the operator's.
        self.init(
            500, error.code.rawValue, title, "The ledger failed; the operator's log says how. Try again later.",
            retry: .later, cause: error.reason)
    }
}

extension Problem.Conflict {
    init(_ conflict: AppendConflict) {
        switch conflict {
        case .condition(let index, let position): self.init(kind: "condition", index: index, position: position)
        case .idReused(let event, let position): self.init(kind: "idReused", index: event, position: position)
        case .idRepeated(let event, _): self.init(kind: "idRepeated", index: event, position: nil)
        case .beyondHead(let condition, let head): self.init(kind: "beyondHead", index: condition, position: head)
        case .tooLate: self.init(kind: "tooLate", index: nil, position: nil)
        }
    }
}
