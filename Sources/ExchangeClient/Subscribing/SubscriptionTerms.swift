public import EventLog
internal import JSON

/// What a durable subscription is about, and how it delivers: docs/http.md. What is nil is as the server has it.
public struct SubscriptionTerms: Sendable, Hashable {
    /// Where a subscription begins.
    public enum Start: Sendable, Hashable {
        case position(Position)
        /// With what comes after it was made.
        case now
    }

    public var query: Query
    /// Counts when the subscription is made; nil begins at 0. After that its cursor counts.
    public var start: Start?
    /// A kind of tag: of events whose first tag of that kind is the same, one is out at a time, in the order of the log.
    public var key: String?
    /// Seconds until what was delivered and not settled is delivered again; 1 to 3,600.
    public var redeliverAfter: Int?
    /// After how many deliveries an event is parked; 1 to 1,000.
    public var maximumDeliveries: Int?
    /// What one consumer holds that is not settled; 1 to 1,000.
    public var maximumInFlight: Int?
    /// How many events from the first that is not settled on are handed out; 1 to 10,000.
    public var window: Int?
    /// Whether events are brought up to the latest versions of their schemas.
    public var upcasts = false
    /// Role, purpose and case of who calls with a certificate; a token says its own.
    public var role: String?
    public var purpose: String?
    public var caseName: String?

    public init(_ query: Query = .all, start: Start? = nil, key: String? = nil) {
        (self.query, self.start, self.key) = (query, start, key)
    }

    /// The definition as it is handed in.
    var json: [UInt8] {
        var json = JSONWriter()
        json.object { json in
            // A query as text cannot hold every tag; one item needs no text.
            if query.items.count == 1, let item = query.items.first {
                json.key("type")
                json.array { json in for type in item.types { json.string(type) } }
                json.key("tag")
                json.array { json in for tag in item.tags { json.string(tag.text) } }
            } else if !query.matchesAll {
                json.member("query", query.description)
            }
            switch start {
            case .position(let position)?: json.member("from", Int64(clamping: position))
            case .now?: json.member("from", "now")
            case nil: break
            }
            if let key { json.member("key", key) }
            let numbers = [
                ("redeliverAfter", redeliverAfter), ("maximumDeliveries", maximumDeliveries),
                ("maximumInFlight", maximumInFlight), ("window", window),
            ]
            for (name, number) in numbers { if let number { json.member(name, Int64(number)) } }
            if upcasts {
                json.key("upcast")
                json.bool(true)
            }
        }
        return json.bytes
    }

    /// What stands in the request beside the definition.
    var parameters: [(name: String, value: String)] { claimParameters(role, purpose, caseName) }
}

/// Role, purpose and case as parameters, so far as they are said.
func claimParameters(_ role: String?, _ purpose: String?, _ caseName: String?) -> [(name: String, value: String)] {
    [("role", role), ("purpose", purpose), ("case", caseName)].compactMap { name, value in value.map { (name, $0) } }
}
