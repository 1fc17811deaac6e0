public import EventLog
internal import Views

/// The case file of a declaration, as one reader may know it.
///
/// How events are folded into it is in docs/case-files.md.
public struct DeclarationCase: CaseFile {
    public enum Status: String, Sendable, Hashable, CaseIterable {
        /// Nothing was seen that says where it stands.
        case unknown
        case lodged, accepted, rejected, withdrawn
        /// The port's release is complete: the goods may go.
        case released
        /// Customs has closed the formalities.
        case cleared
        /// The goods have left.
        case departed
    }

    public static let kinds = ["declaration", "lrn"]

    public let object: String
    public internal(set) var steps: [CaseStep] = []
    public internal(set) var status = Status.unknown
    /// What was lodged first; its fields tell the rest, `commercial` for those who may know.
    public internal(set) var lodgement: CaseStep?
    public internal(set) var arrived: CaseMoment?
    public internal(set) var accepted: CaseMoment?
    public internal(set) var released: CaseMoment?
    public internal(set) var requirements: [Requirement] = []
    public internal(set) var holds: [Hold] = []
    public internal(set) var obligations: [Obligation] = []
    /// The ids of guarantees.
    public internal(set) var guarantees: [String] = []
    public var permits: [PermitUse] { declared.flatMap(\.uses) }
    var declared: [DeclaredPermit] = []
    public internal(set) var containers: [String] = []
    public internal(set) var enterprises: [String] = []
    /// Other declarations that it names, or that name it.
    public internal(set) var declarations: [String] = []
    /// Holds on its containers, if their files were considered.
    public private(set) var containerHolds: [ContainerHold] = []
    /// Whether somebody asked for it to be amended or withdrawn, and no decision has come.
    var hasOpenRequest = false
    /// Whether a guarantee covers what is assessed later, too.
    var hasStandingGuarantee = false
    /// Bills that were paid or guaranteed before they were assessed.
    var settledEarly: [SettledEarly] = []

    struct SettledEarly: Sendable, Hashable {
        let bill: String
        let state: Obligation.State
    }

    /// A hold on a container.
    public struct ContainerHold: Sendable, Hashable {
        public let container: String
        public let hold: Hold
    }

    /// Lets the active holds of containers count for the release, as far as their files tell of them.
    public mutating func consider(_ containers: [ContainerCase]) {
        let own = Set(holds.map(\.placed))
        containerHolds = containers.flatMap { file in
            // One that was placed on both stands in the file of the declaration.
            file.holds.active.filter { !own.contains($0.placed) }.map {
                ContainerHold(container: file.object, hold: $0)
            }
        }
    }

    /// Lets recognitions count no more that have run out at a time, by its day at +08:00.
    public mutating func expire(at time: Timestamp) { requirements.reopenExpired(on: PortRules.day(of: time)) }

    public init(object: String) {
        self.object = object
    }

    public var lodged: CaseMoment? { lodgement?.moment }

    public mutating func relate(_ tag: String) {
        guard steps.last?.about == nil else { return }
        let value = String(tag.drop { $0 != ":" }.dropFirst())
        switch tag.prefix(while: { $0 != ":" }) {
        case "container": containers.add(value)
        case "enterprise": enterprises.add(value)
        case "declaration": declarations.add(value)
        case "permit": declared.declare(value)
        default: break
        }
    }
}

extension [String] {
    /// Appends a text that is not there yet.
    mutating func add(_ text: String) {
        if !contains(where: text.isSame) { append(text) }
    }
}
