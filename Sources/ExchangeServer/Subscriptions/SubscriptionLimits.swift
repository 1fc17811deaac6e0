/// What subscriptions may not exceed. Each bounds what is kept in memory and on the disk.
enum SubscriptionLimits {
    /// The most subscriptions of an agency, and the most consumers of one.
    static let perAgency = 64
    static let consumers = 64
    /// The most events of a subscription that are parked.
    static let parked = 1_000
    /// The most positions that one request is about, and the most bytes of its body.
    static let positionsPerRequest = 10_000
    static let requestBytes = 2 << 20
    /// The most bytes of the reason of a rejection.
    static let reasonBytes = 1_024
    /// The most bytes of the name of a subscription or a consumer.
    static let nameBytes = 64
    /// The most bytes of a definition.
    static let definitionBytes = 64 << 10
    /// How many events one consumer is handed at once, so that others get their share.
    static let deliveriesAtOnce = 64
    /// How many entries are looked through at once.
    static let entriesAtOnce = 256

    /// Whether a text can name a subscription or a consumer: letters, digits, `.`, `_` and `-`.
    static func isName(_ text: String) -> Bool {
        guard (1...nameBytes).contains(text.utf8.count) else { return false }
        return text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
                true
            default: false
            }
        }
    }
}
