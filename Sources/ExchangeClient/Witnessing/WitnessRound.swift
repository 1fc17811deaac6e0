public import EventLog
public import Transparency

/// What became of one look at a ledger by a witness.
public struct WitnessRound: Sendable {
    /// What it came to.
    public enum Outcome: Sendable {
        /// The checkpoint was cosigned.
        case cosigned
        /// The ledger proposes less than was cosigned before, and has it still: there is nothing to do.
        case nothingNew
        /// The ledger shows another history, or lost some of it. Nothing was cosigned.
        ///
        /// The file holds both checkpoints; nil if it could not be written, and they are told in the reason.
        case contradiction(WitnessEvidence.Finding, file: String?, reason: String)
    }

    public let outcome: Outcome
    /// The size of the checkpoint that was looked at.
    public let size: Position
    /// In seconds since 1970.
    public let time: UInt64
    /// Why the ledger did not take the cosignature, if it did not.
    public let undelivered: ClientError?
    /// What other witnesses could not be asked for.
    public let unheard: [String]
}
