internal import EventLog
internal import JSON
public import Views

/// The rules of the port, by which whoever appends to its ledger is bound: docs/case-files.md.
public enum PortRules {
    /// All of them.
    public static let all: [Rule] = [
        permitBalance, oneRelease, guaranteeLimit, recognition, laboratory, competence, draw, sealChain, separation,
        charges, identifiers, reference, sequence, codes, boarding, arrivalRelease,
    ]

    /// The tag of an object that an event names in its data.
    static func tag(_ kind: String, of event: LedgerEvent) throws(RuleFault) -> Tag {
        try tag(kind, as: kind, of: event)
    }

    /// The tag of an object that a member of its data names.
    static func tag(_ member: String, as kind: String, of event: LedgerEvent) throws(RuleFault) -> Tag {
        guard let value = event.data?[member]?.string, let tag = try? Tag(kind: kind, value: value) else {
            throw RuleFault("It names no \(member).")
        }
        return tag
    }

    /// The day of a step at +08:00, `2026-03-01`: of the time it says, else of that at which it is recorded.
    static func day(_ step: CaseStep) -> String { day(of: step.moment.at) }

    /// The day of a time at +08:00.
    static func day(of time: Timestamp) -> String {
        Timestamp(microseconds: time.microseconds + eightHours).description.prefix(10).description
    }

    private static let eightHours: Int64 = 8 * 3_600_000_000
}
