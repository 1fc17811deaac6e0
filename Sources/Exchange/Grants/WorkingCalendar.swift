public import EventLog

/// Which days are worked on, at a fixed distance from UTC: weekdays that are no holidays, and the days of weekends that are
/// worked on in exchange for holidays (调休).
public struct WorkingCalendar: Sendable, Hashable {
    /// The most days of either list.
    public static let maximumDays = 10_000

    /// The minutes by which the port's time is ahead of UTC; China has one time, +08:00, without summer time.
    static let minutesAhead: Int64 = 480
    private static let day: Int64 = 86_400_000_000

    private let holidays: Set<Int64>
    private let workedWeekends: Set<Int64>

    /// Makes a calendar of days written `2024-02-10`.
    ///
    /// - Throws: ``ExchangeError`` with code `.malformedCharter` if a text is no day, `.limitExceeded` if there are too many.
    public init(holidays: [String] = [], workedWeekends: [String] = []) throws(ExchangeError) {
        self.holidays = try Self.days(holidays)
        self.workedWeekends = try Self.days(workedWeekends)
    }

    private static func days(_ texts: [String]) throws(ExchangeError) -> Set<Int64> {
        guard texts.count <= maximumDays else {
            throw ExchangeError(.limitExceeded, "A calendar has at most \(maximumDays) days; leave old ones out.")
        }
        var days: Set<Int64> = []
        for text in texts {
            guard text.utf8.count == 10, let noon = Timestamp(text + "T12:00:00+08:00") else {
                throw ExchangeError(.malformedCharter, "“\(text.prefix(20))” is no day; write it like 2024-02-10.")
            }
            days.insert(day(of: noon))
        }
        return days
    }

    /// The number of a day in the port's time, counted from 1970-01-01.
    private static func day(of time: Timestamp) -> Int64 {
        let local = time.microseconds + minutesAhead * 60_000_000
        return local >= 0 ? local / day : (local + 1) / day - 1
    }

    /// The end of the n-th working day after the day a moment lies on, that day not counted: the first moment too late.
    ///
    /// - Parameter days: At least 1.
    /// - Complexity: O(*n* + *h*) in the numbers of days and of holidays.
    public func end(ofWorkingDay days: Int, after time: Timestamp) -> Timestamp {
        var day = Self.day(of: time)
        var left = max(1, days)
        while left > 0 {
            day += 1
            if isWorked(day) { left -= 1 }
        }
        return Timestamp(microseconds: (day + 1) * Self.day - Self.minutesAhead * 60_000_000)
    }

    /// Whether the day a moment lies on is worked on.
    public func isWorkingDay(_ time: Timestamp) -> Bool { isWorked(Self.day(of: time)) }

    private func isWorked(_ day: Int64) -> Bool {
        if holidays.contains(day) { return false }
        // 1970-01-01 was a Thursday: 0 is Monday.
        let weekday = ((day + 3) % 7 + 7) % 7
        return weekday < 5 || workedWeekends.contains(day)
    }
}
