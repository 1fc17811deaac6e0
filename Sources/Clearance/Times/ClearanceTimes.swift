internal import EventLog
public import Exchange
internal import LMDB
public import Views

/// How long clearance took: sums of what release events say, of which every authority sees all.
public struct ClearanceTimes: Sendable {
    /// One sum.
    public struct Sum: Sendable, Hashable {
        /// Where the clock began.
        public enum Start: String, Sendable, Hashable {
            case arrival, lodgement
        }

        public let port: String
        /// Of the release, at +08:00: `2026-03`.
        public let month: String
        /// `import`, `export`, `special`, or `-`.
        public let flow: String
        public let start: Start
        /// How many releases came after the clock had begun, and how many seconds they took together.
        public internal(set) var count: Int64 = 0
        public internal(set) var seconds: Int64 = 0
        /// How many came before: pre-arrival processing.
        public internal(set) var early: Int64 = 0

        /// In seconds; nil if there is none.
        public var mean: Double? { count > 0 ? Double(seconds) / Double(count) : nil }
    }

    /// Where its sums are kept.
    public static let definition = ViewDefinition(
        name: "clearance-times", version: 1, query: Query(types: [CaseEvent.releaseCompleted.type]),
        map: { entry, facts in map(entry, &facts) })

    public let runner: ViewRunner

    /// Opens the view, and begins to bring it on.
    ///
    /// - Throws: ``ViewError``.
    public init(in keeper: ViewKeeper) throws(ViewError) {
        runner = try keeper.open(Self.definition)
    }

    /// The sums, by port and month.
    ///
    /// - Parameter port: Only those of this port.
    /// - Throws: ``ViewError`` with code `.exchange` if the reader is neither an authority nor an auditor.
    public func sums(of port: String? = nil, for reader: Reader) throws(ViewError) -> [Sum] {
        var sums: [Sum] = []
        let tallies = try runner.tallies(prefixedBy: port.map { Self.name($0) + " " } ?? "", for: reader)
        for (key, amount) in tallies {
            let parts = key.split(separator: " ").map(String.init)
            guard parts.count == 5, let start = Sum.Start(rawValue: parts[3]) else { continue }
            let new = Sum(port: parts[0], month: parts[1], flow: parts[2], start: start)
            let isLast = sums.last.map {
                ($0.port, $0.month, $0.flow, $0.start) == (new.port, new.month, new.flow, start)
            }
            if isLast != true { sums.append(new) }
            switch parts[4] {
            case "count": sums[sums.count - 1].count = amount
            case "seconds": sums[sums.count - 1].seconds = amount
            default: sums[sums.count - 1].early = amount
            }
        }
        return sums
    }

    private static let portPath = FieldPath("/port")
    private static let flowPath = FieldPath("/flow")
    private static let starts: [(Sum.Start, FieldPath)] = [
        (.arrival, FieldPath("/arrivedAt")), (.lodgement, FieldPath("/lodgedAt")),
    ]
    private static let portBytes = 64
    private static let offset: Int64 = 8 * 3_600_000_000

    private static func map(_ entry: borrowing ViewEntry, _ facts: inout FactSink) {
        let released = entry.attribute("time").flatMap { Timestamp($0) } ?? entry.recorded
        let month = Timestamp(microseconds: released.microseconds + offset).description.prefix(7)
        let group = "\(name(entry.string(portPath) ?? "-")) \(month) \(name(entry.string(flowPath) ?? "-"))"
        for (start, path) in starts {
            guard let began = entry.string(path).flatMap({ Timestamp($0) }) else { continue }
            let seconds = (released.microseconds - began.microseconds) / 1_000_000
            func add(_ amount: Int64, _ what: String) {
                facts.tally(amount, "\(group) \(start.rawValue) \(what)".utf8Span.span)
            }
            if began > released {
                add(1, "early")
            } else {
                add(1, "count")
                add(seconds, "seconds")
            }
        }
    }

    /// A name as it can stand in a key: without what would part it, and not too long.
    private static func name(_ text: String) -> String {
        let isPlain = text.utf8.allSatisfy { $0 > 0x20 } && !text.isEmpty && text.utf8.count <= portBytes
        return isPlain ? text : "?"
    }
}
