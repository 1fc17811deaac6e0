import Clearance
import Views

/// The views that the command line knows: those of the kit, and those of the port.
enum KnownViews {
    static let all =
        StandardViews.names.compactMap(StandardViews.named) + [
            CaseFiles.definition, ClearanceTimes.definition,
        ]

    static var names: [String] { all.map(\.name) }

    static func named(_ name: String) -> ViewDefinition? { all.first { $0.name == name } }
}
