public import Views

/// The automations of the port: docs/port-automations.md. Each is a value, and what it knows of an object one, too.
public enum PortAutomations {
    /// All of them, in the order in which they are run: what one appends, those after it see.
    public static let all: [Automation] = [
        jointInspection, imageConclusion, arrivalRelease, release, incident, assistanceTimer, paymentReminder, feedback,
    ]

    /// The types of what they append.
    public static let appendedTypes = [
        "sanhu.inspection.notified", "sanhu.image.reviewed", "sanhu.release.granted", CaseEvent.releaseCompleted.type,
        "sanhu.incident.declared", "sanhu.notice.issued",
    ]

    /// The single window, which appends what belongs to no agency alone.
    static let window = "SW"
    static let customs = "CUS"
    /// Where goods lie and ships berth.
    static let terminal = "TER"
}
