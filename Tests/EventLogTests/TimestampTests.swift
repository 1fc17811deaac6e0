import Foundation
import TestSupport
import Testing

@testable import EventLog

struct TimestampTests {
    @Test("Random times are printed and read as Foundation does it", arguments: UInt64(1)...4)
    func agreesWithFoundation(seed: UInt64) throws {
        var dice = Dice(seed: seed)
        let style = Date.ISO8601FormatStyle(includingFractionalSeconds: false)
        for _ in 0..<300 {
            // From 1600 to the end of 9999: before that Foundation's calendar is another.
            let second = Int64(dice.within(-11_676_000_000..<253_402_200_000))
            let fraction = Int64(dice.below(1_000_000))
            let time = Timestamp(microseconds: second * 1_000_000 + fraction)
            let digits = String(String(1_000_000 + fraction).dropFirst())
            let whole = style.format(Date(timeIntervalSince1970: Double(second)))
            #expect(time.description == "\(whole.dropLast()).\(digits)Z", "seed \(seed), \(second)")
            #expect(Timestamp(time.description) == time, "seed \(seed), \(time)")
            let zone = TimeZone(secondsFromGMT: dice.within(-23 * 60..<23 * 60) * 60) ?? .gmt
            let local = Date.ISO8601FormatStyle(timeZoneSeparator: .colon, timeZone: zone)
                .format(Date(timeIntervalSince1970: Double(second)))
            #expect(Timestamp(local)?.microseconds == second * 1_000_000, "seed \(seed), \(local)")
        }
    }

    @Test("Every day from the year 1 to 9999 is counted and printed")
    func everyDay() {
        var day: Int64 = -719_162
        for year in 1...9999 {
            let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
            for (month, days) in [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31].enumerated() {
                // The first and the last day of each month; all days would take long.
                for date in [1, days] {
                    let text = [year, month + 1, date].map { String($0) }
                    let padded =
                        String(repeating: "0", count: 4 - text[0].count) + text[0]
                        + text[1...].map { $0.count == 1 ? "-0" + $0 : "-" + $0 }.joined()
                    let expected = Timestamp(microseconds: (day + Int64(date) - 1) * 86_400_000_000)
                    let full = padded + "T00:00:00.000000Z"
                    guard Timestamp(full) == expected, expected.description == full else {
                        Issue.record("\(full) is not \(expected)")
                        return
                    }
                }
                day += Int64(days)
            }
        }
        #expect(day == 2_932_897)
    }

    @Test(
        "Everything that RFC 3339 allows is read",
        arguments: [
            ("2026-03-01T08:15:30Z", 1_772_352_930_000_000), ("2026-03-01t08:15:30z", 1_772_352_930_000_000),
            ("2026-03-01T16:15:30+08:00", 1_772_352_930_000_000),
            ("2026-03-01T02:45:30.5-05:30", 1_772_352_930_500_000),
            ("2026-03-01T08:15:30.1234567891Z", 1_772_352_930_123_456),
            ("2026-03-01T08:15:30.000001-00:00", 1_772_352_930_000_001),
            ("2016-12-31T23:59:60Z", 1_483_228_800_000_000), ("2000-02-29T00:00:00Z", 951_782_400_000_000),
            ("0001-01-01T00:00:00Z", -62_135_596_800_000_000), ("9999-12-31T23:59:59.999999Z", 253_402_300_799_999_999),
        ])
    func reads(text: String, microseconds: Int) {
        #expect(Timestamp(text)?.microseconds == Int64(microseconds))
    }

    @Test(
        "What is no time is not read",
        arguments: [
            "", "2026", "2026-03-01", "2026-03-01T08:15", "2026-03-01T08:15:30", "2026-03-01 08:15:30Z",
            "2026-3-01T08:15:30Z", "2026-02-29T08:15:30Z", "1900-02-29T08:15:30Z", "2026-13-01T08:15:30Z",
            "2026-00-01T08:15:30Z", "2026-04-31T08:15:30Z", "2026-03-00T08:15:30Z", "2026-03-01T24:00:00Z",
            "2026-03-01T08:60:30Z", "2026-03-01T08:15:61Z", "2026-03-01T08:15:30.Z", "2026-03-01T08:15:30.5",
            "2026-03-01T08:15:30ZZ", "2026-03-01T08:15:30+0800", "2026-03-01T08:15:30+24:00",
            "2026-03-01T08:15:30+08:60", "2026-03-01T08:15:30+08:00Z", "+026-03-01T08:15:30Z",
            "2026-03-01T08:15:3\u{0660}Z", "0000-01-01T00:00:00Z", "2026-03-01T08:15:30,5Z",
            // By their offsets before the year 1 and after 9999.
            "0001-01-01T00:00:00+00:01", "9999-12-31T23:59:59-00:01", "9999-12-31T23:59:60Z",
        ])
    func doesNotRead(text: String) {
        #expect(Timestamp(text) == nil)
    }

    @Test("Times are in order as they are printed")
    func isOrdered() {
        var dice = Dice(seed: 9)
        let times = (0..<500).map { _ in
            Timestamp(microseconds: Int64(dice.within(-11_676_096_000_000_000..<253_402_300_800_000_000)))
        }
        #expect(times.sorted().map(\.description) == times.map(\.description).sorted())
    }
}
