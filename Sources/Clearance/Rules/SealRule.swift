internal import EventLog
internal import JSON
public import Views

extension PortRules {
    /// Goods in transit pass the place where they are transshipped without another inspection if the seal that was affixed
    /// first is still there (S64).
    public static let sealChain = Rule(
        name: "seal-chain", version: 2, types: ["sanhu.equipment.moved"],
        requirement:
            "A container is transshipped directly while the seal that was affixed is unbroken and has the same number "
            + "wherever it was checked.",
        looks: { event throws(RuleFault) in
            guard event.text("move") == "transship", event.data?["direct"]?.bool == true else { return nil }
            return Rule.Scope(try tag("container", of: event), types: SealChain.types)
        },
        initial: SealChain(),
        fold: { chain, earlier in chain.take(earlier) },
        requires: { chain, event in chain.finding(on: event) })
}

/// The seals of a container, since the last was affixed: a state machine.
struct SealChain: Sendable {
    private static let moved = "sanhu.equipment.moved"
    static let types = ["sanhu.seal.recorded", moved]

    enum State: Sendable {
        case none
        case intact(number: String, since: LedgerEvent)
        case removed(LedgerEvent)
        case broken(LedgerEvent, by: LedgerEvent)
    }

    private(set) var state = State.none

    mutating func take(_ event: LedgerEvent) {
        guard event.type != Self.moved else { return takeMove(event) }
        guard let number = event.text("number") else { return }
        let isWhole = event.data?["intact"]?.bool ?? true
        switch (event.text("act"), state) {
        // A new chain begins where a seal is put on, unless it takes the place of one that was broken on the way.
        case ("affixed", .none), ("affixed", .removed): state = isWhole ? .intact(number: number, since: event) : .none
        case ("affixed", .intact(let old, let since)):
            if !old.isSame(as: number) { state = .broken(since, by: event) }
        case ("checked", .intact(let old, let since)):
            if !isWhole || !old.isSame(as: number) { state = .broken(since, by: event) }
        case ("removed", .intact), ("removed", .broken): state = .removed(event)
        default: break
        }
    }

    /// A move at which somebody looked at the seal.
    private mutating func takeMove(_ event: LedgerEvent) {
        guard case .intact(let number, let since) = state, !Self.isWhole(number, in: event) else { return }
        state = .broken(since, by: event)
    }

    private static func isWhole(_ number: String, in move: LedgerEvent) -> Bool {
        move.data?["sealIntact"]?.bool ?? true && move.text("seal").map(number.isSame) ?? true
    }

    func finding(on move: LedgerEvent) -> Rule.Finding {
        if case .intact(let number, let since) = state, !Self.isWhole(number, in: move) {
            return .broken(
                by: [since],
                "The move itself says that the seal is broken or another: hold it, and let it be inspected.")
        }
        return finding
    }

    private var finding: Rule.Finding {
        switch state {
        case .intact: .satisfied
        case .none: .broken(against: [], remedy: "No seal of the container is known: record the one that was affixed.")
        case .removed(let event): .broken(by: [event], "Its seal was removed: it is inspected where it is.")
        case .broken(let affixed, let by):
            .broken(
                by: [affixed, by],
                "Its seal was broken or changed: hold it, let it be inspected, and begin with a new seal once this one is removed."
            )
        }
    }
}
