import Clearance
import Views

/// The views that the command line knows: those of the kit, and those of the port.
enum KnownViews {
    static let all =
        StandardViews.names.compactMap(StandardViews.named) + [
            CaseFiles.definition, Boards.definition, PortFigures.definition,
        ]

    static var names: [String] { all.map(\.name) }

    /// The view of a name.
    ///
    /// - Throws: ``CommandFailure`` that says which there are.
    static func definition(of name: String) throws -> ViewDefinition {
        guard let definition = all.first(where: { $0.name == name }) else {
            throw CommandFailure(
                .notThere, "There is no view “\(name)”. There are: \(names.joined(separator: ", ")).")
        }
        return definition
    }
}
