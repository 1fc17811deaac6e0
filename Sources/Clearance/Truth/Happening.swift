package import EventLog
internal import Views

/// An event as it counts for what was true at a time: when it happened, and what it takes back.
package struct Happening: Sendable, Hashable, NamedByOthers {
    package let position: Position
    package let recorded: Timestamp
    /// When it happened: as the event says it, else when it was recorded.
    package let occurred: Timestamp
    package let id: String
    /// Empty if it is not known.
    package let source: String
    package let agency: String
    /// The agencies that had become that one, by mergers, when it was recorded.
    package let predecessors: [String]
    /// The event that it takes back, if it is a correction.
    package let corrects: Corrected?

    /// How a correction names the event that was wrong.
    package struct Corrected: Sendable, Hashable {
        package let id: String
        package let source: String?

        package init(id: String, source: String?) {
            (self.id, self.source) = (id, source)
        }
    }

    package init(
        position: Position, recorded: Timestamp, time: String?, id: String, source: String?, agency: String,
        predecessors: [String] = [], corrects: Corrected? = nil
    ) {
        self.position = position
        self.recorded = recorded
        occurred = time.flatMap { Timestamp($0) } ?? recorded
        self.id = id
        self.source = source ?? ""
        self.agency = agency
        self.predecessors = predecessors
        self.corrects = corrects
    }

    /// Whether it may take back what an agency said: its own, or that of one that has become it.
    func isOf(_ other: String) -> Bool { agency == other || predecessors.contains(other) }
}

extension Happening {
    init(_ step: CaseStep) {
        let wrong = step.event == .recordCorrected && !step.isLong("event") ? step.text("event") : nil
        self.init(
            position: step.position, recorded: step.recorded, time: step.time, id: step.id, source: step.source,
            agency: step.agency, predecessors: step.predecessors,
            corrects: wrong.map { Corrected(id: $0, source: step.text("source")) })
    }

    init(_ step: BoardStep) {
        let wrong = step.type == "record.corrected" ? step.text("event") : nil
        self.init(
            position: step.position, recorded: step.recorded, time: step.time, id: step.id, source: step.source,
            agency: step.agency, predecessors: step.predecessors,
            corrects: wrong.map { Corrected(id: $0, source: step.text("source")) })
    }

    init(_ step: FigureStep) {
        let wrong = step.type == "record.corrected" ? step.text("event") : nil
        self.init(
            position: step.position, recorded: step.recorded, time: step.moment.description, id: step.id, source: nil,
            agency: step.agency, predecessors: step.predecessors,
            corrects: wrong.map { Corrected(id: $0, source: nil) })
    }
}
