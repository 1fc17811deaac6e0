internal import EventLog
internal import Exchange
internal import ExchangeProtocol
internal import HTTPTypes
internal import JSON
internal import NIOCore

/// `/subscriptions` and what is below it: docs/http.md.
struct SubscriptionEndpoints: Sendable {
    let desk: SubscriptionDesk
    let following: Following

    func answer(_ call: Call) async throws(Problem) -> Answer {
        let agency = try call.caller.member()
        guard call.path.count > 1 else {
            try Self.only(call, .get)
            return try list(call, agency)
        }
        guard SubscriptionLimits.isName(call.path[1]) else {
            throw RequestParameters.bad(
                "A subscription's name has 1 to \(SubscriptionLimits.nameBytes) letters, digits, “.”, “_” and “-”.")
        }
        let name = SubscriptionName(agency: agency, name: call.path[1])
        switch (call.path.count, call.path.dropFirst(2).first) {
        case (2, _):
            switch call.method {
            case .get: return try show(call, name)
            case .put: return try await put(call, name)
            case .delete: return try await delete(call, name)
            default: throw Endpoints.methods("GET, PUT, DELETE")
            }
        case (3, "events"):
            try Self.only(call, .get)
            return try deliver(call, name)
        case (3, "acknowledgements"):
            try Self.only(call, .post)
            return try await acknowledge(call, name)
        case (3, "parked"):
            try Self.only(call, .get)
            return try parked(call, name)
        case (4, "parked") where call.path[3] == "replay":
            try Self.only(call, .post)
            return try await replay(call, name)
        case (4, "parked"):
            try Self.only(call, .delete)
            return try await discard(call, name, call.path[3])
        default:
            throw Problem(
                404, "unknownPath", "There is nothing here",
                "Below a subscription there is events, acknowledgements, parked and parked/replay.")
        }
    }

    private static func only(_ call: Call, _ method: HTTPRequest.Method) throws(Problem) {
        guard call.method == method else { throw Endpoints.methods(method.rawValue) }
    }

    // MARK: What there is

    private func list(_ call: Call, _ agency: String) throws(Problem) -> Answer {
        try call.parameters().end()
        let (all, head) = (desk.subscriptions(of: agency), try head())
        return .json { json in
            json.object { json in
                json.key("subscriptions")
                json.array { json in
                    for (name, subscription) in all {
                        switch subscription {
                        case .success(let live): Self.write(live, head, to: &json)
                        case .failure(let problem):
                            json.object { json in
                                json.member("name", name.name)
                                json.key("problem")
                                problem.write(to: &json)
                            }
                        }
                    }
                }
            }
        }
    }

    private func show(_ call: Call, _ name: SubscriptionName) throws(Problem) -> Answer {
        try call.parameters().end()
        let (live, head) = (try desk.subscription(name), try head())
        return .json { Self.write(live, head, to: &$0) }
    }

    private static func write(_ live: LiveSubscription, _ head: Position, to json: inout JSONWriter) {
        let figures = live.figures
        json.object { json in
            json.member("name", live.name.name)
            live.definition.write(to: &json)
            json.key("state")
            json.object { json in
                json.member("cursor", Int64(clamping: figures.cursor))
                json.member("head", Int64(clamping: head))
                json.member("lag", Int64(clamping: head - min(head, figures.cursor)))
                json.member("waiting", Int64(figures.waiting))
                json.member("inFlight", Int64(figures.inFlight))
                json.member("parked", Int64(figures.parked))
                json.member("redelivered", Int64(clamping: figures.redelivered))
                json.key("consumers")
                json.array { json in for consumer in figures.consumers { json.string(consumer) } }
            }
        }
    }

    private func head() throws(Problem) -> Position {
        do throws(ExchangeError) {
            return try following.ledger.currentHead()
        } catch {
            throw Problem(error)
        }
    }

    private func parked(_ call: Call, _ name: SubscriptionName) throws(Problem) -> Answer {
        try call.parameters().end()
        var text: [UInt8] = []
        for event in try desk.parked(desk.subscription(name)) {
            var json = JSONWriter()
            json.object { json in
                json.member("position", Int64(clamping: event.position))
                json.member("reason", event.reason)
                json.member("since", event.since.description)
                json.member("deliveries", Int64(event.deliveries))
            }
            json.endLine()
            text += json.bytes
        }
        return Answer(.ok, MediaType.lines, .bytes(text))
    }

    // MARK: Changing

    private func put(_ call: Call, _ name: SubscriptionName) async throws(Problem) -> Answer {
        var parameters = try call.parameters()
        let body = try await call.collect(upTo: SubscriptionLimits.definitionBytes)
        let (definition, start) = try SubscriptionDefinition.read(body, call.caller, &parameters)
        try parameters.end()
        let (live, isNew) = try await desk.put(name, definition, from: start)
        let head = try head()
        return .json(isNew ? .created : .ok) { Self.write(live, head, to: &$0) }
    }

    private func delete(_ call: Call, _ name: SubscriptionName) async throws(Problem) -> Answer {
        try call.parameters().end()
        try await desk.remove(name)
        return .json { json in json.object { $0.member("deleted", name.name) } }
    }

    private func acknowledge(_ call: Call, _ name: SubscriptionName) async throws(Problem) -> Answer {
        try call.parameters().end()
        let live = try desk.subscription(name)
        let body = try AcknowledgementBody(await call.collect(upTo: SubscriptionLimits.requestBytes))
        let (answered, cursor) = try await live.answer(body.acknowledged, body.rejected)
        return .json { json in
            json.object { json in
                json.member("cursor", Int64(clamping: cursor))
                json.member("acknowledged", Int64(answered.acknowledged))
                json.member("rejected", Int64(answered.rejected))
                json.member("repeated", Int64(answered.repeated))
                json.key("unknown")
                json.array { json in for position in answered.unknown { json.integer(Int64(clamping: position)) } }
            }
        }
    }

    private func replay(_ call: Call, _ name: SubscriptionName) async throws(Problem) -> Answer {
        try call.parameters().end()
        let live = try desk.subscription(name)
        let body = try await call.collect(upTo: SubscriptionLimits.requestBytes)
        guard let root = try? JSONDocument(parsing: body).root, root.members.count == 1,
            root["positions"] != nil || root["all"]?.bool == true
        else {
            throw SubscriptionDefinition.malformed("It is {\"positions\":[POSITION,…]} or {\"all\":true}.")
        }
        let positions = try root["positions"].map { value throws(Problem) in
            Set(try AcknowledgementBody.positions(value, "positions")).sorted()
        }
        let count = try await live.move(positions, .replayed)
        return .json { json in json.object { $0.member("replayed", Int64(count)) } }
    }

    private func discard(_ call: Call, _ name: SubscriptionName, _ text: String) async throws(Problem) -> Answer {
        try call.parameters().end()
        let live = try desk.subscription(name)
        guard let position = Position(text) else {
            throw RequestParameters.bad("What is parked is named by its position.")
        }
        _ = try await live.move([position], .discarded)
        return .json { json in json.object { $0.member("discarded", Int64(clamping: position)) } }
    }

    // MARK: Delivering

    private func deliver(_ call: Call, _ name: SubscriptionName) throws(Problem) -> Answer {
        var parameters = try call.parameters()
        let reader = try call.caller.reader(&parameters)
        _ = try parameters.flag("follow")
        guard let consumer = try parameters.one("consumer"), SubscriptionLimits.isName(consumer) else {
            throw RequestParameters.bad(
                "“consumer” is the name of who takes the events, 1 to \(SubscriptionLimits.nameBytes) letters, digits, “.”, "
                    + "“_” and “-”; each consumer has its own.")
        }
        try parameters.end()
        let live = try desk.subscription(name)
        guard reader == live.reader else { throw Self.otherReader(live.definition) }
        let isEventStream = MediaType.accepts(call.headers[.accept], MediaType.eventStream)
        let feed = SubscriptionFeed(
            live: live, consumer: consumer, standing: call.standing, on: following,
            form: isEventStream ? .events : .lines)
        var answer = Answer(
            .ok, isEventStream ? MediaType.eventStream : MediaType.lines,
            .stream { [connection = call.connection] stream in try await feed.run(&stream, over: connection) })
        answer.headers[.cacheControl] = "no-store"
        return answer
    }

    private static func otherReader(_ definition: SubscriptionDefinition) -> Problem {
        func told(_ name: String, _ value: String?) -> String { "\(name) \(value.map { "“\($0)”" } ?? "none")" }
        let expected = [
            told("role", definition.role), told("purpose", definition.purpose), told("case", definition.caseName),
        ]
        return Problem(
            403, "otherReader", "The subscription reads as somebody else",
            "The subscription reads with \(expected.joined(separator: ", ")). Ask with a token that says the same, or change "
                + "the subscription with one that says what yours does.")
    }
}
