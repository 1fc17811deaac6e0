internal import EventLog

/// The views that come with the kit.
public enum StandardViews {
    /// How many events of each type were recorded on each day (UTC), of those that every authority sees: tallies whose keys
    /// are type, a space, and day.
    public static let counts = ViewDefinition(name: "counts", version: 1) { entry, facts in
        facts.tally(1, entry.type, entry.recordedDay)
    }

    /// What happened to each tag, when, by which agency; with the first of the fields that the schema marks, for those who may
    /// see it.
    public static let timeline = View(
        name: "timeline", version: 1, initial: { Timeline(object: $0) },
        map: { entry, facts in
            let field = entry.markedFields.first
            for index in 0..<entry.tagCount {
                facts.fact(about: entry.tag(at: index))
                if let field { facts.add(entry, field) }
            }
        }, fold: { (timeline: inout Timeline, fact) in timeline.steps.append(Timeline.Step(fact)) })

    /// The views by their names, with what shows them.
    static let all: [ViewDefinition] = [counts, timeline.definition]

    /// The view of a name; nil if there is none.
    public static func named(_ name: String) -> ViewDefinition? { all.first { $0.name == name } }

    /// The names of all.
    public static var names: [String] { all.map(\.name) }
}
