internal import EventLog
internal import JSON
public import Views

extension PortAutomations {
    /// Releases on arrival what was declared before it (提前申报货物到港即放, S60), in the name of customs.
    ///
    /// It proposes the release once the declaration is accepted. ``PortRules/arrivalRelease`` lets it through when the
    /// conveyance has arrived and nothing is in the way: it sees arrivals, sealed flags and holds, which this does not. Run it
    /// by a book that has that rule.
    public static let arrivalRelease = Automation(
        name: "arrival-release", version: 2, query: Query(types: ArrivalRelease.types), kinds: ["declaration"],
        agency: customs,
        fold: { (declaration: inout ArrivalRelease, event) in declaration.take(event) },
        react: { declaration, object, _ in [declaration.reaction(object)] })
}

/// What is known of a declaration that may be released on arrival.
struct ArrivalRelease: AutomationState {
    static let types: [String] = [
        CaseEvent.declarationLodged, .declarationAccepted, .declarationRejected, .declarationAmended,
        .declarationWithdrawn, .declarationExamined, .releaseGranted, .releaseCompleted, .clearanceClosed,
    ].map(\.type)

    private static let proposal = "arrival"
    /// Of what a flag or a hold may stand in the way.
    private static let kinds = ["container", "enterprise"]

    struct Lodgement: Sendable {
        let conveyance: String
        let voyage: String?
        let office: String?
        var tags: [Tag]
    }

    private(set) var lodgement: Lodgement?
    /// What amendments named before the lodgement came.
    private var amended: [Tag] = []
    private(set) var isAccepted = false
    /// Customs has released it, or it is past that.
    private(set) var isOver = false

    init() {}

    mutating func take(_ event: LedgerEvent) {
        switch event.type {
        case CaseEvent.declarationLodged.type:
            guard lodgement == nil, event.data?["preLodged"]?.bool == true, let conveyance = event.text("conveyance")
            else { return }
            lodgement = Lodgement(
                conveyance: conveyance, voyage: event.text("voyage"), office: event.text("office"),
                tags: (Self.named(event) + amended).unique)
            amended = []
        case CaseEvent.declarationAmended.type:
            // The rule wants named what the declaration names, also what came with an amendment.
            let named = Self.named(event)
            if let known = lodgement?.tags { lodgement?.tags = (known + named).unique } else { amended += named }
        case CaseEvent.declarationAccepted.type: isAccepted = true
        case CaseEvent.declarationRejected.type:
            if event.text("concerns") != "request" { isAccepted = false }
        case CaseEvent.declarationExamined.type:
            if event.text("result") == "returned" { isAccepted = false }
        case CaseEvent.declarationWithdrawn.type: isOver = isOver || event.isWithdrawal
        case CaseEvent.releaseGranted.type: isOver = isOver || event.isOf(PortAutomations.customs)
        default: isOver = true
        }
    }

    private static func named(_ event: LedgerEvent) -> [Tag] {
        event.tags.filter { tag in kinds.contains { tag.isOf(kind: $0) } }
    }

    func reaction(_ object: Tag) -> Automation.Reaction {
        guard let lodgement, isAccepted, !isOver else { return .cancel(name: Self.proposal) }
        return .propose(
            name: Self.proposal,
            Automation.Appending("release.granted", tags: lodgement.tags) { writer in
                writer.member("declaration", String(object.value))
                writer.member("condition", "none")
                writer.member("basis", "arrival")
                writer.member("conveyance", lodgement.conveyance)
                writer.member("voyage", ifAny: lodgement.voyage)
                writer.member("office", ifAny: lodgement.office)
            })
    }

    init?(_ stored: JSONValue) {
        isAccepted = stored["accepted"]?.bool ?? false
        isOver = stored["over"]?.bool ?? false
        amended = stored.texts("amended").compactMap { try? Tag($0) }
        guard let conveyance = stored.text("conveyance") else { return }
        lodgement = Lodgement(
            conveyance: conveyance, voyage: stored.text("voyage"), office: stored.text("office"),
            tags: stored.texts("tags").compactMap { try? Tag($0) })
    }

    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("accepted", isAccepted)
            writer.member("over", isOver)
            writer.list("amended", ifAny: amended.map(\.text))
            guard let lodgement else { return }
            writer.member("conveyance", lodgement.conveyance)
            writer.member("voyage", ifAny: lodgement.voyage)
            writer.member("office", ifAny: lodgement.office)
            writer.list("tags", lodgement.tags.map(\.text))
        }
    }
}
