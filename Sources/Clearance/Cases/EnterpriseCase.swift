internal import EventLog
public import JSON
internal import Views

/// The case file of an enterprise, as one reader may know it.
public struct EnterpriseCase: CaseFile {
    public static let kinds = ["enterprise"]

    public let object: String
    public private(set) var steps: [CaseStep] = []
    /// The newest rating of each scheme.
    public private(set) var ratings: [CaseStep] = []
    public private(set) var violations: [CaseStep] = []
    public private(set) var holds: [Hold] = []
    /// The numbers of declarations in whose events it is named.
    public private(set) var declarations: [String] = []
    private var known: Set<String> = []

    public init(object: String) {
        self.object = object
    }

    public mutating func take(_ step: CaseStep) {
        steps.append(step)
        // An enterprise may have very many.
        if let number = step.text("declaration"), known.insert(number).inserted { declarations.append(number) }
        holds.take(step)
        switch step.event {
        case .creditRated:
            let scheme = step.text("scheme")
            ratings.removeAll { $0.text("scheme") == scheme }
            ratings.append(step)
        case .violationRecorded: violations.append(step)
        default: break
        }
    }

    public func writeState(to writer: inout JSONWriter) {
        writer.list("ratings", ratings) { step, writer in
            writer.object { writer in
                writer.member("scheme", ifAny: step.text("scheme"))
                writer.member("rating", ifAny: step.text("rating"))
                writer.member("agency", step.agency)
                writer.member("from", ifAny: step.text("from"))
                writer.member("until", ifAny: step.text("until"))
                writer.member("position", Int64(step.position))
            }
        }
        writer.list("violations", violations) { step, writer in
            writer.object { writer in
                writer.member("agency", step.agency)
                writer.member("position", Int64(step.position))
                writer.member("declaration", ifAny: step.text("declaration"))
                writer.member("kind", ifAny: step.text("kind"))
            }
        }
        writer.list("holds", holds) { $0.write(to: &$1) }
        writer.list("declarations", declarations)
    }
}
