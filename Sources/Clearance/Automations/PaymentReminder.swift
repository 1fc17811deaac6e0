internal import EventLog
internal import JSON
public import Views

extension PortAutomations {
    /// Reminds of bills that are not paid when they are due (先放后税, S61).
    public static let paymentReminder = Automation(
        name: "payment-reminder", version: 2, query: Query(types: PaymentReminder.types), kinds: ["declaration"],
        agency: window,
        fold: { (payments: inout PaymentReminder, event) in payments.take(event) },
        react: { payments, object, _ in payments.reactions(object) })
}

/// The bills of a declaration, and who is to pay.
struct PaymentReminder: AutomationState {
    private static let claimed = "sanhu.guarantee.claimed"
    static let types: [String] =
        [
            CaseEvent.declarationLodged, .declarationWithdrawn, .dutyAssessed, .dutyPaid, .guaranteeLodged,
            .recordCorrected,
        ].map(\.type) + [claimed]

    struct Bill: Sendable {
        /// Its number; empty if it has none.
        let number: String
        let cause: Cause
        let due: Timestamp
        /// What settled it: payments and claims, the bill's own correction, the declaration's withdrawal.
        var settled: [Cause] = []

        var isSettled: Bool { !settled.isEmpty }
    }

    /// What was settled before it was assessed.
    private struct Early: Sendable {
        let number: String
        let cause: Cause
    }

    private(set) var bills: [Bill] = []
    private var early: [Early] = []
    private var declarant: Declarant?
    private var guarantors: [String] = []
    /// Bills that the last event changed. It is not kept.
    private var changed: Set<Int> = []

    init() {}

    mutating func take(_ event: LedgerEvent) {
        changed = []
        switch event.type {
        case CaseEvent.declarationLodged.type: declarant = declarant ?? Declarant(event)
        case CaseEvent.guaranteeLodged.type: guarantors = (guarantors + [event.agency]).unique
        case CaseEvent.dutyAssessed.type: assess(event)
        case CaseEvent.dutyPaid.type: settle(event.text("bill").map { [$0] } ?? [], by: event)
        case CaseEvent.declarationWithdrawn.type: if event.isWithdrawal { settle([], by: event) }
        case Self.claimed: settle(event.texts("bills"), by: event)
        default: correct(event)
        }
    }

    /// A bill that was corrected is not to be paid; a payment that was corrected was none.
    private mutating func correct(_ event: LedgerEvent) {
        func isMeant(_ cause: Cause) -> Bool { event.corrects(cause.identity, of: cause.agency) }
        early.removeAll { isMeant($0.cause) }
        for index in bills.indices {
            if bills[index].settled.contains(where: isMeant) {
                bills[index].settled.removeAll(where: isMeant)
                changed.insert(index)
            }
            if isMeant(bills[index].cause) { settle(at: index, by: event) }
        }
    }

    private mutating func assess(_ event: LedgerEvent) {
        guard event.text("stage") != "payment-reminded", let due = Self.due(event.text("dueDate")) else { return }
        var bill = Bill(number: event.text("bill") ?? "", cause: Cause(event), due: due)
        if let index = early.firstIndex(where: { bill.number.isSame(as: $0.number) }) {
            bill.settled = [early.remove(at: index).cause]
        }
        if let index = bills.firstIndex(where: { $0.number.isSame(as: bill.number) }) {
            bills[index] = bill
            changed.insert(index)
        } else {
            changed.insert(bills.count)
            bills.append(bill)
        }
    }

    /// When a day is over, at +08:00.
    static func due(_ day: String?) -> Timestamp? {
        day.flatMap { Timestamp("\($0)T00:00:00+08:00") }?.adding(minutes: 1_440)
    }

    /// Settles some bills, or all if none is named.
    private mutating func settle(_ numbers: [String], by event: LedgerEvent) {
        for index in bills.indices where numbers.isEmpty || numbers.contains(where: bills[index].number.isSame) {
            settle(at: index, by: event)
        }
        early += numbers.filter { number in !bills.contains { $0.number.isSame(as: number) } }
            .map { Early(number: $0, cause: Cause(event)) }
    }

    private mutating func settle(at index: Int, by event: LedgerEvent) {
        bills[index].settled.append(Cause(event))
        changed.insert(index)
    }

    func reactions(_ object: Tag) -> [Automation.Reaction] {
        changed.sorted().map { index in
            let bill = bills[index]
            let name = "bill \(index)"
            guard !bill.isSettled else { return .cancel(name: name) }
            let notice = Notice(
                id: "D\(bill.cause.position)", cause: bill.cause, outcome: "overdue",
                declaration: String(object.value),
                recipients: [declarant?.agency ?? Declarant.usual] + guarantors,
                enterprises: declarant?.enterprises ?? [])
            return .schedule(name: name, at: bill.due, notice.appending)
        }
    }

    init?(_ stored: JSONValue) {
        declarant = Declarant(stored["declarant"])
        guarantors = stored.texts("guarantors")
        for settled in stored["early"]?.elements ?? [] {
            guard let number = settled.text("number"), let cause = Cause(settled["cause"]) else { return nil }
            early.append(Early(number: number, cause: cause))
        }
        for bill in stored["bills"]?.elements ?? [] {
            guard let number = bill.text("number"), let cause = Cause(bill["cause"]), let due = bill.time("due") else {
                return nil
            }
            let settled = (bill["settled"]?.elements ?? []).compactMap { Cause($0) }
            bills.append(Bill(number: number, cause: cause, due: due, settled: settled))
        }
    }

    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            if let declarant {
                writer.key("declarant")
                declarant.write(to: &writer)
            }
            writer.list("guarantors", guarantors)
            writer.list("early", early) { settled, writer in
                writer.object { writer in
                    writer.member("number", settled.number)
                    writer.key("cause")
                    settled.cause.write(to: &writer)
                }
            }
            writer.list("bills", bills) { bill, writer in
                writer.object { writer in
                    writer.member("number", bill.number)
                    writer.key("cause")
                    bill.cause.write(to: &writer)
                    writer.member("due", ifAny: bill.due)
                    writer.list("settled", bill.settled) { cause, writer in cause.write(to: &writer) }
                }
            }
        }
    }
}
