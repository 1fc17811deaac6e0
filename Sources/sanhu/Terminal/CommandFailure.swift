import Audit
import EventLog
import Exchange
import ExchangeClient
import ExchangeProtocol
import Snapshots
import Transparency
import Views
import Witnessing

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
    /// The ledger's or the snapshot's own word for it, if it is theirs.
    let word: String?

    init(_ code: Code, _ reason: String, word: String? = nil) {
        self.code = code
        self.reason = reason
        self.word = word
    }

    init(_ error: SnapshotError) {
        reason = error.reason
        word = error.code.rawValue
        code =
            switch error.code {
            case .notASnapshot, .cutShort, .changed, .wrongLedger, .tooLarge, .ledgerDamaged, .otherHistory: .unsound
            case .alreadyExists, .gap, .overlap, .older, .part, .olderFormat, .refused: .refused
            case .notFound: .notThere
            case .inUse, .wrongKey, .permissionDenied, .diskFull, .newerFormat: .notNow
            case .inputOutput: .failed
            }
    }

    init(_ error: ReadVerificationError) {
        reason = "What was read does not hold. \(error)"
        word = error.code.rawValue
        code = .unsound
    }

    init(_ error: ViewError) {
        if let exchange = error.exchange {
            self.init(exchange)
            return
        }
        let code: Code =
            switch error.code {
            case .invalidName, .limitExceeded: .refused
            case .notReached, .notParked, .unknownView: .notThere
            case .alreadyOpen, .closed, .diskFull, .permissionDenied: .notNow
            case .damaged: .unsound
            default: .failed
            }
        self.init(code, error.reason, word: error.code.rawValue)
    }

    init(_ error: ReplayError) {
        if let view = error.view {
            self.init(view)
            return
        }
        if let exchange = error.exchange {
            self.init(exchange)
            return
        }
        if let log = error.log {
            self.init(log)
            return
        }
        let code: Code =
            switch error.code {
            case .ahead, .notThere: .notThere
            case .malformed, .denied, .limitExceeded: .refused
            case .view, .exchange, .log: .failed
            }
        self.init(code, error.reason, word: error.code.rawValue)
    }

    init(_ error: ExchangeError) {
        reason = error.reason
        word = error.code.rawValue
        code =
            switch error.code {
            case .log: .failed
            case .notFounded, .unknownSubject, .unknownHold: .notThere
            case .keyMissing, .staleKeys: .notNow
            case .keyDamaged, .accessLogAltered: .unsound
            default: .refused
            }
    }

    init(_ error: ClientError) {
        reason = error.reason
        word = error.problem?.code ?? error.code.rawValue
        code =
            switch error.code {
            case .invalidSettings, .badState: .refused
            case .unreachable, .interrupted: .notNow
            case .untrusted: .refused
            case .malformedAnswer: .failed
            case .notVerified, .notWitnessed: .unsound
            case .refused:
                switch error.problem?.status ?? 0 {
                case 404: .notThere
                case 429, 503: .notNow
                case 500...: .failed
                default: .refused
                }
            }
    }

    init(_ fault: WitnessFault) {
        switch fault {
        case .failed(let error): self.init(error)
        case .refused(let refusal):
            let isUnsound = [.forked, .notProved, .wrongSignature].contains(refusal.code)
            let kept = refusal.evidence == nil ? "" : " Both checkpoints are kept in the witness's folder evidence/."
            self.init(isUnsound ? .unsound : .refused, refusal.reason + kept, word: refusal.code.rawValue)
        }
    }

    init(_ error: LogError) {
        reason = error.reason
        word = error.code.rawValue
        code =
            switch error.code {
            case .invalidJSON, .invalidEvent, .invalidTag, .invalidAgency, .invalidQuery, .entryTooLarge,
                .limitExceeded, .idReused, .conditionFailed, .alreadyExists:
                .refused
            case .positionBeyondHead, .notALedger: .notThere
            case .inUse, .diskFull, .mapFull, .permissionDenied, .missingKey, .wrongKey, .busy, .closed, .newerFormat:
                .notNow
            case .corrupted, .indexDamaged: .unsound
            default: .failed
            }
    }
}
