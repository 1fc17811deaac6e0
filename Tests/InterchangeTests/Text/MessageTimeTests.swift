import Testing

@testable import Interchange

@Suite("Times in messages")
struct MessageTimeTests {
    @Test(
        "are read in every form the messages use",
        arguments: [
            ("20210719145534Z", "2021-07-19T14:55:34Z"),
            ("20230526203214+01", "2023-05-26T20:32:14+01:00"),
            ("20230526203214-0330", "2023-05-26T20:32:14-03:30"),
            ("20240229", "2024-02-29T00:00:00Z"),
            ("2024-01-25T09:31:47.047Z", "2024-01-25T09:31:47.047Z"),
            ("2023-09-13T15:01:01.001+01:00", "2023-09-13T15:01:01.001+01:00"),
            ("2019-07-05T09:02:00\n\t", "2019-07-05T09:02:00Z"),
        ])
    func reads(_ source: String, _ text: String) {
        #expect(MessageTime(source)?.text == text)
    }

    @Test(
        "that cannot be are refused",
        arguments: [
            "", "2021", "20210229000000Z", "20211301000000Z", "20210719245534Z", "20210719145534+99", "20210719145534X",
            "2021-0719", "2021-07-19T14:55", "20210719145534Z9", "2021071914553412345", "202107191455341",
            "2021-07-19T14:55:34.Z",
        ])
    func refuses(_ source: String) {
        #expect(MessageTime(source) == nil)
    }

    @Test(
        "trap 5: of Chinese receipts have no zone, and are of +08:00",
        arguments: [
            ("2024-04-17T09:15:03", "2024-04-17T09:15:03+08:00"),
            ("20180208T15032200", "2018-02-08T15:03:22.00+08:00"),
            ("20180208150322007", "2018-02-08T15:03:22.007+08:00"),
            ("20180208150322", "2018-02-08T15:03:22+08:00"),
            ("2024-04-17T01:15:03Z", "2024-04-17T01:15:03Z"),
        ])
    func china(_ source: String, _ text: String) throws {
        let time = try #require(MessageTime(source, assuming: .china))
        #expect(time.text == text)
        #expect(time.assumesZone == !source.hasSuffix("Z"))
        let (there, here) = (MessageTime("20240417091503", assuming: .china), MessageTime("20240417091503"))
        #expect(try #require(there) < #require(here), "it is earlier there")
    }

    @Test("compare by the moment, not by the text")
    func compares() throws {
        let early = try #require(MessageTime("20230526203214+01"))
        let late = try #require(MessageTime("20230526193215Z"))
        #expect(early < late)
        #expect(try #require(MessageTime("2023-05-26T19:32:14.500Z")) > early)
    }

    @Test("remember that an offset was missing")
    func assumes() throws {
        #expect(try #require(MessageTime("2022-01-10T10:45:00")).assumesZone)
        #expect(!(try #require(MessageTime("2022-01-10T10:45:00Z")).assumesZone))
    }
}
