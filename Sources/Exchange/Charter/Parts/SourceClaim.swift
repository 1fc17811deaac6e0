import EventLog

/// That a `source`, and all that go on after it with `/`, belong to an agency. Of several the longest counts.
public struct SourceClaim: Sendable, Hashable {
    public let prefix: String
    public let agency: String
    public let validity: Validity
}

extension SourceClaim: CharterPart {
    var name: CharterPartName { CharterPartName(prefix) }

    func ended(at time: Timestamp) -> SourceClaim {
        SourceClaim(prefix: prefix, agency: agency, validity: validity.ended(at: time))
    }
}
