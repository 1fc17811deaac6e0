/// How the ledger itself speaks in its logs. No charter is needed for it, and no agency can speak so: intake refuses its
/// sources and types.
enum LedgerVoice {
    /// The agency of what the ledger appends: the single window.
    static let agency = "SW"
    /// The source of access records and of their anchors.
    static let accessSource = "/access"
    /// The types of events that only the ledger appends, in either log.
    static let types: Set<String> = [AccessRecord.eventType, AccessAnchor.eventType]

    /// 128 bits of chance, in hexadecimal.
    static func newID() -> String {
        var generator = SystemRandomNumberGenerator()
        return [generator.next(), generator.next()].map { (word: UInt64) in
            let digits = String(word, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }
}
