internal import EventLog

/// The tags by which an entry addresses agencies: `agency:CODE`.
enum AddressTag {
    static let kind = "agency"

    /// The tag that addresses an agency, or nil if its code can stand in no tag.
    static func of(_ agency: String) -> Tag? { try? Tag(kind: kind, value: agency) }
}
