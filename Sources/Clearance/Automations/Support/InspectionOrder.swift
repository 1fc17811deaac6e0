internal import EventLog
internal import JSON
internal import Views

/// An order of inspection (查验指令), as rules and automations compare them.
struct InspectionOrder: Sendable, Hashable {
    /// What is never merged with anything (不适用联合查验): the schema's codes say why.
    static let infected = "infected-area"
    static let cancelled: Set<String> = ["cancelled", "canceled", "withdrawn", "revoked", "取消", "撤销"]

    /// By which notices, inspections and results name it: its number, else the id of its event.
    let name: String
    /// Whether it has a number, by which it can be changed.
    let isNumbered: Bool
    let cause: Cause
    /// The agencies that had become its agency.
    let predecessors: [String]
    /// The text of the tag of what is inspected: of a declaration, else a conveyance.
    let object: String?
    let kind: String?
    let containers: [String]
    /// The window; nil where it is open.
    let from: Timestamp?
    let to: Timestamp?
    let place: String?
    let port: String?
    let exclusions: [String]
    /// Whether this is said of an earlier order of that name: it is not to be carried out.
    let isCancelled: Bool

    var agency: String { cause.agency }
    /// A check of documents takes place nowhere.
    var isOfDocuments: Bool { kind == "document" }
    var isExcluded: Bool { !exclusions.isEmpty }

    /// - Returns: nil if it is no order.
    init?(_ event: LedgerEvent) {
        guard event.type == CaseEvent.inspectionOrdered.type else { return nil }
        name = event.text("order") ?? event.identity.id
        isNumbered = event.text("order") != nil
        cause = Cause(event)
        predecessors = event.predecessors
        object = (event.tag(ofKind: "declaration") ?? event.tag(ofKind: "conveyance"))?.text
        kind = event.text("kind")
        containers = event.texts("containers")
        (from, to) = (event.time("from"), event.time("to"))
        (place, port) = (event.text("place"), event.text("port"))
        exclusions = event.texts("exclusions")
        isCancelled = event.text("status").map(Self.cancelled.contains) ?? false
    }

    /// Whether another order of the same name takes its place: of the same agency, or of one that has become it.
    func isReplaced(by other: InspectionOrder) -> Bool {
        isNumbered && other.isNumbered && name.isSame(as: other.name)
            && (agency == other.agency || other.predecessors.contains(agency))
    }

    /// Whether it is of the agency of a notice, an inspection or a result, or of one that takes part.
    fileprivate func isTheirs(in event: LedgerEvent) -> Bool {
        event.isOf(agency) || event.texts("participants").contains(agency)
    }

    /// Whether a time is in its window.
    func isFor(_ time: Timestamp) -> Bool { from.map { $0 <= time } ?? true && to.map { time < $0 } ?? true }

    /// Whether two windows have a time in common.
    static func overlap(
        _ first: (from: Timestamp?, to: Timestamp?), _ second: (from: Timestamp?, to: Timestamp?)
    ) -> Bool {
        if let end = first.to, let start = second.from, start >= end { return false }
        if let end = second.to, let start = first.from, start >= end { return false }
        return true
    }

    init?(_ stored: JSONValue) {
        guard let name = stored.text("name"), let cause = Cause(stored["cause"]) else { return nil }
        self.name = name
        isNumbered = stored["numbered"]?.bool ?? false
        self.cause = cause
        predecessors = stored.texts("predecessors")
        object = stored.text("object")
        kind = stored.text("kind")
        containers = stored.texts("containers")
        (from, to) = (stored.time("from"), stored.time("to"))
        (place, port) = (stored.text("place"), stored.text("port"))
        exclusions = stored.texts("exclusions")
        isCancelled = false
    }

    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("name", name)
            writer.member("numbered", isNumbered)
            writer.key("cause")
            cause.write(to: &writer)
            writer.list("predecessors", ifAny: predecessors)
            writer.member("object", ifAny: object)
            writer.member("kind", ifAny: kind)
            writer.list("containers", ifAny: containers)
            writer.member("from", ifAny: from)
            writer.member("to", ifAny: to)
            writer.member("place", ifAny: place)
            writer.member("port", ifAny: port)
            writer.list("exclusions", ifAny: exclusions)
        }
    }
}

extension [InspectionOrder] {
    /// Those that a notice, an inspection or a result is about, by where they stand: it names them, or, if it names none, is of
    /// their agencies. Two agencies may count their orders alike: then those of the agencies that take part are meant.
    func meant(by event: LedgerEvent) -> Set<Position> {
        let names = event.texts("orders")
        let theirs = filter { $0.isTheirs(in: event) }
        guard !names.isEmpty else { return Set(theirs.map(\.cause.position)) }
        var meant: [InspectionOrder] = []
        for name in names.unique {
            let own = theirs.filter { $0.name.isSame(as: name) }
            let isOpenToOthers = own.isEmpty && event.texts("participants").isEmpty
            meant += isOpenToOthers ? filter { $0.name.isSame(as: name) } : own
        }
        return Set(meant.map(\.cause.position))
    }
}
