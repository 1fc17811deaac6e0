internal import EventLog

/// A time as the port's clocks show it, at +08:00.
struct LocalTime {
    /// `2026-03-01`
    let day: String
    /// `08:15:30`
    let clock: String

    init(_ time: Timestamp) {
        let shifted = Timestamp(
            microseconds: time.microseconds.addingReportingOverflow(8 * 3_600 * 1_000_000).partialValue)
        let parts = shifted.description.split(separator: "T", maxSplits: 1)
        day = parts.first.map(String.init) ?? ""
        clock = parts.count > 1 ? String(parts[1].prefix(8)) : ""
    }

    var text: String { "\(day) \(clock)" }
}
