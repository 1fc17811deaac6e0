internal import EventLog
internal import JSON
public import Views

extension PortRules {
    /// What is released against a guarantee is within its limit (S61).
    public static let guaranteeLimit = Rule(
        name: "guarantee-limit", version: 1, types: ["sanhu.release.granted"],
        requirement: "What is released against a guarantee, and not paid yet, is never more than its limit.",
        looks: { event throws(RuleFault) in
            guard event.text("condition") == "guarantee" else { return nil }
            return Rule.Scope(try tag("guarantee", of: event), types: GuaranteeAccount.types)
        },
        initial: GuaranteeAccount(),
        fold: { account, earlier in account.take(earlier) },
        requires: { account, event in account.finding(on: event) })
}

/// What a guarantee covers, and what stands against it.
struct GuaranteeAccount: Sendable {
    static let types = [
        "sanhu.guarantee.lodged", "sanhu.guarantee.claimed", "sanhu.release.granted", "sanhu.duty.paid",
    ]

    private(set) var lodged: LedgerEvent?
    /// What declarations were released against it, in the order of releases.
    private(set) var draws: [Draw] = []

    struct Draw: Sendable {
        let declaration: String
        let secured: Money?
        let position: Position
    }

    /// What is secured by it; nil if that is not in the limit's currency, or not known.
    func outstanding(in currency: String) -> Int128? {
        draws.reduce(0) { (sum: Int128?, draw) in
            guard let sum, let secured = draw.secured, secured.currency == currency else { return nil }
            return sum + secured.amount
        }
    }

    mutating func take(_ event: LedgerEvent) {
        switch event.type {
        case "sanhu.guarantee.lodged":
            // Whoever lodged it may change it; another's event of the same name changes nothing.
            if lodged.map({ event.isOf($0.agency) }) ?? true { lodged = event }
        case "sanhu.release.granted":
            guard event.text("condition") == "guarantee" else { return }
            draws.append(
                Draw(
                    declaration: event.text("declaration") ?? "", secured: Money(event.data?["secured"]),
                    position: event.position))
        case "sanhu.duty.paid":
            guard let declaration = event.text("declaration") else { return }
            draws.removeAll { $0.declaration.isSame(as: declaration) }
        // What was claimed stays used up.
        default: break
        }
    }

    func finding(on event: LedgerEvent) -> Rule.Finding {
        let name = event.text("guarantee") ?? ""
        guard let secured = Money(event.data?["secured"]), secured.amount > 0 else {
            return .broken(against: [], remedy: "Give what is secured: an amount above 0 and its currency.")
        }
        guard let lodged, let limit = Money(lodged.data?["limit"]) else {
            return .broken(against: [], remedy: "No guarantee.lodged of \(name) with a limit is known.")
        }
        let day = event.day
        if let from = lodged.text("validFrom"), day < from {
            return .broken(by: [lodged], "The guarantee is valid from \(from); this is of \(day).")
        }
        if let until = lodged.text("validUntil"), day > until {
            return .broken(by: [lodged], "The guarantee was valid until \(until); this is of \(day).")
        }
        let against = [lodged.position] + draws.map(\.position)
        guard secured.currency == limit.currency, let outstanding = outstanding(in: limit.currency) else {
            return .broken(against: against, remedy: "The guarantee is in \(limit.currency): secure in that.")
        }
        guard outstanding + secured.amount > limit.amount else { return .satisfied }
        let left = Money(max(0, limit.amount - outstanding), limit.currency)
        return .broken(
            against: against,
            remedy:
                "At most \(left.text) is left of \(limit.text): wait until duty is paid, or lodge another guarantee.")
    }
}
