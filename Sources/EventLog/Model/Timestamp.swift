internal import Glibc

/// A point in time, in microseconds since 1970-01-01T00:00:00Z; written `2026-03-01T08:15:30.123456Z`, always 27 bytes.
public struct Timestamp: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// How many bytes a written timestamp has.
    static let byteCount = 27

    public let microseconds: Int64

    public init(microseconds: Int64) {
        self.microseconds = microseconds
    }

    /// The time of the machine's clock.
    public static func now() -> Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1_000)
    }

    /// Reads an RFC 3339 date and time: any number of digits of the second, `Z` or an offset.
    ///
    /// - Returns: nil if the text is not one, or is before the year 1 or after 9999.
    public init?(_ text: some StringProtocol) {
        let bytes = Array(text.utf8)
        self.init(rfc3339: bytes.span)
    }

    /// Reads an RFC 3339 date and time from its bytes.
    init?(rfc3339 bytes: Span<UInt8>) {
        func number(_ start: Int, _ count: Int) -> Int64? {
            var value: Int64 = 0
            for at in start..<start + count {
                guard bytes[at] >= 0x30, bytes[at] <= 0x39 else { return nil }
                value = value * 10 + Int64(bytes[at] - 0x30)
            }
            return value
        }
        guard bytes.count >= 20, bytes[4] == 0x2D, bytes[7] == 0x2D, bytes[10] | 0x20 == 0x74, bytes[13] == 0x3A,
            bytes[16] == 0x3A, let year = number(0, 4), let month = number(5, 2), let day = number(8, 2),
            let hour = number(11, 2), let minute = number(14, 2), let second = number(17, 2),
            year >= 1, (1...12).contains(month), day >= 1, day <= Self.days(inMonth: month, of: year), hour < 24,
            minute < 60, second <= 60
        else { return nil }
        var at = 19
        var fraction: Int64 = 0
        if bytes[at] == 0x2E {
            var unit: Int64 = 100_000
            at += 1
            let first = at
            while at < bytes.count, bytes[at] >= 0x30, bytes[at] <= 0x39 {
                fraction += Int64(bytes[at] - 0x30) * unit
                unit /= 10
                at += 1
            }
            guard at > first else { return nil }
        }
        guard at < bytes.count else { return nil }
        var offset: Int64 = 0
        if bytes[at] | 0x20 == 0x7A {
            guard at + 1 == bytes.count else { return nil }
        } else {
            guard bytes[at] == 0x2B || bytes[at] == 0x2D, at + 6 == bytes.count, bytes[at + 3] == 0x3A,
                let hours = number(at + 1, 2), let minutes = number(at + 4, 2), hours < 24, minutes < 60
            else { return nil }
            offset = (hours * 60 + minutes) * (bytes[at] == 0x2B ? 60 : -60)
        }
        let seconds = ((Self.dayNumber(year, month, day) * 24 + hour) * 60 + minute) * 60 + second - offset
        // An offset or a leap second may lead out of the years that can be written.
        guard seconds >= Self.dayNumber(1, 1, 1) * 86_400, seconds < Self.dayNumber(10_000, 1, 1) * 86_400 else {
            return nil
        }
        self.init(microseconds: seconds * 1_000_000 + fraction)
    }

    /// Reads a timestamp in the one form in which ``append(to:)`` writes it.
    init?(written bytes: Span<UInt8>) {
        guard bytes.count == Self.byteCount, bytes[10] == UInt8(ascii: "T"), bytes[19] == UInt8(ascii: "."),
            bytes[26] == UInt8(ascii: "Z"), bytes[17] < UInt8(ascii: "6")
        else { return nil }
        self.init(rfc3339: bytes)
    }

    /// Appends the timestamp as it is written.
    func append(to bytes: inout [UInt8]) {
        let (second, fraction) = Self.floorDivide(microseconds, 1_000_000)
        let (day, secondOfDay) = Self.floorDivide(second, 86_400)
        let (year, month, dayOfMonth) = Self.civil(day)
        func append(_ value: Int64, _ digits: Int) {
            var divisor: Int64 = 1
            for _ in 1..<digits { divisor *= 10 }
            while divisor > 0 {
                bytes.append(UInt8(truncatingIfNeeded: 0x30 + value / divisor % 10))
                divisor /= 10
            }
        }
        append(year, 4)
        bytes.append(0x2D)
        append(month, 2)
        bytes.append(0x2D)
        append(dayOfMonth, 2)
        bytes.append(0x54)
        append(secondOfDay / 3600, 2)
        bytes.append(0x3A)
        append(secondOfDay / 60 % 60, 2)
        bytes.append(0x3A)
        append(secondOfDay % 60, 2)
        bytes.append(0x2E)
        append(fraction, 6)
        bytes.append(0x5A)
    }

    public var description: String {
        var bytes: [UInt8] = []
        append(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    public static func < (left: Timestamp, right: Timestamp) -> Bool { left.microseconds < right.microseconds }

    private static func floorDivide(_ value: Int64, _ divisor: Int64) -> (quotient: Int64, remainder: Int64) {
        let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }

    private static func days(inMonth month: Int64, of year: Int64) -> Int64 {
        switch month {
        case 4, 6, 9, 11: 30
        case 2: (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28
        default: 31
        }
    }

    /// The number of the day since 1970-01-01 of the proleptic Gregorian calendar, counted in years that begin in March.
    private static func dayNumber(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        let shifted = month <= 2 ? year - 1 : year
        let era = floorDivide(shifted, 400).quotient
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    private static func civil(_ dayNumber: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = dayNumber + 719_468
        let era = floorDivide(shifted, 146_097).quotient
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth + (shiftedMonth < 10 ? 3 : -9)
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    }
}
