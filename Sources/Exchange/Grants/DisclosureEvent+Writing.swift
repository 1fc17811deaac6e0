internal import EventLog
internal import JSON

/// What an event about disclosure says and its schema seals. It is not kept in ``DisclosureEvent``, which everyone reads.
public enum DisclosureDetail: Sendable, Hashable {
    /// The grounds of a request for disclosure; whom or what a case is about, in a request for assistance.
    case text(String)
    /// What is delivered with the answer to a request for assistance.
    case evidence([String])
}

extension DisclosureEvent {
    /// The type of the event.
    public var type: String { kind.rawValue }

    /// Writes the event's `data`, of which reading makes the same event again.
    ///
    /// - Parameter detail: What is to be sealed, if anything.
    /// - Returns: Compact JSON; the same event is always written in the same way.
    /// - Throws: ``ExchangeError`` with code `.eventInvalid` and the path of what could not be read again: what is empty,
    ///   too long, or out of place.
    public func data(_ detail: DisclosureDetail? = nil) throws(ExchangeError) -> [UInt8] {
        var json = JSONWriter()
        json.object { json in
            write(to: &json)
            write(detail, to: &json)
        }
        let document: JSONDocument
        do throws(JSONError) {
            document = try JSONDocument(parsing: json.bytes)
        } catch {
            throw ExchangeError(.eventInvalid, "The event cannot be written: \(error)")
        }
        guard try DisclosureEvent(type: type, data: document.root) == self, takes(detail) else {
            throw ExchangeError(
                .eventInvalid,
                "The event says what its data cannot: fields of several owners, or a detail that its type has not.")
        }
        return json.bytes
    }

    private func takes(_ detail: DisclosureDetail?) -> Bool {
        switch (self, detail) {
        case (_, nil), (.requested, .text), (.assistanceRequested, .text), (.assistanceAnswered, .evidence): true
        default: false
        }
    }

    private func write(_ detail: DisclosureDetail?, to json: inout JSONWriter) {
        switch detail {
        case nil: break
        case .text(let text): json.member(kind == .requested ? "purposeDetail" : "subject", text)
        case .evidence(let evidence): json.member("evidence", evidence)
        }
    }

    private func write(to json: inout JSONWriter) {
        switch self {
        case .requested(let request):
            request.scope.write(to: &json)
            if let assistance = request.assistance { json.position("assistance", assistance) }
        case .checked(let request, let conforms, let reasons):
            json.position("request", request)
            json.key("conforms")
            json.bool(conforms)
            json.filled("reasons", reasons)
        case .decided(let ruling): ruling.write(to: &json)
        case .expired(let grant): json.position("grant", grant)
        case .lapsed(let request): json.position("request", request)
        case .revoked(let grant, let reasons):
            json.position("grant", grant)
            json.member("reasons", reasons)
        case .disputed(let decision, let reasons):
            json.position("decision", decision)
            json.member("reasons", reasons)
        case .assistanceRequested(let request):
            json.member("kind", request.kind.rawValue)
            request.scope.write(to: &json)
            json.member("deadline", request.deadline.description)
        case .assistanceAnswered(let answer):
            json.position("assistance", answer.assistance)
            json.member("result", answer.result.rawValue)
            json.filled("reasons", answer.reasons)
        case .assistanceClosed(let assistance, let reasons):
            json.position("assistance", assistance)
            json.filled("reasons", reasons)
        }
    }
}

extension DisclosureScope {
    fileprivate func write(to json: inout JSONWriter) {
        json.member("owner", owner)
        json.key("fields")
        json.object(fields.write)
        json.filled("roles", roles)
        json.member("objects", objects.map(\.text))
        json.member("purpose", purpose)
        json.member("case", caseName)
        if let from { json.member("from", from.description) }
        json.member("to", to.description)
    }
}

extension DisclosureRuling {
    fileprivate func write(to json: inout JSONWriter) {
        json.position("request", request)
        json.member("outcome", outcome.rawValue)
        json.member("reasons", reasons)
        if let fields = part.fields {
            json.key("fields")
            json.object(fields.write)
        }
        if let roles = part.roles { json.member("roles", roles) }
        if let objects = part.objects { json.member("objects", objects.map(\.text)) }
        if let from = part.from { json.member("from", from.description) }
        if let to = part.to { json.member("to", to.description) }
    }
}

extension FieldSelector {
    fileprivate func write(to json: inout JSONWriter) {
        json.filled("types", types)
        json.filled("compartments", compartments)
        json.filled("classes", classes.map(\.rawValue))
        json.filled("pointers", pointers)
    }
}

extension JSONWriter {
    fileprivate mutating func position(_ key: String, _ position: Position) {
        member(key, Int64(clamping: position))
    }

    fileprivate mutating func member(_ key: String, _ texts: [String]) {
        self.key(key)
        array { json in for text in texts { json.string(text) } }
    }

    /// A list that is left out if it is empty.
    fileprivate mutating func filled(_ key: String, _ texts: [String]) {
        if !texts.isEmpty { member(key, texts) }
    }
}
