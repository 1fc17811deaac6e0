public import EventLog

/// What is true at a time, of some events that are known: those that had happened by then, without those that were taken back
/// since, each at its own time. See docs/replay.md.
public struct TrueAccount: Sendable, Hashable {
    /// Why an event counts otherwise for what is true at a time than for what was known at that time.
    public enum Cause: String, Sendable, Hashable, CaseIterable {
        /// It had happened, and was recorded later.
        case late
        /// It was recorded by then, and was taken back, whenever that was.
        case corrected
        /// It was recorded by then, and says that it happens later.
        case ahead
    }

    /// An event by which what is true and what was known then differ.
    public struct Deviation: Sendable, Hashable {
        public let position: Position
        public let cause: Cause
        /// The correction that took it back.
        public let by: Position?

        public init(position: Position, cause: Cause, by: Position?) {
            (self.position, self.cause, self.by) = (position, cause, by)
        }
    }

    public let time: Timestamp
    /// The positions of what counts, in the order of the times at which it happened; of one time in that of the log.
    public let positions: [Position]
    /// In the order of positions.
    public let deviations: [Deviation]
    private let places: [Position: Int]

    /// - Parameter events: What is known, in any order, each position once.
    /// - Complexity: O(*n* log *n*), and O(*n*) for each correction.
    package init(of events: [Happening], at time: Timestamp) {
        self.time = time
        let wrong = Self.corrected(events)
        let counted = events.filter { $0.occurred <= time && wrong[$0.position] == nil }
        positions = counted.sorted {
            ($0.occurred.microseconds, $0.position) < ($1.occurred.microseconds, $1.position)
        }.map(\.position)
        places = Dictionary(uniqueKeysWithValues: positions.enumerated().map { ($1, $0) })
        deviations = events.sorted { $0.position < $1.position }.compactMap { event in
            let (wasKnown, by) = (event.recorded <= time, wrong[event.position])
            if wasKnown, event.occurred > time {
                return Deviation(position: event.position, cause: .ahead, by: nil)
            }
            guard event.occurred <= time else { return nil }
            // What was recorded late and is wrong was never known then, and is not true.
            if let by { return wasKnown ? Deviation(position: event.position, cause: .corrected, by: by) : nil }
            return wasKnown ? nil : Deviation(position: event.position, cause: .late, by: nil)
        }
    }

    /// Whether an event counts.
    public func counts(_ position: Position) -> Bool { places[position] != nil }

    /// What counts of some things that happened, in the order of their times.
    package func ordered<Element>(_ all: [Element], by position: (Element) -> Position) -> [Element] {
        all.enumerated().compactMap { index, element in
            places[position(element)].map { (place: $0, index: index, element: element) }
        }.sorted { ($0.place, $0.index) < ($1.place, $1.index) }.map(\.element)
    }

    /// Which events were taken back, and by which: the last word on each counts. A correction that was taken back itself takes
    /// nothing back; what is not certain counts as none, as in case files.
    private static func corrected(_ events: [Happening]) -> [Position: Position] {
        var wrong: [Position: Position] = [:]
        let corrections = events.filter { $0.corrects != nil }.sorted { $0.position > $1.position }
        for correction in corrections where wrong[correction.position] == nil {
            guard let named = correction.corrects else { continue }
            let earlier = events.filter { $0.position < correction.position }
            for event in meant(named, by: correction, among: earlier) where wrong[event.position] == nil {
                wrong[event.position] = correction.position
            }
        }
        return wrong
    }

    private static func meant(
        _ named: Happening.Corrected, by correction: Happening, among earlier: [Happening]
    ) -> [Happening] {
        if let source = named.source {
            let found = earlier.filter { $0.id.isSame(as: named.id) && correction.isOf($0.agency) }
            let same = found.filter { $0.source.isSame(as: source) }
            // Of many events a view does not keep the source: one alone of that id is meant.
            return same.isEmpty && found.count == 1 ? found.filter(\.source.isEmpty) : same
        }
        let own = correction.source.isEmpty ? nil : correction.source
        return earlier.indices(named: named.id, in: nil, by: own, of: correction.isOf).map { earlier[$0] }
    }
}
