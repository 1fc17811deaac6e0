internal import EventLog
internal import Exchange
internal import ExchangeProtocol
internal import HTTPTypes
internal import JSON
internal import Views

/// `/disclosures` and what is below it: as `sanhu disclose`.
struct DisclosureEndpoints: Routing {
    let book: Rulebook
    private static let bodyBytes = 256 << 10
    private static let maximumRows = 1_000

    /// What is done about a request, a decision or a grant.
    private enum Deed: String, CaseIterable {
        case check, decision, dispute, revocation

        var type: String {
            switch self {
            case .check: "sanhu.disclosure.checked"
            case .decision: "sanhu.disclosure.decided"
            case .dispute: "sanhu.disclosure.disputed"
            case .revocation: "sanhu.disclosure.revoked"
            }
        }

        /// The member that names what it is about.
        var member: String {
            switch self {
            case .check, .decision: "request"
            case .dispute: "decision"
            case .revocation: "grant"
            }
        }
    }

    var routes: [Route] {
        [
            .apart(DisclosureOperations.listing) { call async throws(Problem) in try await list(call) },
            .apart(DisclosureOperations.requesting) { call async throws(Problem) in
                try await append(call, "sanhu.disclosure.requested", about: nil)
            },
        ]
            + zip(Deed.allCases, DisclosureOperations.deeds).map { deed, operation in
                .apart(operation) { call async throws(Problem) in
                    guard let position = Position(call.path[1]) else {
                        throw RequestParameters.bad("“\(call.path[1].prefix(64))” is no position.")
                    }
                    return try await append(call, deed.type, about: (deed.member, position))
                }
            }
    }

    // MARK: Listing

    private func list(_ call: Call) async throws(Problem) -> Answer {
        _ = try call.caller.member()
        var parameters = try call.parameters()
        let reader = try call.caller.reader(&parameters)
        let (all, overdue) = (try parameters.flag("all"), try parameters.flag("overdue"))
        var states: Set<DisclosureStanding.State> = []
        for word in try parameters.several("state") {
            guard let state = DisclosureStanding.State(rawValue: word) else {
                let known = DisclosureStanding.State.allCases.map(\.rawValue).joined(separator: ", ")
                throw RequestParameters.bad("“state” is one of \(known).")
            }
            states.insert(state)
        }
        let limit = try parameters.number("limit", 1...UInt64(Self.maximumRows)).map { Int($0) } ?? 100
        var next: Position? = try parameters.number("from") ?? 0
        try parameters.end()
        var found: [DisclosureStanding] = []
        while found.count < limit, let first = next {
            do throws(ExchangeError) {
                let part = try await book.ledger.standings(
                    for: reader, includingOthers: all, from: first, limit: limit - found.count)
                found += part.standings.filter {
                    (!overdue || $0.isOverdue) && (states.isEmpty || states.contains($0.state))
                }
                next = part.next
            } catch {
                throw Problem(error)
            }
        }
        var text: [UInt8] = []
        for standing in found { text += Self.line { standing.write(to: &$0) } }
        if let next { text += Self.line { $0.member("next", Int64(clamping: next)) } }
        var answer = Answer(.ok, MediaType.lines, .bytes(text))
        answer.headers[.cacheControl] = "no-store"
        return answer
    }

    private static func line(_ write: (inout JSONWriter) -> Void) -> [UInt8] {
        var json = JSONWriter()
        json.object(write)
        json.endLine()
        return json.bytes
    }

    // MARK: Doing

    private func append(
        _ call: Call, _ type: String, about named: (member: String, position: Position)?
    ) async throws(Problem) -> Answer {
        let agency = try call.caller.member()
        var parameters = try call.parameters()
        let (id, source) = (try parameters.one("id"), try parameters.one("source"))
        try parameters.end()
        let body = try await call.collect(upTo: Self.bodyBytes)
        guard let root = try? JSONDocument(parsing: body).root, root.kind == .object else {
            throw Problem(400, "malformedBody", "The body is malformed", "It is a JSON object: the data of \(type).")
        }
        if let name = named?.member, root[name] != nil {
            throw Problem(400, "malformedBody", "The body is malformed", "Leave out “\(name)”: the path says it.")
        }
        if root.members.contains(where: { $0.key.hasPrefix("_sd") }) {
            throw Problem(400, "malformedBody", "The body is malformed", "The ledger seals what is to be sealed.")
        }
        let result: (receipts: [Receipt], warnings: [RuleWarning])
        do throws(ExchangeError) {
            let (event, detail) = try Self.event(root, type, named)
            let composed = try book.ledger.compose(event, detail: detail, as: agency, id: id, source: source)
            result = try await book.appendTelling([composed], as: agency)
        } catch {
            throw Problem(error)
        }
        guard let receipt = result.receipts.first else {
            throw Problem(ExchangeError(.log, "The log gave no receipt."))
        }
        let writer = ReceiptWriter(log: book.ledger.log, wantsProof: false)
        let text = try writer.text(of: receipt, result.warnings.map(\.reason))
        let isNew = if case .appended = receipt { true } else { false }
        var answer = Answer.json(isNew ? .created : .ok) { $0.raw(text) }
        answer.headers[.location] = "/events?from=\(receipt.position)&limit=1"
        return answer
    }

    /// The event of a body, with what the path says of it, and what of it is to be sealed.
    private static func event(
        _ root: JSONValue, _ type: String, _ named: (member: String, position: Position)?
    ) throws(ExchangeError) -> (DisclosureEvent, DisclosureDetail?) {
        var json = JSONWriter()
        json.object { json in
            for (name, value) in root.members {
                json.key(name)
                json.raw(value.text)
            }
            if let named { json.member(named.member, Int64(clamping: named.position)) }
        }
        guard let data = try? JSONDocument(parsing: json.bytes).root,
            let event = try DisclosureEvent(type: type, data: data)
        else { throw ExchangeError(.eventInvalid, "The body is not the data of \(type).") }
        return (event, root["purposeDetail"]?.string.map { .text($0) })
    }
}
