internal import EventLog
internal import Glibc
internal import LMDB

/// Why a snapshot was not made, not accepted or not restored, and what can be done.
///
/// Compare by ``code``; show ``description`` to a person.
public struct SnapshotError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kinds of failure. New ones may come, so a `switch` over them needs a default.
    public enum Code: String, Hashable, Sendable, CaseIterable {
        // The file is not what was asked for.
        case notASnapshot, newerFormat, olderFormat, wrongLedger
        // The file is not as it was written.
        case cutShort, changed, tooLarge
        // What there is already is not what it goes on from.
        case gap, overlap, older, otherHistory, part
        // Where it was to go, or what it was to be made of.
        case alreadyExists, inUse, wrongKey, ledgerDamaged, refused
        // The machine. Mend the cause and try again.
        case notFound, permissionDenied, diskFull, inputOutput
    }

    /// What kind of failure it is.
    public let code: Code

    /// What happened, where, and what to do, in sentences for a person.
    public let reason: String

    public init(_ code: Code, _ reason: String) {
        self.code = code
        self.reason = reason
    }

    public var description: String { "\(code.rawValue): \(reason)" }

    /// What an error of the operating system means.
    init(errno code: Int32, _ operation: String) {
        switch code {
        case ENOSPC, EDQUOT, EFBIG:
            self.init(.diskFull, "The disk is full (\(operation)). Free some space and try again.")
        case EACCES, EPERM, EROFS:
            self.init(.permissionDenied, "No permission to \(operation). Check the owner and the mode.")
        case ENOENT, ENOTDIR:
            self.init(.notFound, "There is no such file or folder (\(operation)).")
        default:
            self.init(.inputOutput, "Could not \(operation): error \(code) of the operating system.")
        }
    }

    /// What a failure of an environment that is copied means here.
    init(_ error: LMDBError, _ operation: String) {
        let code: Code =
            switch error.code {
            case .diskFull, .mapFull: .diskFull
            case .permissionDenied: .permissionDenied
            case .alreadyOpen: .inUse
            case .corrupted, .notAnEnvironment, .panic: .ledgerDamaged
            default: .inputOutput
            }
        self.init(code, "Could not \(operation): \(error.message).")
    }

    /// What a failure of the log that is written or read means here.
    init(_ error: LogError, _ operation: String) {
        let code: Code =
            switch error.code {
            case .alreadyExists: .alreadyExists
            case .newerFormat: .newerFormat
            case .inUse: .inUse
            case .wrongKey: .wrongKey
            case .notALedger: .notFound
            case .permissionDenied: .permissionDenied
            case .diskFull, .mapFull: .diskFull
            case .corrupted: .ledgerDamaged
            default: .inputOutput
            }
        self.init(code, "Could not \(operation). \(error.reason)")
    }
}
