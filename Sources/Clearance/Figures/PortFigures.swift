public import EventLog
public import Exchange
internal import Transparency
public import Views

/// The figures of a ledger: what they come to at a position of its log. See docs/figures.md.
///
/// ```swift
/// let figures = try PortFigures(in: keeper)
/// let report = try figures.report(["K22"], for: customs)
/// ```
public struct PortFigures: Sendable {
    /// Where they are taken from: of each event one fact about one object, with what everyone knows of it.
    public static let definition = ViewDefinition(
        name: "figures", version: 3, query: FigureMapping.query,
        map: { entry, facts in FigureMapping.map(entry, &facts) })

    /// All figures, in the order of their codes.
    public static let all = (clearance + control + sharing + breaching).sorted {
        $0.code.utf8.lexicographicallyPrecedes($1.code.utf8)
    }

    /// The figures of the security report of a port (口岸安全运行报告).
    public static let security: Set<String> = [
        "K12", "K13", "K15", "K19-failures", "K21", "K26", "K27", "K27-findings", "S18", "S42", "S43-holds", "S44",
        "S44-acknowledged",
    ]

    /// The figure of a code.
    public static func figure(_ code: String) -> Figure? { all.first { $0.code == code } }

    public let runner: ViewRunner

    /// Opens the view, and begins to bring it on.
    ///
    /// - Throws: ``ViewError``, as ``ViewKeeper/open(_:)-(ViewDefinition)``.
    public init(in keeper: ViewKeeper) throws(ViewError) {
        runner = try keeper.open(Self.definition)
    }

    /// Those of a view that is open already.
    public init(_ runner: ViewRunner) {
        self.runner = runner
    }

    /// What figures come to, all of them computed in one pass over the objects.
    ///
    /// - Parameters:
    ///   - codes: Which; nil for all. Codes of none are left out.
    ///   - selection: Of which port and time.
    ///   - position: The position after the last that counts; else, how far the view has come. What a position comes to stays,
    ///     byte for byte.
    ///   - reader: An authority or an auditor.
    /// - Throws: ``ViewError``, as ``ViewRunner/survey(of:at:for:_:)``.
    /// - Complexity: O(*n*) in the events; memory for one object, calls of conveyances and the different values of samples.
    public func report(
        _ codes: Set<String>? = nil, of selection: FigureSelection = FigureSelection(), at position: Position? = nil,
        for reader: Reader
    ) async throws(ViewError) -> FigureReport {
        let reached = try runner.status().position
        let end = position ?? reached
        let log = runner.ledger.log
        var (terms, root) = try ViewError.wrapping { () throws(LogError) in
            (try FigureTerms(log: log, at: end, trueAt: selection.trueAt), try log.root(atSize: end))
        }
        for kind in ["conveyance:", "container:", "enterprise:"] {
            try runner.survey(of: kind, at: end, for: reader) { terms.take(FigureStory($0, trueAt: selection.trueAt)) }
        }
        let asked = Self.all.filter { codes?.contains($0.code) ?? true }
        if asked.contains(where: \.isOfBreaches) {
            terms.breaches = try await breaches(at: end, for: reader)?.filter { breach in
                selection.trueAt.map { breach.recorded <= $0 } ?? true
            }
        }
        let figures = asked.filter { !$0.isOfBreaches || terms.breaches != nil }
        var samples = figures.map { FigureSamples(selection, hasPort: $0.hasPort) }
        let prefix = Self.prefix(of: figures)
        // A breach counts though nobody is told of what it is about.
        var alone = Set((terms.breaches ?? []).map(\.object))
        try runner.survey(of: prefix, at: end, for: reader) { surveyed in
            let story = FigureStory(surveyed, trueAt: selection.trueAt)
            alone.remove(story.object)
            for (index, figure) in figures.enumerated() where figure.objects?.contains(story.kind) ?? true {
                figure.sample(story, terms, &samples[index])
            }
        }
        for object in alone.sorted() {
            for (index, figure) in figures.enumerated() where figure.isOfBreaches {
                figure.sample(FigureStory(unknown: object), terms, &samples[index])
            }
        }
        let origin = FigureReport.Origin(position: end, root: root.description, selection: selection)
        let tables = zip(figures, samples).map { figure, samples in
            FigureTable(
                figure: figure, origin: origin, policies: terms.policies.filter { figure.policies.contains($0.kind) },
                rows: samples.measures.sorted { $0.key < $1.key }.map {
                    FigureTable.Row(group: $0.key, measure: $0.value)
                })
        }
        return FigureReport(
            origin: origin, tables: tables,
            withheld: asked.filter { $0.isOfBreaches && terms.breaches == nil }.map(\.code),
            terms: terms)
    }

    /// What the names of all objects begin with at which some figures look.
    private static func prefix(of figures: [Figure]) -> String {
        var kinds: Set<String> = []
        for figure in figures {
            guard let objects = figure.objects else { return "" }
            kinds.formUnion(objects)
        }
        return kinds.count == 1 ? (kinds.first ?? "") + ":" : ""
    }
}
