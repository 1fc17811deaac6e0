internal import EventLog
internal import JSON
public import Views

extension PortAutomations {
    /// Draws the one conclusion from what several agencies make of one image (一机两屏, S23).
    public static let imageConclusion = Automation(
        name: "image-conclusion", version: 2, query: Query(types: ImageConclusion.types), kinds: ["image"],
        agency: window,
        fold: { (image: inout ImageConclusion, event) in image.take(event) },
        react: { image, object, _ in image.reactions(object) })
}

/// The verdicts on an image.
struct ImageConclusion: AutomationState {
    private static let reviewed = "sanhu.image.reviewed"
    static let types = [reviewed, CaseEvent.recordCorrected.type]
    /// Where nobody says who takes part: two screens.
    private static let screens = 2
    private static let gravity = ["clear", "undecided", "suspicious"]
    /// What is concluded of the gravest verdict.
    private static let conclusions = ["clear": "release", "undecided": "undecided", "suspicious": "inspect"]
    /// What of the first review says which image it is.
    private static let about = ["sha256", "container", "declaration", "conveyance", "parcel"]

    struct Review: Sendable {
        let identity: EventIdentity
        let agency: String
        let predecessors: [String]
        let verdict: String
        /// Who takes part, as it says.
        let participants: [String]

        func isOf(_ other: String) -> Bool { agency == other || predecessors.contains(other) }
    }

    /// The newest of each agency.
    private(set) var reviews: [Review] = []
    private var participants: [String] { reviews.flatMap(\.participants).unique }
    private var object: [String: String] = [:]
    private(set) var concluded: String?
    /// Whether the last event calls for a conclusion. It is not kept.
    private var isNews = false

    init() {}

    mutating func take(_ event: LedgerEvent) {
        isNews = false
        guard event.type == Self.reviewed else {
            let count = reviews.count
            reviews.removeAll { event.corrects($0.identity, of: $0.agency) }
            isNews = reviews.count < count
            return
        }
        let conclusion = event.text("conclusion")
        if let conclusion { concluded = conclusion }
        guard event.agency != PortAutomations.window, let verdict = event.text("verdict") else { return }
        if object.isEmpty {
            for name in Self.about { if let value = event.text(name) { object[name] = value } }
        }
        reviews.removeAll { event.isOf($0.agency) }
        reviews.append(
            Review(
                identity: event.identity, agency: event.agency, predecessors: event.predecessors, verdict: verdict,
                participants: event.texts("participants")))
        isNews = conclusion == nil
    }

    private var isComplete: Bool {
        guard participants.isEmpty else {
            return !reviews.isEmpty && participants.allSatisfy { agency in reviews.contains { $0.isOf(agency) } }
        }
        return reviews.count >= Self.screens
    }

    /// The gravest verdict: one who sees something is enough.
    private var gravest: String? { Self.gravity.last { verdict in reviews.contains { $0.verdict == verdict } } }

    func reactions(_ image: Tag) -> [Automation.Reaction] {
        guard isNews, isComplete, let gravest, let conclusion = Self.conclusions[gravest], conclusion != concluded
        else { return [] }
        let dissent = reviews.filter { $0.verdict != gravest }.map(\.agency)
        return [
            .append(
                Automation.Appending("image.reviewed") { writer in
                    writer.member("image", String(image.value))
                    for name in Self.about { writer.member(name, ifAny: object[name]) }
                    writer.member("screen", "joint")
                    writer.member("verdict", gravest)
                    writer.member("conclusion", conclusion)
                    writer.list("participants", reviews.map(\.agency))
                    writer.list("dissent", ifAny: dissent)
                })
        ]
    }

    init?(_ stored: JSONValue) {
        for review in stored["reviews"]?.elements ?? [] {
            guard let source = review.text("source"), let id = review.text("id"), let agency = review.text("agency"),
                let verdict = review.text("verdict")
            else { return nil }
            reviews.append(
                Review(
                    identity: EventIdentity(source: source, id: id), agency: agency,
                    predecessors: review.texts("predecessors"), verdict: verdict,
                    participants: review.texts("participants")))
        }
        for (name, value) in stored["object"]?.members ?? [] { object[name] = value.string }
        concluded = stored.text("concluded")
    }

    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.list("reviews", reviews) { review, writer in
                writer.object { writer in
                    writer.member("source", review.identity.source)
                    writer.member("id", review.identity.id)
                    writer.member("agency", review.agency)
                    writer.list("predecessors", ifAny: review.predecessors)
                    writer.member("verdict", review.verdict)
                    writer.list("participants", ifAny: review.participants)
                }
            }
            writer.key("object")
            writer.object { writer in
                for name in Self.about { writer.member(name, ifAny: object[name]) }
            }
            writer.member("concluded", ifAny: concluded)
        }
    }
}
