internal import EventLog
internal import JSON
internal import Views

/// What a guarantee covers, and what stands against it.
struct GuaranteeAccount: Sendable, Hashable {
    static let types = [
        "sanhu.guarantee.lodged", "sanhu.guarantee.claimed", "sanhu.release.granted", "sanhu.duty.paid",
        CaseEvent.recordCorrected.type,
    ]

    private(set) var lodged: GuaranteeStep?
    /// The declarations for which it was lodged, and whether it was lodged without naming any: for all.
    private var declarations: Set<String> = []
    private var isGeneral = false
    /// What declarations were released against it, in the order of releases.
    private(set) var draws: [Draw] = []
    /// Those that were paid: they stand against it no more.
    private(set) var freed: [Draw] = []
    /// Of each declaration, the bills that were paid.
    private var paid: [String: Set<String>] = [:]
    /// All that it is made of, so that what is corrected can be left out of it.
    private var steps: [GuaranteeStep] = []

    struct Draw: Sendable, Hashable {
        let declaration: String
        let secured: Money?
        let bills: [String]
        let position: Position
    }

    /// What is secured by it; nil if that is not in the limit's currency, or not known.
    func outstanding(in currency: String) -> Int128? { Self.sum(of: draws, in: currency) }

    /// What some draws secure; nil if that is not in one currency, or not known.
    static func sum(of draws: [Draw], in currency: String) -> Int128? {
        draws.reduce(0) { (sum: Int128?, draw) in
            guard let sum, let secured = draw.secured, secured.currency == currency else { return nil }
            return sum + secured.amount
        }
    }

    /// What is left of the limit, never below zero; nil if that is not known.
    var left: Money? {
        guard let limit = lodged?.limit, let outstanding = outstanding(in: limit.currency) else { return nil }
        return Money(max(0, limit.amount - outstanding), limit.currency)
    }

    mutating func take(_ event: GuaranteeStep) {
        guard event.type != CaseEvent.recordCorrected.type else { return correct(event) }
        steps.append(event)
        fold(event)
    }

    /// What was corrected has not been: a release secures nothing, a payment frees nothing.
    private mutating func correct(_ event: GuaranteeStep) {
        let kept = steps.filter { !event.corrects($0) }
        guard kept.count < steps.count else { return }
        self = GuaranteeAccount()
        for step in kept { take(step) }
    }

    private mutating func fold(_ event: GuaranteeStep) {
        switch event.type {
        case "sanhu.guarantee.lodged":
            // Whoever lodged it may change it; another's event of the same name changes nothing.
            guard lodged.map({ event.isOf($0.agency) }) ?? true else { return }
            lodged = event
            if let declaration = event.declaration { declarations.insert(declaration) } else { isGeneral = true }
        case "sanhu.release.granted":
            guard event.condition == "guarantee" else { return }
            draws.append(
                Draw(
                    declaration: event.declaration ?? "", secured: event.secured, bills: event.bills,
                    position: event.position))
        case "sanhu.duty.paid":
            guard let declaration = event.declaration else { return }
            if let bill = event.bill { paid[declaration, default: []].insert(bill) }
            let bills = paid[declaration] ?? []
            // What is secured for several bills is freed when all are paid; a payment that names none pays all.
            let isFreed = { (draw: Draw) in
                draw.declaration.isSame(as: declaration) && (event.bill == nil || draw.bills.allSatisfy(bills.contains))
            }
            freed += draws.filter(isFreed)
            draws.removeAll(where: isFreed)
        // What was claimed stays used up.
        default: break
        }
    }

    func finding(on event: GuaranteeStep) -> Rule.Finding {
        let name = event.guarantee ?? ""
        guard let secured = event.secured, secured.amount > 0 else {
            return .broken(against: [], remedy: "Give what is secured: an amount above 0 and its currency.")
        }
        guard let lodged, let limit = lodged.limit else {
            return .broken(against: [], remedy: "No guarantee.lodged of \(name) with a limit is known.")
        }
        let day = event.day
        if let from = lodged.validFrom, day < from {
            return .broken(
                against: [lodged.position], remedy: "The guarantee is valid from \(from); this is of \(day).")
        }
        if let until = lodged.validUntil, day > until {
            return .broken(
                against: [lodged.position], remedy: "The guarantee was valid until \(until); this is of \(day).")
        }
        let declaration = event.declaration ?? ""
        guard isGeneral || declarations.contains(where: declaration.isSame) else {
            return .broken(
                against: [lodged.position],
                remedy: "It is lodged for other declarations: lodge it for \(declaration), or in general.")
        }
        let against = [lodged.position] + draws.map(\.position)
        guard secured.currency == limit.currency, let outstanding = outstanding(in: limit.currency) else {
            return .broken(against: against, remedy: "The guarantee is in \(limit.currency): secure in that.")
        }
        guard outstanding + secured.amount > limit.amount else { return .satisfied }
        let left = left ?? Money(0, limit.currency)
        return .broken(
            against: against,
            remedy:
                "At most \(left.text) is left of \(limit.text): wait until duty is paid, or lodge another guarantee.")
    }
}
