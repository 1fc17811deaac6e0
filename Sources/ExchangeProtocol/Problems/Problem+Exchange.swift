public import Exchange
public import Views

extension Problem {
    /// What a refusal or failure of the exchange is to who asked over HTTP.
    public init(_ error: ExchangeError) {
        if let log = error.log, error.code == .log || error.code == .conflict {
            self.init(log)
            return
        }
        let (status, title, retry) = Self.kind(of: error.code)
        guard status != 500 else {
            self.init(
                500, error.code.rawValue, title, "The ledger failed; the operator's log says how. Try again later.",
                retry: .later, cause: error.reason)
            return
        }
        self.init(
            status, error.code.rawValue, title, error.reason, retry: retry, pointer: error.pointer,
            retryAfter: status == 503 ? 1 : nil)
    }

    private static func kind(of code: ExchangeError.Code) -> (Int, String, Retry) {
        switch code {
        case .noPower, .foreignSource, .unknownAgency, .notOwner, .accessDenied, .notEnoughSignatures:
            (403, "The agency may not do this", .never)
        case .unknownOfficer, .unknownPurpose: (403, "The claim is not the charter's", .never)
        case .malformedCharter, .actsBackwards, .schemaRefused: (422, "The charter cannot be so", .never)
        case .eventInvalid, .unknownSchema, .reservedName, .digestMismatch: (422, "The event is not valid", .never)
        case .unknownKey, .revokedKey, .wrongSignature: (422, "The signature does not hold", .never)
        case .valueTooLarge: (413, "A value is too large", .never)
        case .limitExceeded, .outsideRequest: (422, "A limit is exceeded", .never)
        case .ruleBroken: (409, "A rule is broken", .reread)
        case .alreadyFounded, .staleAmendment, .caseClosed, .legalHold:
            (409, "What is there stands against it", .reread)
        case .conflict: (409, "What it rests on changes too fast", .later)
        case .grantEnded, .ruleEnded: (409, "What the read relied on has ended", .reread)
        case .invalidCursor: (400, "The cursor is not of this read", .never)
        case .unknownRequest, .unknownGrant, .unknownSubject, .unknownHold, .notFounded:
            (404, "There is no such thing", .never)
        case .subjectErased: (410, "The subject was erased", .never)
        case .staleKeys, .keyMissing: (503, "The ledger's keys are not there", .later)
        default: (500, "The ledger failed", .later)
        }
    }

    /// What a refusal or failure of a view is to who asked over HTTP.
    public init(_ error: ViewError) {
        if let exchange = error.exchange {
            self.init(exchange)
            return
        }
        let (status, title, retry): (Int, String, Retry) =
            switch error.code {
            case .invalidName: (400, "The name is malformed", .never)
            case .limitExceeded: (422, "A limit is exceeded", .never)
            case .unknownView, .notParked: (404, "There is no such thing", .never)
            case .notReached: (409, "The view has not come so far", .later)
            case .closed, .alreadyOpen: (503, "The view is closed", .later)
            case .diskFull: (507, "There is no room", .later)
            default: (500, "The view failed", .later)
            }
        self.init(
            status, error.code.rawValue, title,
            status == 500 ? "The view failed; the operator's log says how. Try again later." : error.reason,
            retry: retry, retryAfter: status == 503 ? 1 : nil, cause: status == 500 ? error.reason : nil)
    }
}
