internal import EventLog
internal import JSON
public import Views

extension PortRules {
    /// What is released against a guarantee is within its limit (S61).
    public static let guaranteeLimit = Rule(
        name: "guarantee-limit", version: 3, types: ["sanhu.release.granted"],
        requirement:
            "What is released against a guarantee, and not paid yet, is never more than its limit; one that is lodged for "
            + "declarations is for no others.",
        looks: { event throws(RuleFault) in
            guard event.text("condition") == "guarantee" else { return nil }
            return Rule.Scope(try tag("guarantee", of: event), types: GuaranteeAccount.types)
        },
        initial: GuaranteeAccount(),
        fold: { account, earlier in account.take(GuaranteeStep(earlier)) },
        requires: { account, event in account.finding(on: GuaranteeStep(event)) })
}
