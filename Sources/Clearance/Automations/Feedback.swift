internal import EventLog
internal import JSON
public import Views

extension PortAutomations {
    /// Tells the declarant of each decision about the declaration (执法结果通过单一窗口反馈申报人, S01).
    public static let feedback = Automation(
        name: "feedback", version: 2,
        query: Query(types: [CaseEvent.declarationLodged.type] + Feedback.outcomes.keys.sorted()),
        kinds: ["declaration"], agency: window,
        fold: { (feedback: inout Feedback, event) in feedback.take(event) },
        react: { feedback, object, event in
            // Of an event about several declarations each has a notice of its own.
            let several = event.tags.filter { $0.isOf(kind: "declaration") }
            let suffix = several.count > 1 ? several.firstIndex(of: object).map { "-\($0 + 1)" } ?? "" : ""
            return feedback.notices(about: String(object.value), suffix).map { .append($0.appending) }
        })
}

/// What is known of a declaration to tell its declarant: who that is, and what cannot be told before that is known.
struct Feedback: AutomationState {
    /// The most decisions that wait until the declaration is lodged: the newest. One that nobody lodges holds up nothing.
    static let mostWaiting = 60

    /// A decision, as its notice tells it.
    struct Decision: Sendable {
        let cause: Cause
        let outcome: String
        /// The declaration that it names; nil if it is about all those of its tags.
        let declaration: String?
    }

    private(set) var declarant: Declarant?
    private var waiting: [Decision] = []
    /// What can be told since the last event. It is not kept.
    private var fresh: [Decision] = []

    init() {}

    mutating func take(_ event: LedgerEvent) {
        fresh = []
        if let lodged = Declarant(event) {
            guard declarant == nil else { return }
            (declarant, fresh, waiting) = (lodged, waiting, [])
        } else if let outcome = Self.outcome(of: event) {
            let decision = Decision(cause: Cause(event), outcome: outcome, declaration: event.text("declaration"))
            guard declarant == nil else { return fresh = [decision] }
            waiting = waiting.suffix(Self.mostWaiting - 1) + [decision]
        }
    }

    func notices(about declaration: String, _ suffix: String) -> [Notice] {
        guard let declarant else { return [] }
        return fresh.filter { $0.declaration.map(declaration.isSame) ?? true }.map { decision in
            Notice(
                id: "F\(decision.cause.position)\(suffix)", cause: decision.cause, outcome: decision.outcome,
                declaration: declaration, recipients: [declarant.agency], enterprises: declarant.enterprises)
        }
    }

    /// What a declarant is told of an event; nil if nothing is decided by it.
    static func outcome(of event: LedgerEvent) -> String? { outcomes[event.type].flatMap { $0(event) } }

    /// The types of decisions, and their outcomes: docs/port-automations.md.
    static let outcomes: [String: @Sendable (LedgerEvent) -> String?] = {
        func fixed(_ outcome: String) -> @Sendable (LedgerEvent) -> String? { { _ in outcome } }
        func member(_ name: String, else other: String? = nil) -> @Sendable (LedgerEvent) -> String? {
            { $0.text(name) ?? other }
        }
        // A declarant asks for it by the same types.
        func answer() -> @Sendable (LedgerEvent) -> String? {
            { event in
                guard let stage = event.text("stage"), stage != "requested" else { return nil }
                return event.text("decision") ?? stage
            }
        }
        let all: [String: @Sendable (LedgerEvent) -> String?] = [
            "declaration.accepted": fixed("accepted"),
            "declaration.rejected": { $0.text("concerns") == "request" ? "request-rejected" : "rejected" },
            "declaration.reopened": fixed("reopened"), "declaration.examined": member("result"),
            "declaration.amended": answer(), "declaration.withdrawn": answer(),
            "document.requested": fixed("documents-requested"),
            "information.requested": fixed("information-requested"), "inspection.notified": fixed("inspection"),
            "inspection.completed": member("result"), "hold.placed": fixed("held"),
            "hold.lifted": fixed("hold-lifted"), "duty.assessed": member("stage", else: "assessed"),
            "guarantee.claimed": fixed("claimed"), "refund.decided": member("decision"),
            "permit.verified": member("result"), "result.recognised": fixed("recognised"),
            "recognition.revoked": fixed("recognition-revoked"), "disposition.decided": member("decision"),
            "release.granted": member("condition", else: "none"), "release.completed": fixed("released"),
            "clearance.closed": fixed("closed"), "record.corrected": fixed("corrected"),
        ]
        return Dictionary(uniqueKeysWithValues: all.map { ("sanhu." + $0.key, $0.value) })
    }()

    init?(_ stored: JSONValue) {
        declarant = Declarant(stored["declarant"])
        for decision in stored["waiting"]?.elements ?? [] {
            guard let cause = Cause(decision["cause"]), let outcome = decision.text("outcome") else { return nil }
            waiting.append(Decision(cause: cause, outcome: outcome, declaration: decision.text("declaration")))
        }
    }

    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            if let declarant {
                writer.key("declarant")
                declarant.write(to: &writer)
            }
            writer.list("waiting", waiting) { decision, writer in
                writer.object { writer in
                    writer.key("cause")
                    decision.cause.write(to: &writer)
                    writer.member("outcome", decision.outcome)
                    writer.member("declaration", ifAny: decision.declaration)
                }
            }
        }
    }
}
