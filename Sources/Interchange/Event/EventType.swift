/// The event types the importers give: names of the port's catalogue, without a version.
enum EventType: String, Hashable, Sendable, CaseIterable {
    case conveyanceDeclared = "conveyance.declared"
    case conveyanceArrived = "conveyance.arrived"
    case conveyanceDeparted = "conveyance.departed"
    case manifestLodged = "manifest.lodged"
    case declarationLodged = "declaration.lodged"
    case declarationAccepted = "declaration.accepted"
    case declarationRejected = "declaration.rejected"
    case declarationAmended = "declaration.amended"
    case declarationWithdrawn = "declaration.withdrawn"
    case documentRequested = "document.requested"
    case inspectionOrdered = "inspection.ordered"
    case inspectionCompleted = "inspection.completed"
    case dutyAssessed = "duty.assessed"
    case releaseGranted = "release.granted"
    case clearanceClosed = "clearance.closed"
    case violationRecorded = "violation.recorded"
    case noticeAcknowledged = "notice.acknowledged"
    case alertNotified = "alert.notified"
    case alertAmended = "alert.amended"
    case assistanceRequested = "assistance.requested"

    /// The CloudEvents `type`.
    var type: String { "sanhu." + rawValue }

    /// The CloudEvents `dataschema`; the version of the data stands here.
    ///
    /// - Parameter form: The form of the data where the type has several, each with a schema of its own.
    func dataSchema(form: String? = nil) -> String {
        "urn:sanhu:schema:" + schemaName + (form.map { "+" + $0 } ?? "") + ":1"
    }

    /// What importers give as `assistance.requested` asks to follow up an alert and opens no scope for disclosure: another
    /// form than that of agencies who ask for data.
    private var schemaName: String { self == .assistanceRequested ? "alert.follow-up" : rawValue }
}
