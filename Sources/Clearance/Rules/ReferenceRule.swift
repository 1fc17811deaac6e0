internal import EventLog
internal import JSON
public import Views

extension PortRules {
    /// What an event names is in the log (引用, S02): the hold that it lifts, the recognition that it revokes, the guarantee that
    /// it claims. Else nobody could fold it.
    public static let reference = Rule(
        name: "reference", version: 3, types: Reference.types,
        requirement:
            "An event that ends, answers or corrects another names one that is in the log; a correction is about all that the "
            + "corrected event is about.",
        reads: Reference.all.flatMap(\.reads).map { FieldPath("/" + $0) },
        looks: { event throws(RuleFault) in
            guard let reference = Reference.concerning(event) else { return nil }
            return try reference.scope(of: event)
        },
        initial: ReferenceHistory(),
        fold: { history, earlier in history.take(earlier) },
        requires: { history, event in
            Reference.concerning(event)?.finding(on: event, among: history.events) ?? .satisfied
        })
}

/// How an event of some type names an earlier one.
struct Reference: Sendable {
    /// By what it is found.
    enum Name: Sendable {
        /// A member holds the event's id.
        case id
        /// A member holds what the earlier one has in this member.
        case member(String)
    }

    let type: String
    /// The member by which the earlier event is named.
    let member: String
    let name: Name
    /// The types of what may be named; none: anything.
    let earlier: [String]
    /// Whether it must be of the same agency, or of one that has become it.
    let isOwn: Bool

    init(_ type: String, _ member: String, _ name: Name, of earlier: [String], isOwn: Bool = false) {
        self.type = "sanhu." + type
        self.member = member
        self.name = name
        self.earlier = earlier.map { "sanhu." + $0 }
        self.isOwn = isOwn
    }

    static let all: [Reference] = [
        Reference("hold.lifted", "hold", .id, of: ["hold.placed"], isOwn: true),
        Reference("risk.cleared", "flag", .id, of: ["risk.flagged"], isOwn: true),
        Reference("recognition.revoked", "recognition", .id, of: ["result.recognised"], isOwn: true),
        Reference("record.corrected", "event", .id, of: [], isOwn: true),
        Reference("guarantee.claimed", "guarantee", .member("guarantee"), of: ["guarantee.lodged"]),
        Reference("duty.paid", "guarantee", .member("guarantee"), of: ["guarantee.lodged"]),
        Reference("refund.decided", "refund", .member("refund"), of: ["refund.claimed"]),
        Reference("audit.completed", "audit", .member("audit"), of: ["audit.ordered"]),
        Reference("inspection.started", "orders", .member("order"), of: ["inspection.ordered"]),
        Reference("disposition.decided", "inspection", .member("inspection"), of: ["inspection.completed"]),
    ]
    static let types = Set(all.map(\.type))

    /// Types of events that are sealed as a whole: they are found only if they are asked for.
    private static let sealed = ["sanhu.risk.flagged", "sanhu.risk.cleared", "sanhu.intelligence.shared"]

    /// What fold and finding use of earlier events.
    var reads: [String] { if case .member(let name) = name { [name] } else { [] } }

    /// The reference of an event, if it names anything.
    static func concerning(_ event: LedgerEvent) -> Reference? {
        all.first { $0.type == event.type && event.data?[$0.member] != nil }
    }

    /// What it names: one, or several in an array.
    private func names(in event: LedgerEvent) -> [String] {
        event.text(member).map { [$0] } ?? event.texts(member)
    }

    func scope(of event: LedgerEvent) throws(RuleFault) -> Rule.Scope {
        guard let object = event.tags.first else {
            throw RuleFault("It names no object by which what it refers to could be found.")
        }
        let items = event.tags.flatMap { tag in
            let found = Query.Item(types: earlier, tags: [tag])
            return earlier.isEmpty ? [found, Query.Item(types: Self.sealed, tags: [tag])] : [found]
        }
        return Rule.Scope(object: object, query: Query(items))
    }

    func finding(on event: LedgerEvent, among earlier: [LedgerEvent]) -> Rule.Finding {
        for named in names(in: event) {
            let found = earlier.filter { isNamed($0, by: event, as: named) }
            if let first = found.first {
                guard isOwn else { continue }
                let own = found.filter { event.isOf($0.agency) }
                guard !own.isEmpty else {
                    return .broken(by: found, "\(named) is \(first.agency)'s: it says so itself.")
                }
                guard isCertain(own, event) else {
                    return .broken(by: own, "There are several \(named): name the source of one.")
                }
                let missing = missingTags(own, event)
                guard missing.isEmpty else {
                    return .broken(
                        by: own, "Tag it as what it corrects: " + missing.prefix(16).map(\.text).joined(separator: ", ")
                    )
                }
                continue
            }
            let kinds = self.earlier.map { $0.dropFirst("sanhu.".count) }.joined(separator: " or ")
            return .broken(
                against: [],
                remedy: "No \(kinds.isEmpty ? "event" : kinds) \(named.prefix(200)) about "
                    + "\(event.tags.first.map(\.text) ?? "it") is in the log: compare the name, or append that first.")
        }
        return .satisfied
    }

    /// Whether it is certain which of an agency's own events is meant: of several of one id, that of the source which says so.
    /// A clearing or lift that means nothing for certain changes nothing.
    private func isCertain(_ own: [LedgerEvent], _ event: LedgerEvent) -> Bool {
        guard case .id = name else { return true }
        let sources = own.map { [UInt8]($0.identity.source.utf8) }.unique
        return sources.count == 1 || sources.contains([UInt8](event.identity.source.utf8))
    }

    /// What a correction must be about and is not: else those who look at that object never learn of it. Tags that are blinded
    /// in the log cannot be compared.
    private func missingTags(_ corrected: [LedgerEvent], _ event: LedgerEvent) -> [Tag] {
        guard type == CaseEvent.recordCorrected.type else { return [] }
        let meant = corrected.filter { event.corrects($0.identity, of: $0.agency) }
        return meant.filter { !Self.sealed.contains($0.type) }.flatMap(\.tags)
            .filter { !$0.isOf(kind: "person") && !event.tags.contains($0) }.unique
    }

    private func isNamed(_ earlier: LedgerEvent, by event: LedgerEvent, as named: String) -> Bool {
        switch name {
        case .id:
            guard earlier.identity.id.isSame(as: named) else { return false }
            return event.text("source").map(earlier.identity.source.isSame) ?? true
        // An order without a number is known by the id of its event.
        case .member("order"): return (earlier.text("order") ?? earlier.identity.id).isSame(as: named)
        case .member(let name): return earlier.text(name).map(named.isSame) ?? false
        }
    }
}

/// What an event may name.
struct ReferenceHistory: Sendable {
    private(set) var events: [LedgerEvent] = []

    mutating func take(_ event: LedgerEvent) { events.append(event) }
}
