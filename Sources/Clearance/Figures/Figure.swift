public import EventLog

/// A figure of the port's scoreboard: how samples are taken from the story of one object, and how they add up. See docs/figures.md.
public struct Figure: Sendable {
    /// How samples add up.
    public enum Form: String, Sendable {
        /// How many of them are a yes.
        case share
        /// How many there are.
        case count
        /// A sum over a sum.
        case ratio
        /// Number, mean, median, percentiles, least and most.
        case distribution
    }

    /// `K22`, or a part of it: `K22-agency`.
    public let code: String
    public let name: String
    /// In Chinese.
    public let chinese: String
    /// The systems that it shows: `S75`.
    public let systems: [String]
    /// Of the definition: whoever changes what it comes to gives it another.
    public let version: Int
    public let form: Form
    /// Of what is measured: `seconds`, `declarations`.
    public let unit: String
    /// Kinds of the objects that it looks at; nil for all.
    let objects: Set<String>?
    /// Beside month and port, by what samples are grouped.
    public let groups: [String]
    /// Kinds of policies that its values depend on.
    public let policies: [String]
    /// Whether its samples have a port.
    public let hasPort: Bool
    /// Whether it counts breaches of rules, which the ledger records sealed: who may not see them all is not told the figure.
    var isOfBreaches = false
    /// Takes samples from a story.
    let sample: @Sendable (_ story: FigureStory, _ terms: FigureTerms, _ samples: inout FigureSamples) -> Void

    init(
        _ code: String, _ name: String, _ chinese: String, _ systems: String, _ form: Form,
        unit: String = "declarations",
        of objects: Set<String>? = ["declaration"], by groups: [String] = [], policies: [String] = [],
        hasPort: Bool = true, version: Int = 1,
        sample: @escaping @Sendable (FigureStory, FigureTerms, inout FigureSamples) -> Void
    ) {
        (self.code, self.name, self.chinese, self.version) = (code, name, chinese, version)
        self.systems = systems.split(separator: " ").map(String.init)
        (self.form, self.unit, self.objects, self.groups) = (form, unit, objects, groups)
        (self.policies, self.hasPort, self.sample) = (policies, hasPort, sample)
    }
}

/// By what samples are grouped.
public struct FigureGroup: Sendable, Hashable, Comparable {
    /// At +08:00: `2026-03`.
    public let month: String
    /// `-` if there is none.
    public let port: String
    /// As ``Figure/groups`` names them.
    public let labels: [String]

    private var parts: [String] { [port, month] + labels }

    public static func < (left: FigureGroup, right: FigureGroup) -> Bool {
        left.parts.lexicographicallyPrecedes(right.parts) { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }
}

/// Which samples count: those of a port, and of a time.
public struct FigureSelection: Sendable, Hashable {
    public var port: String?
    /// Of the event that a sample is of; the end does not count.
    public var from: Timestamp?
    public var to: Timestamp?
    /// If given, only what had happened by then counts, as far as it is known: see docs/replay.md.
    public var trueAt: Timestamp?

    public init(port: String? = nil, from: Timestamp? = nil, to: Timestamp? = nil, trueAt: Timestamp? = nil) {
        (self.port, self.from, self.to, self.trueAt) = (port, from, to, trueAt)
    }
}

/// Takes the samples of one figure.
public struct FigureSamples: Sendable {
    private let selection: FigureSelection
    private let hasPort: Bool
    private(set) var measures: [FigureGroup: FigureMeasure] = [:]

    init(_ selection: FigureSelection, hasPort: Bool) {
        (self.selection, self.hasPort) = (selection, hasPort)
    }

    private mutating func add(
        _ port: String, _ moment: Timestamp, _ labels: [String], _ body: (inout FigureMeasure) -> Void
    ) {
        if hasPort, let wanted = selection.port, wanted != port { return }
        if let from = selection.from, moment < from { return }
        if let to = selection.to, moment >= to { return }
        let month = PortRules.day(of: moment).prefix(7).description
        body(&measures[FigureGroup(month: month, port: hasPort ? port : "-", labels: labels), default: FigureMeasure()])
    }

    /// One that is a yes or a no.
    mutating func take(_ isHit: Bool, at port: String, _ moment: Timestamp, _ labels: String...) {
        add(port, moment, labels) { $0.add(isHit) }
    }

    /// A value of a distribution.
    mutating func take(value: Int64, at port: String, _ moment: Timestamp, _ labels: String...) {
        add(port, moment, labels) { $0.add(value) }
    }

    /// A time that passed, in seconds; one that did not pass is no sample.
    mutating func take(
        from begin: Timestamp?, to end: Timestamp, at port: String, _ labels: String...
    ) {
        guard let begin, begin <= end else { return }
        add(port, end, labels) { $0.add((end.microseconds - begin.microseconds) / 1_000_000) }
    }

    /// A part of a whole.
    mutating func take(_ part: Int64, of whole: Int64, at port: String, _ moment: Timestamp, _ labels: String...) {
        add(port, moment, labels) { $0.add(part, of: whole) }
    }
}
