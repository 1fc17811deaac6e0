internal import EventLog
package import Exchange
package import JSON

extension DisclosureStanding {
    /// Writes it as members of an object.
    package func write(to json: inout JSONWriter) {
        json.member(matter.word, Int64(clamping: matter.position))
        json.member("state", state.rawValue)
        json.member("agency", matter.agency)
        switch matter {
        case .request(let record):
            json.member("recorded", record.at.time.description)
            if let assistance = record.request.assistance { json.member("under", Int64(clamping: assistance)) }
        case .assistance(let record):
            json.member("recorded", record.at.time.description)
            json.member("kind", record.request.kind.rawValue)
        case .grant(let record):
            json.member("recorded", record.at.time.description)
            json.member("answers", Int64(clamping: record.request))
            if let assistance = record.assistance { json.member("under", Int64(clamping: assistance)) }
        }
        matter.scope.write(to: &json)
        if let detail { json.member("detail", detail) }
        write(due, to: &json)
        if let decision {
            json.key("decision")
            json.object { json in
                json.member("position", Int64(clamping: decision.at.position))
                json.member("outcome", decision.ruling.outcome.rawValue)
                json.texts("reasons", decision.ruling.reasons)
                json.member("disputes", Int64(decision.disputes.count))
            }
        }
        if case .grant(let record) = matter, let end = record.end {
            json.key("end")
            json.object { json in
                json.member("position", Int64(clamping: end.at.position))
                json.member("cause", end.cause.rawValue)
                json.texts("reasons", end.reasons)
            }
        }
    }

    private func write(_ due: [Due], to json: inout JSONWriter) {
        guard !due.isEmpty else { return }
        json.key("due")
        json.array { json in
            for due in due {
                json.object { json in
                    json.member("stage", due.word)
                    json.member("before", due.at.description)
                    if let done = due.done { json.member("done", done.description) }
                    json.member(due.isLate ? "daysLate" : "daysLeft", Int64(due.workingDays))
                }
            }
        }
    }
}

extension DisclosureStanding.Matter {
    /// What it is, in a word.
    package var word: String {
        switch self {
        case .request: "request"
        case .assistance: "assistance"
        case .grant: "grant"
        }
    }
}

extension DisclosureStanding.Due {
    /// The stage in a word; an answer for which first something must be published is a stage of its own.
    package var word: String { isPublished ? stage.rawValue : "publish" }
}

extension DisclosureScope {
    fileprivate func write(to json: inout JSONWriter) {
        json.member("owner", owner)
        json.key("fields")
        json.object { json in
            json.texts("types", fields.types)
            json.texts("compartments", fields.compartments)
            json.texts("classes", fields.classes.map(\.rawValue))
            json.texts("pointers", fields.pointers)
        }
        json.texts("roles", roles)
        json.texts("objects", objects.map(\.text))
        json.member("purpose", purpose)
        json.member("case", caseName)
        if let from { json.member("from", from.description) }
        json.member("to", to.description)
    }
}

extension JSONWriter {
    /// A member that is an array of texts; none if there are none.
    fileprivate mutating func texts(_ key: String, _ texts: [String]) {
        guard !texts.isEmpty else { return }
        self.key(key)
        array { json in for text in texts { json.string(text) } }
    }
}
