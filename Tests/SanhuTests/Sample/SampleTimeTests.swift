import Testing

@testable import sanhu

@Suite("The time and the chance of the sample")
struct SampleTimeTests {
    @Test(
        "A moment is written as RFC 3339 has it",
        arguments: [
            (SampleTime(seconds: 0), "1970-01-01T00:00:00+08:00"),
            (SampleTime(year: 2017, month: 5, day: 9, hour: 6), "2017-05-09T06:00:00+08:00"),
            (SampleTime(year: 2016, month: 2, day: 29, hour: 23) + 3599, "2016-02-29T23:59:59+08:00"),
            (SampleTime(year: 2016, month: 2, day: 29, hour: 23) + 3600, "2016-03-01T00:00:00+08:00"),
            (SampleTime(year: 2018, month: 1, day: 1, hour: 0) - 1, "2017-12-31T23:59:59+08:00"),
            (SampleTime(year: 2000, month: 3, day: 1, hour: 12), "2000-03-01T12:00:00+08:00"),
        ])
    func momentsAreWritten(time: SampleTime, text: String) {
        #expect(time.text == text)
    }

    @Test("Every day of four centuries follows the one before it")
    func daysFollow() {
        var (year, month, day) = (1970, 1, 1)
        for number in 0..<146_097 {
            let date = SampleTime(seconds: number * SampleTime.day).date
            guard date == (year, month, day) else {
                Issue.record("day \(number) is \(date), not \((year, month, day))")
                return
            }
            let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
            let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
            day += 1
            if day > lengths[month - 1] { (month, day) = (month + 1, 1) }
            if month > 12 { (year, month) = (year + 1, 1) }
        }
    }

    @Test("What would be at night is done when the offices open", arguments: 0..<24)
    func officesOpenAtEight(hour: Int) {
        var random = SplitMix64(seed: 1)
        let time = SampleTime(year: 2017, month: 5, day: 9, hour: hour)
        let moved = time.inOfficeHours(&random)
        #expect((8..<20).contains(moved.hourOfDay))
        #expect(moved >= time)
        #expect(moved.date.day == (hour < 20 ? 9 : 10))
        #expect((moved == time) == (8..<20).contains(hour))
    }

    @Test("The generator gives the published sequence of SplitMix64")
    func sequenceIsPublished() {
        var random = SplitMix64(seed: 1_234_567)
        let first = (0..<3).map { _ in random.next() }
        #expect(first == [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423])
    }

    @Test("Choices stay in their range and reach both its ends")
    func choicesStayInRange() {
        var random = SplitMix64(seed: 3)
        let drawn = Set((0..<2000).map { _ in random.within(-3...4) })
        #expect(drawn == Set(-3...4))
        #expect((0..<100).allSatisfy { _ in !random.chance(0) && random.chance(100) })
    }

    @Test("The schedule gives steps by their times, and at the same second in one order")
    func scheduleIsOrdered() {
        var random = SplitMix64(seed: 6)
        var steps: [SampleStep] = []
        for ordinal in 0..<500 {
            let story = SampleStory(kind: .office, index: random.below(4), seed: 1, port: .all[0])
            let time = SampleGenerator.firstDay + random.below(50)
            steps.append(
                SampleStep(
                    story: story, ordinal: ordinal, form: "fee.charged", agency: .terminal, time: time, recorded: time,
                    cause: nil, role: .told
                ) { _ in })
        }
        var schedule = SampleSchedule()
        for step in steps { schedule.insert(step) }
        var given: [Int] = []
        while let step = schedule.removeNext() { given.append(step.ordinal) }
        #expect(given == steps.sorted(by: SampleStep.precedes).map(\.ordinal))
    }

    @Test("A day is read as it is written, and what is no day is none")
    func daysAreRead() {
        #expect(SampleTime(day: "2018-04-20") == SampleTime.merger)
        for text in ["2018-4-20", "2018-02-30", "2018-04-20T00", "", "abcd-ef-gh", "1969-12-31"] {
            #expect(SampleTime(day: text) == nil, "\(text)")
        }
    }
}
