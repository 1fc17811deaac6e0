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

    public init(_ code: Code, _ reason: String, pointer: String? = nil) {
        self.code = code
        self.reason = reason
        self.pointer = pointer
    }

    public var description: String { "\(code.rawValue): \(reason)" }
}
