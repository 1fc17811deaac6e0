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

    /// The CloudEvents `type`.
    var type: String { "sanhu." + rawValue }

    /// The CloudEvents `dataschema`; the version of the data stands here.
    ///
    /// - Parameter form: The form of the data where the type has several, each with a schema of its own.
    func dataSchema(form: String? = nil) -> String {
        "urn:sanhu:schema:" + rawValue + (form.map { "+" + $0 } ?? "") + ":1"
    }
}
