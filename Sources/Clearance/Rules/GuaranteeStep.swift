internal import EventLog
internal import JSON
internal import Views

/// What an event says of a guarantee: as the ledger has it, or as a reader may know it.
struct GuaranteeStep: Sendable, Hashable {
    let position: Position
    let source: String?
    let id: String
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
    /// The id of the event that it corrects, and its source if it says that.
    let corrected: String?
    let correctedSource: String?

    init(_ event: LedgerEvent) {
        (position, type, agency, predecessors) = (event.position, event.type, event.agency, event.predecessors)
        (source, id) = (event.identity.source, event.identity.id)
        day = event.day
        (guarantee, declaration) = (event.text("guarantee"), event.text("declaration"))
        (condition, bill, bills) = (event.text("condition"), event.text("bill"), event.texts("bills"))
        (validFrom, validUntil) = (event.text("validFrom"), event.text("validUntil"))
        (limit, secured) = (Money(event.data?["limit"]), Money(event.data?["secured"]))
        (corrected, correctedSource) = (event.text("event"), event.text("source"))
    }

    init(_ step: BoardStep) {
        (position, agency, predecessors) = (step.position, step.agency, step.predecessors)
        type = "sanhu." + step.type
        (source, id) = (step.source, step.id)
        day = step.day
        (guarantee, declaration) = (step.text("guarantee"), step.text("declaration"))
        (condition, bill, bills) = (step.text("condition"), step.text("bill"), step.texts("bills"))
        (validFrom, validUntil) = (step.text("validFrom"), step.text("validUntil"))
        (limit, secured) = (Money(step["limit"].value), Money(step["secured"].value))
        (corrected, correctedSource) = (step.text("event"), step.text("source"))
    }

    /// Whether its agency is another, or has become it.
    func isOf(_ other: String) -> Bool { agency == other || predecessors.contains(other) }

    /// Whether it corrects another: one of its own agency, or of one that has become it.
    func corrects(_ other: GuaranteeStep) -> Bool {
        guard type == CaseEvent.recordCorrected.type, isOf(other.agency), let corrected, corrected.isSame(as: other.id)
        else { return false }
        guard let correctedSource, let source = other.source else { return true }
        return correctedSource.isSame(as: source)
    }
}
