/// What may name an agency: 1 to ``LogLimits/agencyBytes`` of ASCII letters, digits, `.`, `_` and `-`.
enum AgencyName {
    /// Whether bytes are an agency's name.
    static func isValid(_ name: Span<UInt8>) -> Bool {
        guard !name.isEmpty, name.count <= LogLimits.agencyBytes else { return false }
        for at in name.indices {
            switch name[at] {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
                continue
            default:
                return false
            }
        }
        return true
    }
}
