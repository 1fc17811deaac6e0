public import EventLog

/// What the charter says after some position: members, keys, powers, schemas, rules; at the time that is asked about.
///
/// A value: amending makes another one. What was said for the past stays, so the charter of today still knows the
/// agencies of 2016. Questions allocate nothing, but where they return lists.
public struct Charter: Sendable {
    /// The name of the ledger; part of everything signed.
    public let origin: String
    /// The position of the last charter event that counts.
    public internal(set) var position: Position = 0
    /// When that was recorded.
    public internal(set) var recorded: Timestamp

    var amendment: Timeline<AmendmentRule>
    var deadlines = Timeline(DisclosureDeadlines.default, effective: Self.beginning)
    var agencies = Register<Agency>()
    var officers = Register<Officer>()
    var keys = Register<AgencyKey>()
    var powers = Register<Power>()
    var sources = Register<SourceClaim>()
    var schemas = Register<RegisteredSchema>()
    var rules = Register<SharingRule>()
    var purposes = Register<Purpose>()
    var personalTags = Register<PersonalTagKind>()
    /// By agency and type or pattern, the ids of the powers that name them or did so once.
    var powersByType: [CharterPartName: [String]] = [:]
    /// By the URI of a schema, that of the one that replaces it.
    var successors: [CharterPartName: String] = [:]
    /// By public key, the id of the key.
    var keyIDs: [[UInt8]: String] = [:]

    /// Since when what the founders say holds: as far back as they say so.
    static let beginning = Timestamp(microseconds: .min)

    /// The charter that the founding event gives.
    ///
    /// - Parameters:
    ///   - origin: The name of the ledger.
    ///   - recorded: When the event was recorded.
    /// - Throws: ``ExchangeError``: `.malformedCharter` also if what it says does not fit together; `.unknownAgency`,
    ///   `.unknownPurpose`, `.unknownSchema` for names that it does not explain; `.unknownKey`, `.revokedKey`,
    ///   `.wrongSignature` for signatures, `.notEnoughSignatures` if not all founders have signed.
    public init(founding: CharterFounding, origin: String, recorded: Timestamp) throws(ExchangeError) {
        guard !origin.isEmpty, !origin.unicodeScalars.contains(where: { $0.properties.generalCategory == .control })
        else { throw ExchangeError(.malformedCharter, "The name of a ledger is not empty and one line.") }
        self.origin = origin
        self.recorded = recorded
        let rule = founding.amendmentRule
        amendment = Timeline(rule, effective: Self.beginning)
        try apply(founding.changes, effective: Self.beginning)
        let signers = try verify(
            founding.signatures, over: founding.signedText(origin: origin), at: recorded)
        let missing = rule.agencies.filter { !signers.contains(CharterPartName($0)) }
        guard missing.isEmpty else {
            throw ExchangeError(
                .notEnoughSignatures,
                "The founding charter is to be signed by all founders; not by \(missing.joined(separator: ", ")).",
                pointer: "/signatures")
        }
        try checkAmendable(at: recorded)
    }

    /// The charter after an amendment.
    ///
    /// - Parameters:
    ///   - position: Where the amendment stands in the log.
    ///   - recorded: When it was recorded.
    /// - Throws: ``ExchangeError``: `.staleAmendment` if the charter was changed since the amendment was drawn up;
    ///   `.actsBackwards` if it would take effect before it was recorded, or speaks of the past otherwise than before;
    ///   for signatures and names as ``init(founding:origin:recorded:)``, but with so many of the agencies that may
    ///   amend.
    /// - Complexity: O(*s* + *c*) in signatures (80 µs each) and changes, and a copy of the kinds that it changes.
    public func applying(
        _ amendment: CharterAmendment, position: Position, recorded: Timestamp
    ) throws(ExchangeError) -> Charter {
        guard amendment.basis == self.position, position > self.position else {
            throw ExchangeError(
                .staleAmendment,
                "The amendment was drawn up on the charter of position \(amendment.basis), and the last charter event "
                    + "stands at \(self.position): look at what has changed, and draw it up and sign it again.",
                pointer: "/basis")
        }
        let effective = amendment.effective ?? recorded
        guard effective >= recorded, recorded >= self.recorded else {
            throw ExchangeError(
                .actsBackwards,
                "The amendment would take effect at \(effective), before it is recorded (\(recorded)): give a later "
                    + "time, or none, so that it takes effect when it is recorded.",
                pointer: "/effective")
        }
        let rule = amendmentRule(at: recorded)
        let signers = try verify(amendment.signatures, over: amendment.signedText(origin: origin), at: recorded)
        let counted = rule.agencies.count { signers.contains(CharterPartName($0)) }
        guard counted >= rule.threshold else {
            throw ExchangeError(
                .notEnoughSignatures,
                "The amendment is signed by \(counted) of the agencies \(rule.agencies.joined(separator: ", ")); "
                    + "\(rule.threshold) must sign.",
                pointer: "/signatures")
        }
        var next = self
        try next.apply(amendment.changes, effective: effective)
        try next.checkAmendable(at: effective)
        next.position = position
        next.recorded = recorded
        return next
    }
}
