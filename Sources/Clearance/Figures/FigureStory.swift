public import EventLog
internal import Views

/// The story of one object, as everyone knows it: what figures take their samples from.
public struct FigureStory: Sendable {
    /// `kind:value`.
    public let object: String
    public let kind: String
    /// In the order of positions.
    public let steps: [FigureStep]
    private let byType: [String: [Int]]

    /// - Parameter time: If given, only what had happened by then, in the order in which it did.
    init(_ surveyed: SurveyedObject, trueAt time: Timestamp? = nil) {
        object = surveyed.name
        kind = String(object.prefix { $0 != ":" })
        let known = surveyed.facts.compactMap { FigureStep($0) }
        steps =
            time.map { time in
                TrueAccount(of: known.map { Happening($0) }, at: time).ordered(known) { $0.position }
            } ?? known
        byType = Dictionary(grouping: steps.indices, by: { [steps] in steps[$0].type })
    }

    /// An object of which everyone knows nothing.
    init(unknown object: String) {
        self.object = object
        kind = String(object.prefix { $0 != ":" })
        (steps, byType) = ([], [:])
    }

    /// Those of a type, without `sanhu.`.
    public func all(_ type: String) -> [FigureStep] { byType[type]?.map { steps[$0] } ?? [] }

    /// The first of a type.
    public func first(_ type: String) -> FigureStep? { byType[type]?.first.map { steps[$0] } }

    public func has(_ type: String) -> Bool { byType[type] != nil }

    /// What the declaration says, or else anybody: the port at which it is cleared.
    public var port: String {
        first("declaration.lodged")?.text("port") ?? first("release.completed")?.text("port")
            ?? steps.lazy.compactMap { $0.text("port") }.first ?? "-"
    }

    /// `import`, `export`, `special`, or `-`.
    public var flow: String {
        first("declaration.lodged")?.text("flow") ?? first("release.completed")?.text("flow") ?? "-"
    }

    /// The mode of transport, by its code, or `-`.
    public var transport: String {
        let lodged = first("declaration.lodged")
        return lodged?.text("transportMode") ?? lodged?.text("transport/mode") ?? "-"
    }

    /// When it was declared: as it was lodged, or else as the release says.
    public var lodged: Timestamp? {
        first("declaration.lodged")?.moment ?? first("release.completed")?.time("lodgedAt")
    }
}
