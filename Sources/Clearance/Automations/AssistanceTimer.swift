internal import EventLog
internal import JSON
public import Views

extension PortAutomations {
    /// Reminds of requests for assistance before their deadline, and tells when it is over (执法互助时限, S40).
    ///
    /// Answers name a request by its position, and acknowledgements by its id: it is followed by these and not by tags.
    public static let assistanceTimer = Automation(
        name: "assistance-timer", version: 1, query: Query(types: AssistanceTimer.types),
        objects: { AssistanceTimer.objects(of: $0) }, agency: window,
        fold: { (timer: inout AssistanceTimer, event) in timer.take(event) },
        react: { timer, _, event in timer.reactions(to: event) })
}

/// A request for assistance that is not answered.
struct AssistanceTimer: AutomationState {
    private static let requested = "sanhu.assistance.requested"
    private static let answered = "sanhu.assistance.answered"
    private static let closed = "sanhu.assistance.closed"
    static let types = [requested, answered, closed, CaseEvent.noticeAcknowledged.type]
    private static let dayMinutes: Int64 = 1_440
    private static let reminder = "reminder"
    private static let overdue = "overdue"
    /// Acknowledgements by which nothing is answered yet.
    private static let early: Set<String> = ["received", "read"]

    private(set) var request: Cause?
    private var deadline: Timestamp?
    /// Those asked that have not answered.
    private(set) var asked: [String] = []

    init() {}

    /// The request that an event is about: by its position, or, if it asks to act, by its id.
    static func objects(of event: LedgerEvent) -> [Tag] {
        func object(_ kind: String, _ name: String?) -> [Tag] {
            name.flatMap { try? Tag(kind: kind, value: $0) }.map { [$0] } ?? []
        }
        switch event.type {
        case requested:
            return event.data?["asked"] == nil
                ? object("assistance", String(event.position)) : object("request", event.identity.id)
        case answered, closed: return object("assistance", event.data?["assistance"]?.integer.map(String.init))
        default: return object("request", event.data?["event"]?.text("id"))
        }
    }

    mutating func take(_ event: LedgerEvent) {
        switch event.type {
        case Self.requested:
            guard request == nil, let deadline = event.time("deadline") else { return }
            request = Cause(event)
            self.deadline = deadline
            asked = event.data?["asked"] == nil ? event.text("owner").map { [$0] } ?? [] : event.texts("asked").unique
        case Self.answered, Self.closed: asked = []
        default:
            guard !Self.early.contains(event.text("stage") ?? ""), isMeant(event) else { return }
            asked.removeAll { event.isOf($0) }
        }
    }

    private func isMeant(_ event: LedgerEvent) -> Bool {
        guard let request else { return false }
        return event.data?["event"]?.text("source").map(request.identity.source.isSame) ?? true
    }

    func reactions(to event: LedgerEvent) -> [Automation.Reaction] {
        guard let request, let deadline, !asked.isEmpty else {
            return [.cancel(name: Self.reminder), .cancel(name: Self.overdue)]
        }
        var reactions: [Automation.Reaction] = []
        let reminded = Self.reminded(request.recorded, deadline)
        if reminded > event.recorded { reactions.append(timer(Self.reminder, at: reminded, asked, request)) }
        // Once it is over it was told: only the request itself may come after its deadline.
        if deadline > event.recorded || event.identity == request.identity {
            reactions.append(timer(Self.overdue, at: deadline, asked + [request.agency], request))
        }
        return reactions
    }

    /// A day before, or at half of the time if there are less than two days.
    static func reminded(_ recorded: Timestamp, _ deadline: Timestamp) -> Timestamp {
        let time = deadline.microseconds - recorded.microseconds
        let day = dayMinutes * 60_000_000
        return Timestamp(microseconds: deadline.microseconds - (time < 2 * day ? time / 2 : day))
    }

    private func timer(
        _ outcome: String, at due: Timestamp, _ recipients: [String], _ request: Cause
    ) -> Automation.Reaction {
        let notice = Notice(
            id: "A\(request.position)-\(outcome)", cause: request, outcome: outcome, recipients: recipients,
            isToBeAcknowledged: true)
        return .schedule(name: outcome, at: due, notice.appending)
    }

    init?(_ stored: JSONValue) {
        request = Cause(stored["request"])
        deadline = stored.time("deadline")
        asked = stored.texts("asked")
    }

    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            if let request {
                writer.key("request")
                request.write(to: &writer)
            }
            writer.member("deadline", ifAny: deadline)
            writer.list("asked", asked)
        }
    }
}
