internal import EventLog
internal import JSON

/// What became of a delivery.
public enum DeliveryOutcome: Sendable, Hashable {
    /// It was dealt with, and does not come again.
    case acknowledged
    /// It is parked, with this reason. The reason is kept in the clear: put nothing classified into it.
    case rejected(reason: String)
    /// It comes again after a while, until it was delivered too often.
    case retried(reason: String)

    /// The most bytes of a reason. What is longer is cut.
    public static let maximumReasonBytes = 1_024

    /// The reason as it may be sent: not empty, and not too long.
    static func sent(_ reason: String) -> String {
        guard !reason.isEmpty else { return "No reason was given." }
        guard reason.utf8.count > maximumReasonBytes else { return reason }
        var (cut, bytes) = ("", 0)
        for scalar in reason.unicodeScalars {
            bytes += UTF8.width(scalar)
            guard bytes <= maximumReasonBytes else { break }
            cut.unicodeScalars.append(scalar)
        }
        return cut
    }

    /// The body of `POST /subscriptions/NAME/acknowledgements`.
    static func json(_ outcomes: [Position: DeliveryOutcome]) -> [UInt8] {
        var json = JSONWriter()
        let all = outcomes.sorted { $0.key < $1.key }
        json.object { json in
            json.key("acknowledged")
            json.array { json in
                for (position, outcome) in all where outcome == .acknowledged {
                    json.integer(Int64(clamping: position))
                }
            }
            json.key("rejected")
            json.array { json in
                for (position, outcome) in all {
                    switch outcome {
                    case .acknowledged: continue
                    case .rejected(let reason): write(position, reason, isRetried: false, to: &json)
                    case .retried(let reason): write(position, reason, isRetried: true, to: &json)
                    }
                }
            }
        }
        return json.bytes
    }

    private static func write(_ position: Position, _ reason: String, isRetried: Bool, to json: inout JSONWriter) {
        json.object { json in
            json.member("position", Int64(clamping: position))
            json.member("reason", sent(reason))
            json.key("retry")
            json.bool(isRetried)
        }
    }
}

/// What a consumer throws to say what is to become of a delivery that it cannot deal with.
public struct DeliveryRejection: Error, Sendable, Hashable {
    /// Why, for whoever looks at what is parked. It is kept in the clear: put nothing classified into it.
    public var reason: String
    /// Whether it comes again, or is parked at once.
    public var isRetried: Bool

    public init(_ reason: String, isRetried: Bool = false) {
        (self.reason, self.isRetried) = (reason, isRetried)
    }

    var outcome: DeliveryOutcome { isRetried ? .retried(reason: reason) : .rejected(reason: reason) }
}
