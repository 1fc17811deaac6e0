public import EventLog

/// What went wrong in the exchange, to what, and what can be done.
///
/// Compare by ``code``; show ``description`` to a person. No value of a classified field ever stands in one.
public struct ExchangeError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kinds of failure. New ones may come, so a `switch` over them needs a default.
    public enum Code: String, Sendable, Hashable, CaseIterable {
        // The charter.
        case malformedCharter, notFounded, alreadyFounded, notEnoughSignatures, actsBackwards, staleAmendment
        case unknownAgency, unknownOfficer, unknownPurpose
        // Keys and signatures of agencies.
        case unknownKey, revokedKey, wrongSignature
        // Intake.
        case noPower, foreignSource, unknownSchema, schemaRefused, eventInvalid, reservedName, valueTooLarge
        case digestMismatch
        // Rules across events.
        case ruleBroken
        // Sharing.
        case notOwner, unknownRequest, unknownGrant, grantEnded, outsideRequest, caseClosed
        // Reading in pages.
        case ruleEnded, invalidCursor
        // The access log.
        case accessDenied, accessLogAltered
        // Erasure and keys.
        case subjectErased, unknownSubject, legalHold, unknownHold, staleKeys, keyMissing, keyDamaged
        // The ledger below, or what is around it.
        case log, limitExceeded, conflict
    }

    public let code: Code
    /// What happened, to what, and what to do, in sentences for a person.
    public let reason: String
    /// The path in the event or the charter that is concerned, or nil.
    public let pointer: String?
    /// What the log said, if it was the log that refused or failed.
    public let log: LogError?

    public init(_ code: Code, _ reason: String, pointer: String? = nil, log: LogError? = nil) {
        self.code = code
        self.reason = reason
        self.pointer = pointer
        self.log = log
    }

    /// What a failure of the log means for the exchange: a condition that is broken is a conflict.
    public init(_ error: LogError) {
        self.init(error.code == .conditionFailed ? .conflict : .log, error.reason, log: error)
    }

    public var description: String { "\(code.rawValue): \(reason)" }
}
