/// The orders to inspect an object that belong together: of a ship those of one call, of goods those up to the next inspection
/// that is closed; and the notices that came of them.
struct InspectionRound: Sendable {
    var orders: [FigureStep] = []
    var notices: [FigureStep] = []

    /// The rounds of a story, in their order; each has at least one order.
    static func rounds(of story: FigureStory) -> [InspectionRound] {
        var rounds: [InspectionRound] = []
        /// By the voyage, or "" of what names none, the round that is open.
        var open: [String: Int] = [:]
        for step in story.steps {
            let voyage = step.text("voyage") ?? ""
            switch step.type {
            case "inspection.ordered":
                if let number = open[voyage] {
                    rounds[number].orders.append(step)
                } else {
                    open[voyage] = rounds.count
                    rounds.append(InspectionRound(orders: [step]))
                }
            case "inspection.notified":
                let named = Set(step.texts("orders"))
                for number in rounds.indices where rounds[number].names(any: named) {
                    rounds[number].notices.append(step)
                }
            case "inspection.completed", "release.completed", "conveyance.departed":
                // What names no voyage ends what names none.
                open[voyage] = nil
            default: break
            }
        }
        return rounds
    }

    /// Whether any of its orders is meant, by its number or its event.
    private func names(any named: Set<String>) -> Bool {
        orders.contains { order in named.contains(order.id) || order.text("order").map(named.contains) ?? false }
    }
}
