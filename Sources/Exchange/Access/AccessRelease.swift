internal import EventLog
internal import JSON

/// An agency lets those concerned know what it read in secret (`sanhu.access.released`): access records of its own, by
/// their positions in the access log.
struct AccessRelease: Sendable {
    static let eventType = "sanhu.access.released"
    private static let maximumRanges = 512

    let ranges: [ClosedRange<Position>]

    /// - Throws: ``ExchangeError`` with code `.eventInvalid` and the path of what is wrong.
    init(data: JSONValue) throws(ExchangeError) {
        let data = try EventDataReader(data, keys: ["records", "reasons"])
        ranges = try data.required("records", data.ranges("records", atMost: Self.maximumRanges))
        _ = try data.has("reasons") ? DisclosureEvent.reasons(data) : []
    }
}

/// What has been released: a fold over the releases of a log.
struct AccessReleases: Sendable {
    private struct Release: Sendable {
        let ranges: PositionRanges
        let time: Timestamp
    }

    /// By the agency that released, in the order of the log.
    private var releases: [String: [Release]] = [:]

    mutating func apply(_ release: AccessRelease, by agency: String, at time: Timestamp) {
        releases[agency, default: []].append(Release(ranges: PositionRanges(release.ranges), time: time))
    }

    /// Whether a record was released by an agency. What was recorded after a release was not in it.
    ///
    /// - Complexity: O(*r* · log *n*) in the agency's releases and their ranges.
    func includes(_ position: Position, recorded: Timestamp, by agency: String) -> Bool {
        (releases[agency] ?? []).contains { $0.time >= recorded && $0.ranges.contains(position) }
    }
}
