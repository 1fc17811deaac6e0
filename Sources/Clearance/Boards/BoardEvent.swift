internal import Views

/// The events that boards are made of, beside those of case files. The numbers stand in the view's files: they do not change.
enum BoardEvent: UInt8, Sendable, CaseIterable {
    case declarationLodged = 1
    case inspectionOrdered, inspectionNotified, inspectionStarted, inspectionCompleted, dispositionDecided
    case noticeIssued, noticeAcknowledged, documentSupplied, informationRequested, declarationReopened, refundDecided
    case assistanceRequested, assistanceAnswered, assistanceClosed, disclosureRequested, disclosureDecided
    case riskFlagged, riskCleared, intelligenceShared
    case guaranteeLodged, guaranteeClaimed, releaseGranted, dutyPaid
    case creditRated, violationRecorded
    case incidentDeclared
    case recordCorrected

    /// Its type, without `sanhu.`, and the fields that a board has of it; those of docs/boards.md.
    private var said: (name: String, fields: String) {
        switch self {
        case .declarationLodged: ("declaration.lodged", "declaration")
        case .inspectionOrdered:
            (
                "inspection.ordered",
                "declaration conveyance order kind containers from to exclusions method cause place port status"
            )
        case .inspectionNotified:
            (
                "inspection.notified",
                "declaration conveyance inspection orders participants convenor place at kinds containers port"
            )
        case .inspectionStarted:
            (
                "inspection.started",
                "declaration conveyance inspection orders participants convenor containers opened kinds place port"
            )
        case .inspectionCompleted:
            (
                "inspection.completed",
                "declaration conveyance inspection orders participants convenor result findingIds opened kinds port "
                    + "voyage findings"
            )
        case .dispositionDecided:
            ("disposition.decided", "declaration container conveyance inspection finding matter decision to")
        case .noticeIssued:
            (
                "notice.issued",
                "declaration notice event type agency outcome recipients decidedAt acknowledge"
            )
        case .noticeAcknowledged: ("notice.acknowledged", "declaration notice incident event stage party")
        case .documentSupplied: ("document.supplied", "declaration request channel")
        case .informationRequested: ("information.requested", "declaration request kind until")
        case .declarationReopened: ("declaration.reopened", "declaration version")
        case .refundDecided: ("refund.decided", "declaration refund decision")
        case .assistanceRequested:
            (
                "assistance.requested",
                "kind owner asked action fields objects purpose case from to deadline subject"
            )
        case .assistanceAnswered: ("assistance.answered", "assistance result reasons evidence")
        case .assistanceClosed: ("assistance.closed", "assistance reasons")
        case .disclosureRequested: ("disclosure.requested", "assistance owner fields objects purpose to")
        case .disclosureDecided: ("disclosure.decided", "request outcome to")
        case .riskFlagged:
            (
                "risk.flagged",
                "declaration container enterprise conveyance person reasonClass action expires rule source cause"
            )
        case .riskCleared: ("risk.cleared", "declaration container enterprise conveyance person flag outcome detail")
        case .intelligenceShared:
            (
                "intelligence.shared",
                "declaration container enterprise conveyance person intelligence kind grading handling content"
            )
        case .guaranteeLodged:
            (
                "guarantee.lodged",
                "declaration bill guarantee kind validFrom validUntil limit enterprise guarantor"
            )
        case .guaranteeClaimed: ("guarantee.claimed", "guarantee declaration enterprise bills dueDate amounts")
        case .releaseGranted: ("release.granted", "declaration condition guarantee secured bills")
        case .dutyPaid: ("duty.paid", "declaration bill paidOn guarantee")
        case .creditRated:
            (
                "credit.rated",
                "enterprise conveyance person scheme rating from until cause kind name country inputs"
            )
        case .violationRecorded:
            ("violation.recorded", "declaration party published kind severity penalty person")
        case .incidentDeclared:
            ("incident.declared", "incident stage level kind ports scope exercise opens participants details")
        case .recordCorrected: ("record.corrected", "event source")
        }
    }

    /// Its type, without `sanhu.`.
    var name: String { said.name }

    fileprivate var fieldNames: [String] { said.fields.split(separator: " ").map(String.init) }
}

/// What the map step needs to know of a type of event.
final class BoardVocabulary: Sendable {
    let event: BoardEvent
    let name: String
    let names: [String]
    /// What a step has of it: id, time, source and fields.
    let fields: FieldSet

    private init(_ event: BoardEvent) {
        self.event = event
        (name, names) = (event.name, event.fieldNames)
        fields = FieldSet(
            attributes: ["id", "time", "source"], fields: names.map { "/" + $0 }, longest: CaseMapping.fieldBytes,
            together: CaseMapping.stepBytes, substitute: CaseMapping.tooLong)
    }

    static func of(_ event: BoardEvent) -> BoardVocabulary { all[Int(event.rawValue) - 1] }

    /// That of a type, as UTF-8; nil if boards have none of it.
    static func named(_ type: Span<UInt8>) -> BoardVocabulary? { table[type] }

    /// In the order of their numbers.
    static let all = BoardEvent.allCases.map { BoardVocabulary($0) }

    private static let table = TypeTable(all) { Array(("sanhu." + $0.name).utf8) }
}
