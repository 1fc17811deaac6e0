internal import EventLog
internal import JSON

/// What clearance time is (整体通关时间): where its clock starts and stops, and what is left out. A policy of the kind `definition`
/// says it for the figure `clearance-time`, or for one flow: `clearance-time/export`.
struct ClearanceDefinition: Sendable, Hashable {
    var start: String
    var end: String
    /// `mode:…`, `kind:…`, `zone:…` as the declaration has them, or `perishable`; of others nothing is known.
    var exclusions: [String] = []

    private static let figure = "clearance-time"
    /// Exports are there before the ship: one that starts here and names no flow is not of them.
    private static let arrived = "sanhu.conveyance.arrived"

    /// The one in force: import from the arrival, export from the arrival at the yard, to the release.
    static func of(_ flow: String, on moment: Timestamp, at port: String, _ terms: FigureTerms) -> ClearanceDefinition {
        for policy in terms.inForce("definition", on: moment, at: port) {
            let said = policy.data["definitions"]?.elements ?? []
            let meant =
                said.first { $0["figure"]?.string == "\(figure)/\(flow)" }
                ?? said.first {
                    $0["figure"]?.string == figure && !(flow == "export" && $0["start"]?.string == arrived)
                }
            guard let meant, let start = meant["start"]?.string, let end = meant["end"]?.string else { continue }
            return ClearanceDefinition(
                start: start, end: end, exclusions: meant["exclusions"]?.elements.compactMap(\.string) ?? [])
        }
        return ClearanceDefinition(
            start: flow == "export" ? "sanhu.equipment.moved" : arrived,
            end: "sanhu.release.completed")
    }

    /// When the clock of a declaration started and stopped; nil if it is left out, or has not stopped.
    static func times(
        of story: FigureStory, _ terms: FigureTerms
    ) -> (start: Timestamp, end: Timestamp, port: String, flow: String)? {
        guard let release = story.first("release.completed") else { return nil }
        let (flow, port) = (story.flow, story.port)
        let definition = of(flow, on: release.moment, at: port, terms)
        guard !definition.excludes(story),
            let start = definition.start(of: story, terms), let end = story.moment(of: definition.end)
        else { return nil }
        return (start, end, port, flow)
    }

    private func start(of story: FigureStory, _ terms: FigureTerms) -> Timestamp? {
        switch start {
        case Self.arrived: terms.portArrival(of: story)
        case "sanhu.equipment.moved": terms.yardArrival(of: story)
        default: story.moment(of: start)
        }
    }

    private func excludes(_ story: FigureStory) -> Bool {
        guard let lodged = story.first("declaration.lodged") else { return false }
        return exclusions.contains { exclusion in
            if exclusion == "perishable" { return lodged.flag("perishable") == true }
            let parts = exclusion.split(separator: ":", maxSplits: 1).map(String.init)
            return parts.count == 2 && ["mode", "kind", "zone"].contains(parts[0]) && lodged.text(parts[0]) == parts[1]
        }
    }
}

extension FigureStory {
    /// When the first event of a type happened; the type with `sanhu.`.
    func moment(of type: String) -> Timestamp? {
        first(String(type.trimmingPrefix("sanhu."))).map(\.moment)
    }
}
