internal import EventLog
public import JSON
internal import Views

/// What is inspected, by whom together, and what is still to be decided (联合查验, S20–S22, S24, S26): of a declaration, a
/// conveyance or a container.
public struct InspectionBoard: Board {
    public static let kind = BoardKind.inspections

    /// Something that was found, with what was decided about it.
    public struct Finding: Sendable, Hashable {
        /// Its number; nil of a finding that has none.
        public let id: String?
        /// Who closed the inspection that found it.
        public let by: String
        public internal(set) var dispositions: [BoardStep] = []

        /// The agency that has still to decide: who found it, or whom it was handed over to.
        public var outstanding: String? {
            guard let last = dispositions.last(where: { $0.text("decision") == "hand-over" && $0.text("to") != nil })
            else { return dispositions.isEmpty ? by : nil }
            let to = last.text("to") ?? by
            return dispositions.contains { $0.position > last.position && $0.isOf(to) } ? nil : to
        }
    }

    /// An inspection, of one agency or of several.
    public struct Inspection: Sendable, Hashable {
        /// Its id; nil for one of an agency alone that has none.
        public let id: String?
        public internal(set) var notified: BoardStep?
        public internal(set) var started: BoardStep?
        /// One agency closes it, or each its own part.
        public internal(set) var completed: [BoardStep] = []
        public internal(set) var findings: [Finding] = []

        private var said: [BoardStep] { [notified, started].compactMap(\.self) + completed }
        /// Who takes part: as was said last.
        public var participants: [String] {
            said.last { !$0.texts("participants").isEmpty }?.texts("participants")
                ?? Array(Set(said.map(\.agency))).sorted()
        }
        public var convenor: String? { said.last { $0.text("convenor") != nil }?.text("convenor") }
        public var orders: [String] { said.reduce(into: []) { all, step in all.add(step.texts("orders")) } }
        /// What was opened, each once.
        public var opened: [String] { said.reduce(into: []) { all, step in all.add(step.texts("opened")) } }
        public var port: String? { said.lazy.compactMap { $0.text("port") }.first }
        /// Whether it was begun or closed.
        public var isCarriedOut: Bool { started != nil || !completed.isEmpty }

        /// Whether it carries out an order: one that it names, or, if it names none, any of an agency that takes part that was
        /// given before.
        func means(_ order: BoardStep) -> Bool {
            let isTheirs = participants.contains(order.agency) || said.contains { $0.isOf(order.agency) }
            let names = orders
            guard !names.isEmpty || long.contains("orders") else {
                return isTheirs && said.contains { $0.position > order.position }
            }
            return isTheirs && names.contains(where: order.orderName.isSame)
        }

        /// Whether it is one of several agencies.
        public var isJoint: Bool { participants.count > 1 || long.contains("participants") }
        /// What is too long for a board: participants, orders, what was opened.
        public var long: [String] {
            ["participants", "orders", "opened"].filter { name in said.contains { $0.isLong(name) } }
        }
    }

    public let object: String
    public private(set) var orders: [BoardStep] = []
    public private(set) var inspections: [Inspection] = []
    /// Those that name no finding that is known.
    public private(set) var otherDispositions: [BoardStep] = []
    private let time: BoardTime

    public init(object: String, at time: BoardTime) {
        self.object = object
        self.time = time
    }

    public var isEmpty: Bool { orders.isEmpty && inspections.isEmpty && otherDispositions.isEmpty }

    public mutating func take(_ step: BoardStep) {
        switch step.type {
        case "inspection.ordered": order(step)
        case "inspection.notified": inspections[index(of: step)].notified = step
        case "inspection.started": inspections[index(of: step)].started = step
        case "inspection.completed": complete(step)
        case "disposition.decided": dispose(step)
        default: break
        }
    }

    /// An order of a number takes the place of its agency's earlier one of that number.
    private mutating func order(_ step: BoardStep) {
        if let number = step.text("order") {
            orders.removeAll { $0.text("order")?.isSame(as: number) ?? false && step.isOf($0.agency) }
        }
        orders.append(step)
    }

    private mutating func index(of step: BoardStep) -> Int {
        let id = step.text("inspection")
        if let id, let known = inspections.firstIndex(where: { $0.id?.isSame(as: id) ?? false }) { return known }
        // What has no id belongs to what was notified for the same orders.
        let named = step.texts("orders")
        if id == nil, step.type != "inspection.notified",
            let known = inspections.lastIndex(where: { inspection in
                inspection.notified != nil && inspection.orders.contains { named.contains(where: $0.isSame) }
            })
        {
            return known
        }
        inspections.append(Inspection(id: id))
        return inspections.count - 1
    }

    private mutating func complete(_ step: BoardStep) {
        let index = index(of: step)
        inspections[index].completed.append(step)
        guard step.text("result") == "finding" else { return }
        let ids = step.texts("findingIds")
        for id in ids where !inspections[index].findings.contains(where: { $0.id == id }) {
            inspections[index].findings.append(Finding(id: id, by: step.agency))
        }
        // A finding without a number is one all the same, and must be disposed of.
        if ids.isEmpty { inspections[index].findings.append(Finding(id: nil, by: step.agency)) }
    }

    private mutating func dispose(_ step: BoardStep) {
        let (inspection, finding) = (step.text("inspection"), step.text("finding"))
        var isKnown = false
        for index in inspections.indices where inspection == nil || inspections[index].id == inspection {
            for at in inspections[index].findings.indices where inspections[index].findings[at].id == finding {
                inspections[index].findings[at].dispositions.append(step)
                isKnown = true
            }
        }
        if !isKnown { otherDispositions.append(step) }
    }

    /// The inspection that is to carry out an order, or did; nil while there is none.
    public func inspection(of order: BoardStep) -> Inspection? {
        inspections.first { $0.isCarriedOut && $0.means(order) } ?? inspections.first { $0.means(order) }
    }

    /// Whether an order was carried out: an inspection for it was begun or closed.
    public func isCarriedOut(_ order: BoardStep) -> Bool { inspection(of: order)?.isCarriedOut ?? false }

    /// The orders that are still to be carried out.
    public var open: [BoardStep] { orders.filter { !$0.isCancelledOrder && !isCarriedOut($0) } }

    /// Whether two orders are open that should be one: of one agency, or of several without a common notice. What is excluded from
    /// joint inspection stands alone, and so does a check of documents.
    public var isOrderedTwice: Bool {
        let open = open.filter { $0.texts("exclusions").isEmpty && $0.text("kind") != "document" }
        return open.enumerated().contains { index, order in
            open[(index + 1)...].contains { other in
                other.agency == order.agency || !inspections.contains { $0.means(order) && $0.means(other) }
            }
        }
    }

    /// How often each container was opened: once for each inspection that did. One opening is the aim.
    public var openings: [(container: String, count: Int)] {
        let all = inspections.flatMap(\.opened)
        return Set(all).sorted().map { name in (name, all.count { $0 == name }) }
    }

    /// How often the conveyance was boarded: inspections of it that were begun or closed.
    public var boardings: Int {
        guard object.hasPrefix("conveyance:") else { return 0 }
        return inspections.count { $0.started != nil || !$0.completed.isEmpty }
    }

    /// How many findings are without a disposition. None should be.
    public var outstanding: Int { inspections.flatMap(\.findings).count { $0.outstanding != nil } }

    public func writeState(to writer: inout JSONWriter) {
        writer.list("orders", orders) { order, writer in
            writer.object { writer in
                order.write(
                    ["order", "kind", "containers", "from", "to", "exclusions", "method", "cause", "place", "port"],
                    to: &writer)
                writer.member("inspection", ifAny: inspection(of: order)?.id)
                writer.member("isCarriedOut", isCarriedOut(order))
                if order.isCancelledOrder { writer.member("isCancelled", true) }
            }
        }
        writer.list("inspections", inspections) { $0.write(to: &$1) }
        if !otherDispositions.isEmpty {
            writer.list("otherDispositions", otherDispositions) { $0.writeDisposition(to: &$1) }
        }
        writer.key("openings")
        writer.object { writer in for (container, count) in openings { writer.member(container, Int64(count)) } }
        if object.hasPrefix("conveyance:") { writer.member("boardings", Int64(boardings)) }
        writer.member("outstanding", Int64(outstanding))
    }
}

extension InspectionBoard.Inspection {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("inspection", ifAny: id)
            writer.member("isJoint", isJoint)
            writer.member("convenor", ifAny: convenor)
            writer.list("participants", participants)
            writer.list("orders", orders)
            notified?.write(fields: ["place", "at", "kinds"], to: &writer)
            writer.member("port", ifAny: port)
            notified?.moment.write("notified", to: &writer)
            started?.moment.write("started", to: &writer)
            writer.list("opened", opened)
            if !long.isEmpty { writer.list("long", long) }
            writer.list("completed", completed) { step, writer in
                writer.object { step.write(["result", "findings"], to: &$0) }
            }
            writer.list("findings", findings) { finding, writer in
                writer.object { writer in
                    writer.member("finding", ifAny: finding.id)
                    writer.list("dispositions", finding.dispositions) { $0.writeDisposition(to: &$1) }
                    writer.member("outstanding", ifAny: finding.outstanding)
                }
            }
        }
    }
}

extension BoardStep {
    /// By what an order is named: its number, else the id of its event.
    var orderName: String { text("order") ?? id }

    /// Whether it takes an order back.
    var isCancelledOrder: Bool { text("status").map(InspectionOrder.cancelled.contains) ?? false }

    fileprivate func writeDisposition(to writer: inout JSONWriter) {
        writer.object { write(["inspection", "finding", "matter", "decision", "to"], to: &$0) }
    }
}

extension [String] {
    /// Adds texts that are not there yet.
    fileprivate mutating func add(_ texts: [String]) { for text in texts { add(text) } }
}
