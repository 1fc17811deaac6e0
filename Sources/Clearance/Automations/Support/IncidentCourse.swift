internal import EventLog
internal import JSON
internal import Views

/// An incident from its declaration to its end (突发事件), and the rights that it opens meanwhile (S44).
struct IncidentCourse: Sendable {
    static let type = "sanhu.incident.declared"
    /// The right of an agency to board alone.
    static let boarding = "unilateral-boarding"
    /// How long one lasts that does not say it, since it was last changed.
    private static let usualMinutes: Int64 = 7 * 1_440
    /// Whose incidents open rights: an agency does not give itself one.
    private static let openers: Set<String> = ["POO"]

    let name: String
    let cause: Cause
    private(set) var level: String
    private(set) var kind: String?
    private(set) var ports: [String]
    private(set) var scope: String?
    private(set) var isExercise: Bool
    private(set) var opens: [String]
    private(set) var participants: [String]
    private(set) var end: Timestamp
    private(set) var isClosed = false

    /// - Returns: nil if the event declares none.
    init?(_ event: LedgerEvent) {
        guard event.type == Self.type, event.text("stage") != "closed", let name = event.text("incident") else {
            return nil
        }
        self.name = name
        cause = Cause(event)
        level = event.text("level") ?? ""
        kind = event.text("kind")
        ports = event.texts("ports")
        scope = event.text("scope")
        isExercise = event.data?["exercise"]?.bool ?? false
        opens = event.texts("opens")
        participants = event.texts("participants").unique
        end = Self.end(event)
    }

    private static func end(_ event: LedgerEvent) -> Timestamp {
        event.time("until") ?? event.recorded.adding(minutes: usualMinutes)
    }

    /// Takes in what is said of it: by who declared it, by the port office, and its end by the single window.
    ///
    /// - Returns: Whether anything came of it.
    mutating func take(_ event: LedgerEvent) -> Bool {
        guard event.type == Self.type, event.text("incident").map(name.isSame) ?? false, !isClosed else { return false }
        // What is over is not changed any more, whether its closing was recorded yet or not.
        guard event.recorded < end || event.text("stage") == "closed" else { return false }
        let isClosing = event.text("stage") == "closed"
        guard
            event.isOf(cause.agency) || Self.openers.contains(event.agency)
                || isClosing && event.agency == PortAutomations.window
        else { return false }
        guard !isClosing else {
            isClosed = true
            return true
        }
        level = event.text("level") ?? level
        kind = event.text("kind") ?? kind
        // What a change leaves out stays.
        if event.data?["ports"] != nil { ports = event.texts("ports") }
        if event.data?["opens"] != nil { opens = event.texts("opens") }
        if event.data?["participants"] != nil { participants = event.texts("participants").unique }
        scope = event.text("scope") ?? scope
        isExercise = event.data?["exercise"]?.bool ?? isExercise
        end = Self.end(event)
        return true
    }

    /// Whether it gives a right at a port, about an object, at a time.
    func isOpening(_ right: String, at port: String?, about object: Tag, _ time: Timestamp) -> Bool {
        guard !isClosed, !isExercise, time < end, opens.contains(right), Self.openers.contains(cause.agency) else {
            return false
        }
        guard ports.isEmpty || port.map(ports.contains) ?? false else { return false }
        guard let scope, let confined = try? Tag(scope), confined.kind == object.kind else { return true }
        return confined == object
    }

    init?(_ stored: JSONValue?) {
        guard let stored, let name = stored.text("name"), let cause = Cause(stored["cause"]),
            let level = stored.text("level"), let end = stored.time("end")
        else { return nil }
        (self.name, self.cause, self.level, self.end) = (name, cause, level, end)
        kind = stored.text("kind")
        ports = stored.texts("ports")
        scope = stored.text("scope")
        isExercise = stored["exercise"]?.bool ?? false
        opens = stored.texts("opens")
        participants = stored.texts("participants")
        isClosed = stored["closed"]?.bool ?? false
    }

    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("name", name)
            writer.key("cause")
            cause.write(to: &writer)
            writer.member("level", level)
            writer.member("kind", ifAny: kind)
            writer.list("ports", ports)
            writer.member("scope", ifAny: scope)
            writer.member("exercise", isExercise)
            writer.list("opens", opens)
            writer.list("participants", participants)
            writer.member("end", ifAny: end)
            writer.member("closed", isClosed)
        }
    }
}
