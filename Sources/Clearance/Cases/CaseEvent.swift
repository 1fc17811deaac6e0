internal import LMDB
internal import Views

/// The events that case files are made of, with the fields that a step of a case file has of each. The numbers stand in the
/// view's files: they do not change.
public enum CaseEvent: UInt8, Sendable, Hashable, CaseIterable {
    case declarationLodged = 1
    case declarationAccepted, declarationRejected, declarationAmended, declarationWithdrawn, declarationExamined
    case documentRequested, noticeAcknowledged, riskAssessed
    case inspectionOrdered, inspectionNotified, inspectionCompleted
    case holdPlaced, holdLifted
    case dutyAssessed, dutyPaid, guaranteeLodged
    case permitIssued, permitVerified, permitWrittenOff
    case resultRecognised, recognitionRevoked
    case releaseGranted, releaseCompleted, clearanceClosed
    case conveyanceDeclared, conveyanceArrived, conveyanceDeparted
    case manifestLodged, equipmentMoved
    case violationRecorded, creditRated, recordCorrected

    /// Its type, without `sanhu.`.
    public var name: String { CaseVocabulary.of(self).name }

    /// Its type.
    public var type: String { "sanhu." + name }

    /// The names of the fields that a step has of it, in their order.
    public var fieldNames: [String] { CaseVocabulary.of(self).names }
}

/// What the map step needs to know of a type of event.
final class CaseVocabulary: Sendable {
    let event: CaseEvent
    let name: String
    let type: [UInt8]
    let names: [String]
    let paths: [FieldPath]
    /// What a step has of it: id, time and fields.
    let fields: FieldSet
    /// Whether the objects that its tags name belong to the declaration.
    let relates: Bool
    /// Whether it may be named by its id, or names another: the step has the source, per which ids are unique.
    let hasSource: Bool

    /// - Parameter fields: Names of members of the data; after a slash those of `parties`.
    private init(_ event: CaseEvent, _ name: String, _ fields: String, relates: Bool = false) {
        self.event = event
        self.name = name
        self.relates = relates
        hasSource = Self.withSource.contains(event)
        type = Array(("sanhu." + name).utf8)
        let parts = fields.split(separator: " ").map(String.init)
        names = parts.map { $0.split(separator: "/").last.map(String.init) ?? $0 }
        let pointers = parts.map { $0.hasPrefix("/") ? "/parties" + $0 : "/" + $0 }
        paths = pointers.map { FieldPath($0) }
        self.fields = FieldSet(
            attributes: hasSource ? ["id", "time", "source"] : ["id", "time"], fields: pointers,
            longest: CaseMapping.fieldBytes,
            together: CaseMapping.stepBytes, substitute: CaseMapping.tooLong)
    }

    private static let withSource: Set<CaseEvent> = [
        .holdPlaced, .holdLifted, .permitIssued, .permitWrittenOff, .recordCorrected, .resultRecognised,
        .recognitionRevoked,
    ]

    static func of(_ event: CaseEvent) -> CaseVocabulary { all[Int(event.rawValue) - 1] }

    /// That of a type, as UTF-8; nil if case files have none of it.
    static func named(_ type: Span<UInt8>) -> CaseVocabulary? { table[type] }

    private static let table = TypeTable(all) { $0.type }

    /// In the order of their numbers.
    static let all: [CaseVocabulary] = CaseEvent.allCases.map { event in
        switch event {
        case .declarationLodged:
            CaseVocabulary(
                event, "declaration.lodged",
                "declaration localReference kind flow office port preLodged lodgedOn /declarant /importer /exporter commercial",
                relates: true)
        case .declarationAccepted:
            CaseVocabulary(event, "declaration.accepted", "declaration localReference version acceptedAt errors")
        case .declarationRejected:
            CaseVocabulary(
                event, "declaration.rejected", "declaration localReference version concerns rejectedAt errors")
        case .declarationAmended:
            CaseVocabulary(
                event, "declaration.amended", "declaration localReference version stage decision office", relates: true)
        case .declarationWithdrawn:
            CaseVocabulary(
                event, "declaration.withdrawn", "declaration localReference version stage decision cancelledAt")
        case .declarationExamined:
            CaseVocabulary(event, "declaration.examined", "declaration localReference office result valuation")
        case .documentRequested:
            CaseVocabulary(event, "document.requested", "declaration localReference kinds until reason")
        case .noticeAcknowledged:
            CaseVocabulary(event, "notice.acknowledged", "declaration localReference stage returnCode")
        case .riskAssessed:
            CaseVocabulary(event, "risk.assessed", "declaration localReference channel ruleSet score")
        case .inspectionOrdered:
            CaseVocabulary(event, "inspection.ordered", "declaration localReference kind containers from to reason")
        case .inspectionNotified:
            CaseVocabulary(
                event, "inspection.notified", "declaration localReference place at kinds participants containers")
        case .inspectionCompleted:
            CaseVocabulary(event, "inspection.completed", "declaration localReference result kinds containers findings")
        case .holdPlaced:
            CaseVocabulary(
                event, "hold.placed", "declaration container enterprise scope legalBasis reasonClass reason officer")
        case .holdLifted:
            CaseVocabulary(event, "hold.lifted", "declaration container enterprise hold source legalBasis")
        case .dutyAssessed:
            CaseVocabulary(event, "duty.assessed", "declaration localReference bill stage dueDate amounts")
        case .dutyPaid: CaseVocabulary(event, "duty.paid", "declaration bill paidOn amounts")
        case .guaranteeLodged:
            CaseVocabulary(event, "guarantee.lodged", "declaration bill guarantee kind validUntil limit")
        case .permitIssued:
            CaseVocabulary(
                event, "permit.issued", "permit kind holder goods quantity unit validFrom validUntil endUse")
        case .permitVerified:
            CaseVocabulary(event, "permit.verified", "declaration permit item result quantity writeOff detail")
        case .permitWrittenOff:
            CaseVocabulary(event, "permit.writtenoff", "declaration permit item quantity unit")
        case .resultRecognised:
            CaseVocabulary(event, "result.recognised", "declaration event by basis scope validUntil")
        case .recognitionRevoked: CaseVocabulary(event, "recognition.revoked", "declaration recognition source basis")
        case .releaseGranted:
            CaseVocabulary(event, "release.granted", "declaration localReference version condition office terms")
        case .releaseCompleted:
            CaseVocabulary(
                event, "release.completed", "declaration localReference agencies port flow arrivedAt lodgedAt")
        case .clearanceClosed: CaseVocabulary(event, "clearance.closed", "declaration localReference version")
        case .conveyanceDeclared: CaseVocabulary(event, "conveyance.declared", movement)
        case .conveyanceArrived: CaseVocabulary(event, "conveyance.arrived", movement)
        case .conveyanceDeparted: CaseVocabulary(event, "conveyance.departed", movement)
        case .manifestLodged: CaseVocabulary(event, "manifest.lodged", "declaration manifest action voyage place")
        case .equipmentMoved:
            CaseVocabulary(event, "equipment.moved", "container declaration move facility to seal sealIntact")
        case .violationRecorded:
            CaseVocabulary(event, "violation.recorded", "declaration party published kind severity penalty person")
        case .creditRated: CaseVocabulary(event, "credit.rated", "enterprise scheme rating from until cause")
        case .recordCorrected: CaseVocabulary(event, "record.corrected", "declaration permit event source by basis")
        }
    }

    private static let movement = "declaration localReference stage voyage place goodsLocation"
}
