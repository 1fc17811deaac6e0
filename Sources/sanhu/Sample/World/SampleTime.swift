import EventLog

/// A moment of the sample, to the second, on the clocks of China (+08:00 all year).
struct SampleTime: Hashable, Comparable, Sendable {
    /// Seconds since 1970-01-01T00:00:00+08:00.
    let seconds: Int

    init(seconds: Int) {
        self.seconds = seconds
    }

    /// A moment of a day.
    init(year: Int, month: Int, day: Int, hour: Int) {
        // Days from March on, so that the leap day is a year's last.
        let shifted = month <= 2 ? year - 1 : year
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let days = shifted * 365 + shifted / 4 - shifted / 100 + shifted / 400 + dayOfYear - 719_468
        self.init(seconds: days * SampleTime.day + hour * SampleTime.hour)
    }

    /// The beginning of a day, `2018-04-17`; nil if the text is none of the years 1970 to 2199.
    init?(day text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) ?? -1 }
        guard text.utf8.count == 10, parts.count == 3, (1970...2199).contains(parts[0]) else { return nil }
        self.init(year: parts[0], month: parts[1], day: parts[2], hour: 0)
        guard dateText == text else { return nil }
    }

    /// When inspection and quarantine became a part of customs (关检合一).
    static let merger = SampleTime(year: 2018, month: 4, day: 20, hour: 0)

    /// As a ledger writes it.
    var timestamp: Timestamp { Timestamp(microseconds: Int64(seconds - 8 * SampleTime.hour) * 1_000_000) }

    static let minute = 60
    static let hour = 3600
    static let day = 86_400

    static func < (left: SampleTime, right: SampleTime) -> Bool { left.seconds < right.seconds }
    static func + (time: SampleTime, seconds: Int) -> SampleTime { SampleTime(seconds: time.seconds + seconds) }
    static func - (time: SampleTime, seconds: Int) -> SampleTime { SampleTime(seconds: time.seconds - seconds) }

    /// The hour of the day, 0 to 23.
    var hourOfDay: Int { seconds % SampleTime.day / SampleTime.hour }

    /// The same moment if offices are open then, from eight to eight; otherwise within an hour after they open.
    func inOfficeHours(_ random: inout SplitMix64) -> SampleTime {
        let opening = seconds - seconds % SampleTime.day + 8 * SampleTime.hour
        switch hourOfDay {
        case 8..<20: return self
        case ..<8: return SampleTime(seconds: opening + random.below(SampleTime.hour))
        default: return SampleTime(seconds: opening + SampleTime.day + random.below(SampleTime.hour))
        }
    }

    /// The year, month and day.
    var date: (year: Int, month: Int, day: Int) {
        let days = seconds / SampleTime.day + 719_468
        let era = days / 146_097
        let dayOfEra = days % 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (era * 400 + yearOfEra + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    }

    /// The day as ISO 8601 writes it, `2017-05-09`.
    var dateText: String { String(decoding: dateBytes(reserving: 10), as: UTF8.self) }

    /// The moment as RFC 3339 writes it, `2017-05-09T09:41:07+08:00`.
    var text: String {
        var bytes = dateBytes(reserving: 25)
        let inDay = seconds % SampleTime.day
        bytes.append(UInt8(ascii: "T"))
        SampleTime.append(inDay / 3600, 2, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        SampleTime.append(inDay / 60 % 60, 2, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        SampleTime.append(inDay % 60, 2, to: &bytes)
        bytes.append(contentsOf: "+08:00".utf8)
        return String(decoding: bytes, as: UTF8.self)
    }

    private func dateBytes(reserving capacity: Int) -> [UInt8] {
        let (year, month, day) = date
        var bytes: [UInt8] = []
        bytes.reserveCapacity(capacity)
        SampleTime.append(year, 4, to: &bytes)
        bytes.append(UInt8(ascii: "-"))
        SampleTime.append(month, 2, to: &bytes)
        bytes.append(UInt8(ascii: "-"))
        SampleTime.append(day, 2, to: &bytes)
        return bytes
    }

    /// Appends the last digits of a number.
    private static func append(_ number: Int, _ digits: Int, to bytes: inout [UInt8]) {
        var divisor = digits == 4 ? 1_000 : 10
        while divisor > 0 {
            bytes.append(UInt8(ascii: "0") + UInt8(number / divisor % 10))
            divisor /= 10
        }
    }
}
