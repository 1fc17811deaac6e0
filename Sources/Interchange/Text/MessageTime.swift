/// A moment as a message states it: the text for the event, and the seconds to order by.
struct MessageTime: Hashable, Sendable, Comparable {
    /// RFC 3339, with the offset the message gave.
    let text: String

    /// Whether the message gave no offset and one was assumed.
    let assumesZone: Bool

    /// What a time without an offset is taken for.
    enum Zone: Sendable {
        case utc
        /// +08:00 all year: receipts of China's single window and customs give no offset.
        case china
    }

    private let seconds: Int64
    private let nanoseconds: Int64

    /// Reads the date formats of the WCO messages and of the movement messages beside them:
    /// `CCYYMMDDhhmmss` with `Z`, `±hh`, `±hhmm` or nothing (UN/EDIFACT 2379 code 304 and 204), `CCYYMMDD` (102), and
    /// ISO 8601 with or without a fraction and an offset. White space around it is ignored. Chinese receipts have two forms more:
    /// `20180208T15032200` and `20180208150322000`, with hundredths or thousandths of the second at the end.
    ///
    /// - Returns: Nil if it is none of these or no such moment exists.
    init?(_ source: String, assuming zone: Zone) {
        var scanner = DigitScanner(source.filter { !$0.isWhitespace }.utf8)
        guard let year = scanner.digits(4) else { return nil }
        let isExtended = scanner.skip("-")
        guard let month = scanner.digits(2), isExtended == scanner.skip("-"), let day = scanner.digits(2),
            (1...12).contains(month), day >= 1, day <= Self.days(in: month, of: year)
        else { return nil }
        var clock: (hour: Int64, minute: Int64, second: Int64) = (0, 0, 0)
        var fraction = ""
        var offset = zone == .utc ? Offset.utc : .china
        if !scanner.isAtEnd {
            let isSeparated = scanner.skip("T") || scanner.skip("t")
            if isExtended { guard isSeparated else { return nil } }
            guard let hour = scanner.digits(2), isExtended == scanner.skip(":"), let minute = scanner.digits(2),
                isExtended == scanner.skip(":"), let second = scanner.digits(2),
                hour < 24, minute < 60, second < 60
            else { return nil }
            clock = (hour, minute, second)
            if isExtended, scanner.skip(".") {
                fraction = scanner.run(atMost: 9)
                guard !fraction.isEmpty else { return nil }
            } else if !isExtended {
                if let thousandths = scanner.digits(3) {
                    fraction = Self.pad(thousandths, 3)
                } else if let hundredths = scanner.digits(2) {
                    fraction = Self.pad(hundredths)
                }
            }
            guard let stated = Self.offset(&scanner, or: offset), scanner.isAtEnd else { return nil }
            offset = stated
        }
        let padded = fraction + String(repeating: "0", count: 9 - fraction.count)
        nanoseconds = Int64(padded) ?? 0
        let days = Self.daysSinceEpoch(year, month, day)
        seconds = days * 86_400 + clock.hour * 3600 + clock.minute * 60 + clock.second - offset.minutes * 60
        assumesZone = !offset.isStated
        text =
            "\(Self.pad(year, 4))-\(Self.pad(month))-\(Self.pad(day))"
            + "T\(Self.pad(clock.hour)):\(Self.pad(clock.minute)):\(Self.pad(clock.second))"
            + (fraction.isEmpty ? "" : "." + fraction) + offset.text
    }

    /// As the other, of messages whose times without an offset are taken for UTC.
    init?(_ source: String) { self.init(source, assuming: .utc) }

    static func < (left: MessageTime, right: MessageTime) -> Bool {
        (left.seconds, left.nanoseconds) < (right.seconds, right.nanoseconds)
    }

    /// How far local time is from UTC.
    private struct Offset {
        static let utc = Offset(text: "Z", minutes: 0, isStated: false)
        static let china = Offset(text: "+08:00", minutes: 480, isStated: false)
        var text: String
        var minutes: Int64
        var isStated = true
    }

    /// The offset that ends a time, or nil if what stands there is not one.
    private static func offset(_ scanner: inout DigitScanner, or assumed: Offset) -> Offset? {
        if scanner.isAtEnd { return assumed }
        if scanner.skip("Z") || scanner.skip("z") { return Offset(text: "Z", minutes: 0) }
        let isNegative = scanner.skip("-")
        guard isNegative || scanner.skip("+"), let hours = scanner.digits(2), hours < 24 else { return nil }
        _ = scanner.skip(":")
        guard let minutes = scanner.isAtEnd ? 0 : scanner.digits(2), minutes < 60 else { return nil }
        return Offset(
            text: "\(isNegative ? "-" : "+")\(pad(hours)):\(pad(minutes))",
            minutes: (hours * 60 + minutes) * (isNegative ? -1 : 1))
    }

    static func days(in month: Int64, of year: Int64) -> Int64 {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// Days from 1970-01-01 to a date of the Gregorian calendar; March counts as the first month, so that the leap
    /// day is the last day of the year.
    private static func daysSinceEpoch(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        let shifted = month <= 2 ? year - 1 : year
        let monthIndex = (month + 9) % 12
        let dayOfYear = (153 * monthIndex + 2) / 5 + day - 1
        return 365 * shifted + shifted / 4 - shifted / 100 + shifted / 400 + dayOfYear - 719_468
    }

    private static func pad(_ value: Int64, _ width: Int = 2) -> String {
        let digits = String(value)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
