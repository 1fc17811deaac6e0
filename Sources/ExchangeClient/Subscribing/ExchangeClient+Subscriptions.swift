public import EventLog
internal import JSON

extension ExchangeClient {
    /// Makes a subscription, or changes it: then its consumers come again by themselves, and its cursor stays.
    ///
    /// - Throws: ``ClientError``: `.refused` if the server refuses the terms.
    @discardableResult
    public func define(
        subscription name: String, _ terms: SubscriptionTerms
    ) async throws(ClientError) -> ServedSubscription {
        let request = ClientRequest(
            method: "PUT", path: ["subscriptions", name], parameters: terms.parameters,
            headers: [("Content-Type", "application/json")], body: terms.json)
        return try ServedSubscription(try Self.parse(try await transport.collect(request)))
    }

    /// The subscriptions of the agency that calls, by their names.
    public func subscriptions() async throws(ClientError) -> [ServedSubscription] {
        let root = try Self.parse(try await transport.collect(ClientRequest(path: ["subscriptions"])))
        guard let all = root["subscriptions"] else {
            throw ClientError(.malformedAnswer, "The server's answer has no subscriptions.")
        }
        var found: [ServedSubscription] = []
        for one in all.elements { found.append(try ServedSubscription(one)) }
        return found
    }

    /// What a subscription is, and how far it is.
    public func subscription(_ name: String) async throws(ClientError) -> ServedSubscription {
        try ServedSubscription(
            try Self.parse(try await transport.collect(ClientRequest(path: ["subscriptions", name]))))
    }

    /// Ends a subscription, and all that the server kept of it: its consumers are sent away.
    ///
    /// - Throws: ``ClientError``: `.refused` with `unknownSubscription` if there is none, and also if an earlier try of this ended
    ///   it and its answer did not come.
    public func delete(subscription name: String) async throws(ClientError) {
        _ = try await transport.collect(ClientRequest(method: "DELETE", path: ["subscriptions", name]))
    }

    // MARK: What is delivered

    /// What a subscription delivers to a consumer. Nothing is asked for before it is iterated over.
    public func deliveries(of subscription: String, to consumer: SubscriptionConsumer) -> Deliveries {
        Deliveries(transport, subscription, consumer)
    }

    /// Says what became of deliveries; durable on return. It may be said again.
    ///
    /// - Parameter outcomes: At most 10,000.
    public func settle(
        _ outcomes: [Position: DeliveryOutcome], of subscription: String
    ) async throws(ClientError) -> SettledDeliveries {
        var failures = 0
        while true {
            do throws(ClientError) {
                return try await Self.settle(
                    outcomes, at: ["subscriptions", subscription, "acknowledgements"], over: transport)
            } catch {
                failures += 1
                try await transport.wait(after: failures, error)
            }
        }
    }

    /// Says it once.
    static func settle(
        _ outcomes: [Position: DeliveryOutcome], at path: [String], over transport: Transport
    ) async throws(ClientError) -> SettledDeliveries {
        let request = ClientRequest(
            method: "POST", path: path, headers: [("Content-Type", "application/json")],
            body: DeliveryOutcome.json(outcomes))
        return try SettledDeliveries(try parse(try await Transport.bytes(try await transport.send(request))))
    }

    // MARK: What is parked

    /// The events that a subscription has parked.
    public func parked(of subscription: String) async throws(ClientError) -> [ParkedDelivery] {
        var found: [ParkedDelivery] = []
        for line in try await lines(of: ["subscriptions", subscription, "parked"]) {
            found.append(try ParkedDelivery(line))
        }
        return found
    }

    /// Has parked events delivered again, as if for the first time.
    ///
    /// - Parameter positions: Which; nil for all.
    /// - Returns: How many.
    /// - Throws: ``ClientError``: `.refused` with `notParked` if one of them is not.
    @discardableResult
    public func replay(_ positions: [Position]? = nil, of subscription: String) async throws(ClientError) -> Int {
        var json = JSONWriter()
        json.object { json in
            guard let positions else {
                json.key("all")
                return json.bool(true)
            }
            json.key("positions")
            json.array { json in for position in positions { json.integer(Int64(clamping: position)) } }
        }
        let lines = try await post(json.bytes, to: ["subscriptions", subscription, "parked", "replay"])
        guard
            let count = try lines.first.map({ line throws(ClientError) in try Self.parse(line) })?["replayed"]?.integer
        else { throw ClientError(.malformedAnswer, "The server does not say how many events it replays.") }
        return Int(clamping: count)
    }

    /// Gives a parked event up: it is not delivered any more.
    public func giveUp(_ position: Position, of subscription: String) async throws(ClientError) {
        let path = ["subscriptions", subscription, "parked", String(position)]
        _ = try await transport.collect(ClientRequest(method: "DELETE", path: path))
    }
}
