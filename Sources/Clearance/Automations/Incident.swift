internal import EventLog
internal import JSON
public import Views

extension PortAutomations {
    /// Closes incidents that nobody closes, and reminds those who have not acknowledged them (应急响应, S44).
    public static let incident = Automation(
        name: "incident", version: 2, query: Query(types: Incident.types), kinds: ["incident"], agency: window,
        fold: { (incident: inout Incident, event) in incident.take(event) },
        react: { incident, _, event in incident.reactions(to: event) })
}

/// What is known of an incident.
struct Incident: AutomationState {
    static let types = [IncidentCourse.type, CaseEvent.noticeAcknowledged.type]
    private static let reminder = "reminder"
    private static let end = "end"
    /// After how many minutes members are reminded, by its level.
    private static let minutes: [String: Int64] = ["I": 15, "II": 30, "III": 60, "IV": 240]

    private(set) var course: IncidentCourse?
    private(set) var acknowledged: [String] = []
    /// When members are reminded, and where it stands that they were called.
    private var reminded: Timestamp?
    private var called: Position = 0

    init() {}

    mutating func take(_ event: LedgerEvent) {
        if event.type == CaseEvent.noticeAcknowledged.type {
            acknowledged = (acknowledged + [event.agency] + event.predecessors).unique
            return
        }
        let before = missing
        if course == nil {
            course = IncidentCourse(event)
            guard course != nil else { return }
        } else {
            guard course?.take(event) ?? false else { return }
        }
        // Those who are called in later have as much time.
        guard let course, before.isEmpty || !missing.allSatisfy(before.contains) else { return }
        reminded = event.recorded.adding(minutes: Self.minutes[course.level] ?? 240)
        called = event.position
    }

    /// Members that have not acknowledged.
    private var missing: [String] { course?.participants.filter { !acknowledged.contains($0) } ?? [] }

    func reactions(to event: LedgerEvent) -> [Automation.Reaction] {
        guard let course, !course.isClosed else { return [.cancel(name: Self.reminder), .cancel(name: Self.end)] }
        var reactions: [Automation.Reaction] = []
        if missing.isEmpty {
            reactions.append(.cancel(name: Self.reminder))
        } else if let reminded, reminded > event.recorded {
            // Once: after it went off nothing is set again.
            let notice = Notice(
                id: "I\(called)", cause: course.cause, outcome: "reminder", recipients: missing,
                isToBeAcknowledged: true)
            reactions.append(.schedule(name: Self.reminder, at: reminded, notice.appending))
        }
        // Once it is over its closing is under way: only the declaration itself may come after its end.
        if event.type == IncidentCourse.type, course.end > event.recorded || event.identity == course.cause.identity {
            reactions.append(.schedule(name: Self.end, at: course.end, closing(course)))
        }
        return reactions
    }

    private func closing(_ course: IncidentCourse) -> Automation.Appending {
        Automation.Appending("incident.declared") { writer in
            writer.member("incident", course.name)
            writer.member("stage", "closed")
            writer.member("level", course.level)
            writer.member("kind", ifAny: course.kind)
            writer.list("ports", ifAny: course.ports)
            writer.member("exercise", course.isExercise)
        }
    }

    init?(_ stored: JSONValue) {
        course = IncidentCourse(stored["course"])
        acknowledged = stored.texts("acknowledged")
        reminded = stored.time("reminded")
        called = stored["called"]?.integer.flatMap { Position(exactly: $0) } ?? 0
    }

    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            if let course {
                writer.key("course")
                course.write(to: &writer)
            }
            writer.list("acknowledged", acknowledged)
            writer.member("reminded", ifAny: reminded)
            writer.member("called", Int64(called))
        }
    }
}
