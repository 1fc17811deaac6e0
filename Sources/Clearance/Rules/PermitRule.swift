internal import EventLog
public import Views

extension PortRules {
    /// A permit is never overdrawn, and written off once for each item of a declaration. docs/case-files.md says what it asks
    /// of a write-off beside that.
    public static let permitBalance = Rule(
        name: "permit-balance", version: 1, types: [CaseEvent.permitWrittenOff.type],
        requirement:
            "A permit is written off while it is valid, up to the quantity it was issued for, and once for each "
            + "item of a declaration.",
        reads: PermitAccounts.fields.map { FieldPath("/" + $0) },
        looks: { event throws(RuleFault) in
            let permit = try tag("permit", of: event)
            let types = [CaseEvent.permitIssued, .permitWrittenOff, .recordCorrected].map(\.type)
            return Rule.Scope(permit, types: types)
        },
        initial: PermitAccounts(),
        fold: { accounts, earlier in accounts.take(earlier) },
        requires: { accounts, event in accounts.finding(on: event) })
}

/// What the rule on permits knows: in one query there is one permit, but others may be named beside it.
struct PermitAccounts: Sendable {
    static let fields = [
        "permit", "quantity", "unit", "validFrom", "validUntil", "declaration", "item", "event", "source",
    ]

    /// By their numbers, byte for byte.
    private var accounts: [[UInt8]: PermitAccount] = [:]

    mutating func take(_ event: LedgerEvent) {
        guard let step = CaseRecord(event, keeping: Self.fields.contains)?.step else { return }
        if let permit = step.text("permit") { accounts[Array(permit.utf8), default: PermitAccount()].take(step) }
    }

    func finding(on event: LedgerEvent) -> Rule.Finding {
        guard let step = CaseRecord(event)?.step, let permit = step.text("permit"),
            let declaration = step.text("declaration"), let item = step["item"].integer,
            let quantity = step["quantity"].integer, quantity > 0
        else { return .broken(against: [], remedy: "Give declaration, permit, item, and a quantity above 0.") }
        guard let account = accounts[Array(permit.utf8)], let issue = account.issue else {
            return .broken(
                against: [], remedy: "No permit.issued of \(permit) is known: its issuer must record it first.")
        }
        let rivals = account.rivals
        guard rivals.isEmpty else {
            return .broken(
                against: rivals.map(\.position),
                remedy:
                    "\(Set(rivals.map(\.agency)).sorted().joined(separator: " and ")) have all issued \(permit): those whose "
                    + "permit it is not must take that back by a record.corrected that names permit and event.")
        }
        if let counted = account.counted(declaration, item: item) {
            return .broken(
                against: [counted.position],
                remedy:
                    "Item \(item) of declaration \(declaration) is written off: \(counted.agency) may reverse that by a "
                    + "record.corrected that names permit, declaration and event.")
        }
        if let unit = account.text("unit"), let own = step.text("unit"), unit != own {
            return .broken(against: [issue.position], remedy: "The permit is in \(unit), not in \(own).")
        }
        let day = PortRules.day(step)
        if let from = account.text("validFrom"), day < from {
            return .broken(against: [issue.position], remedy: "The permit is valid from \(from); this is of \(day).")
        }
        if let until = account.text("validUntil"), day > until {
            return .broken(against: [issue.position], remedy: "The permit was valid until \(until); this is of \(day).")
        }
        guard let left = account.left, quantity > left else { return .satisfied }
        let counted = account.writeOffs.filter { $0.state == .counted }.map(\.position)
        return .broken(
            against: [issue.position] + counted, remedy: "At most \(max(0, left)) can be written off.")
    }
}
