internal import EventLog
internal import JSON
internal import Views

/// What an event says of a guarantee: as the ledger has it, or as a reader may know it.
struct GuaranteeStep: Sendable, Hashable {
    let position: Position
    let type: String
    let agency: String
    let predecessors: [String]
    /// The day it is of, at +08:00.
    let day: String
    let guarantee: String?
    let declaration: String?
    let condition: String?
    /// That which is paid.
    let bill: String?
    /// Those for which something is secured.
    let bills: [String]
    let validFrom: String?
    let validUntil: String?
    let limit: Money?
    let secured: Money?

    init(_ event: LedgerEvent) {
        (position, type, agency, predecessors) = (event.position, event.type, event.agency, event.predecessors)
        day = event.day
        (guarantee, declaration) = (event.text("guarantee"), event.text("declaration"))
        (condition, bill, bills) = (event.text("condition"), event.text("bill"), event.texts("bills"))
        (validFrom, validUntil) = (event.text("validFrom"), event.text("validUntil"))
        (limit, secured) = (Money(event.data?["limit"]), Money(event.data?["secured"]))
    }

    init(_ step: BoardStep) {
        (position, agency, predecessors) = (step.position, step.agency, step.predecessors)
        type = "sanhu." + step.type
        day = step.day
        (guarantee, declaration) = (step.text("guarantee"), step.text("declaration"))
        (condition, bill, bills) = (step.text("condition"), step.text("bill"), step.texts("bills"))
        (validFrom, validUntil) = (step.text("validFrom"), step.text("validUntil"))
        (limit, secured) = (Money(step["limit"].value), Money(step["secured"].value))
    }

    /// Whether its agency is another, or has become it.
    func isOf(_ other: String) -> Bool { agency == other || predecessors.contains(other) }
}
