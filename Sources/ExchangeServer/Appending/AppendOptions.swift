internal import EventLog
internal import ExchangeProtocol
internal import JSON

/// What is said about an append beside its events.
struct AppendOptions: Sendable {
    /// The most conditions over HTTP; each stands in the address.
    static let maximumConditions = 64

    /// What all events are about, beside what they say themselves.
    let tags: [Tag]
    /// What must not have come.
    let conditions: [AppendCondition]
    /// Whether each receipt is to come with its proof.
    let wantsProof: Bool

    /// Takes them from the parameters: `tag`, `condition` as `{"query":…,"after":…}` with a query as the command line
    /// writes it, and `proof`.
    init(_ parameters: inout RequestParameters) throws(Problem) {
        tags = try parameters.tags("tag", atMost: LogLimits.tagsPerEvent)
        wantsProof = try parameters.flag("proof")
        let texts = parameters.all("condition")
        guard texts.count <= Self.maximumConditions else {
            throw RequestParameters.bad("There are more than \(Self.maximumConditions) conditions.")
        }
        var conditions: [AppendCondition] = []
        for text in texts { conditions.append(try Self.condition(text)) }
        self.conditions = conditions
        try parameters.end()
    }

    private static func condition(_ text: String) throws(Problem) -> AppendCondition {
        guard let root = try? JSONDocument(parsing: Array(text.utf8)).root, let query = root["query"]?.string,
            root.members.allSatisfy({ ["query", "after"].contains($0.key) })
        else { throw malformed }
        var after: Position?
        if let value = root["after"] {
            guard let position = value.integer.flatMap({ Position(exactly: $0) }) else { throw malformed }
            after = position
        }
        do throws(LogError) {
            return AppendCondition(noneMatching: try QueryText.query(query), after: after)
        } catch {
            throw Problem(error)
        }
    }

    private static var malformed: Problem {
        RequestParameters.bad(
            "A condition is {\"query\":\"type=NAME kind:value\",\"after\":41}, without “after” for the whole log.")
    }
}
