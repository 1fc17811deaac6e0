public import EventLog

/// How long an owner may take over a request for disclosure, in working days of the port.
public struct DisclosureDeadlines: Sendable, Hashable {
    /// Working days to check whether a request is in order.
    public let check: Int
    /// Working days to answer it.
    public let answer: Int
    /// Working days to answer it if the data was not published before.
    public let answerUnpublished: Int
    /// How far the port's clock is ahead of UTC.
    public let minutesAheadOfUTC: Int
    /// Days that are free though they are no Saturday or Sunday, as days since 1970-01-01, sorted.
    let holidays: [Int]
    /// Saturdays and Sundays that are worked (调休), as days since 1970-01-01, sorted.
    let workdays: [Int]

    /// 2 working days to check, 5 to answer, 10 for what was not published, by the clock of Asia/Shanghai.
    public static let `default` = DisclosureDeadlines(
        check: 2, answer: 5, answerUnpublished: 10, minutesAheadOfUTC: 480, holidays: [], workdays: [])

    private static let day: Int64 = 86_400_000_000

    init(
        check: Int, answer: Int, answerUnpublished: Int, minutesAheadOfUTC: Int, holidays: [Int], workdays: [Int]
    ) {
        self.check = check
        self.answer = answer
        self.answerUnpublished = answerUnpublished
        self.minutesAheadOfUTC = minutesAheadOfUTC
        self.holidays = holidays
        self.workdays = workdays
    }

    /// The usual deadlines, by a calendar of days written `2024-02-10`; texts that are no days are left out.
    package init(check: Int = 2, holidays: [String], workdays: [String]) {
        self.init(
            check: check, answer: 5, answerUnpublished: 10, minutesAheadOfUTC: 480,
            holidays: holidays.compactMap(Self.dayNumber(date:)).sorted(),
            workdays: workdays.compactMap(Self.dayNumber(date:)).sorted())
    }

    /// The end of the last of some working days that follow the day of a request.
    ///
    /// - Parameter days: How many, such as ``answer``; at most ``CharterLimits/workingDays`` count.
    /// - Returns: The midnight, at the port, after that day.
    /// - Complexity: O(*d* log *h*) in the days on the way and the holidays.
    public func due(_ days: Int, after request: Timestamp) -> Timestamp {
        let ahead = Int64(minutesAheadOfUTC) * 60_000_000
        var day = Self.dayNumber(Timestamp(microseconds: request.microseconds + ahead))
        var left = min(days, CharterLimits.workingDays)
        // Even if all days were declared holidays this ends.
        var steps = 2 * CharterLimits.holidays + 7 * CharterLimits.workingDays
        while left > 0, steps > 0 {
            day += 1
            steps -= 1
            if isWorked(day) { left -= 1 }
        }
        return Timestamp(microseconds: Int64(day + 1) * Self.day - ahead)
    }

    /// How many working days there are after the day of one time, up to and with that of another.
    ///
    /// - Complexity: O(*d* log *h*) in the days between them, of which at most 36,600 count, and the holidays.
    public func workingDays(after start: Timestamp, to end: Timestamp) -> Int {
        let ahead = Int64(minutesAheadOfUTC) * 60_000_000
        let first = Self.dayNumber(Timestamp(microseconds: start.microseconds + ahead)) + 1
        let last = Self.dayNumber(Timestamp(microseconds: end.microseconds + ahead))
        guard first <= last else { return 0 }
        return (first...min(last, first + Self.longestCount)).count { isWorked($0) }
    }

    /// A hundred years.
    private static let longestCount = 36_600

    private func isWorked(_ day: Int) -> Bool {
        // 1970-01-01 was a Thursday.
        let weekday = (day % 7 + 7 + 3) % 7
        return weekday >= 5 ? Self.contains(workdays, day) : !Self.contains(holidays, day)
    }

    private static func contains(_ days: [Int], _ day: Int) -> Bool {
        var (low, high) = (0, days.count)
        while low < high {
            let middle = (low + high) / 2
            if days[middle] < day { low = middle + 1 } else { high = middle }
        }
        return low < days.count && days[low] == day
    }

    /// The day of a time, counted from 1970-01-01.
    static func dayNumber(_ time: Timestamp) -> Int {
        let (day, rest) = time.microseconds.quotientAndRemainder(dividingBy: Self.day)
        return Int(rest < 0 ? day - 1 : day)
    }

    /// The day of a date such as `2026-10-01`, or nil.
    static func dayNumber(date: String) -> Int? {
        date.utf8.count == 10 ? Timestamp(date + "T00:00:00Z").map(dayNumber) : nil
    }

    /// A day as a date.
    static func date(_ dayNumber: Int) -> String {
        String(Timestamp(microseconds: Int64(dayNumber) * day).description.prefix(10))
    }
}
