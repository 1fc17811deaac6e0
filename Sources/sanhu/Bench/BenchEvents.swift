import EventLog

/// Makes events for benchmarks: of a given size, each different, each with some tags.
struct BenchEvents {
    private var template: [UInt8]
    private let counterOffset: Int
    /// Where the number stands in the subject, and the seconds in the time.
    private let subjectOffset: Int
    private let secondsOffset: Int
    private let tags: Int
    /// How many events share a tag, about.
    private static let eventsPerObject = 8

    /// - Parameters:
    ///   - bytes: How many bytes an entry shall have.
    ///   - tags: How many tags an event shall have.
    ///   - schema: The `dataschema` of the events.
    init(bytes: Int, tags: Int, schema: String = "urn:sanhu:schema:declaration.lodged:1") {
        self.tags = tags
        let head = "{\"specversion\":\"1.0\",\"id\":\""
        let origin =
            "\",\"source\":\"/CUS/2200/bench\",\"type\":\"sanhu.declaration.lodged\",\"subject\":\"declaration:220020"
        let moment = "\",\"time\":\"2026-03-01T08:15:"
        let tail =
            origin + "260000000000" + moment + "30+08:00\",\"dataschema\":\"\(schema)\",\"data\":{\"office\":\"2200\","
            + "\"items\":["
        // What the ledger puts around the event: recorded time, agency, tags.
        let around = 42 + 16 + 10 + 12 + tags * 28
        var body = tail
        var item = 1
        while head.utf8.count + 12 + body.utf8.count + around + 90 < bytes {
            body += "{\"item\":\(item),\"hs\":\"851000\",\"origin\":\"US\",\"quantity\":100,\"value\":1234.5},"
            item += 1
        }
        let padding = max(0, bytes - around - head.utf8.count - 12 - body.utf8.count - 16)
        body += "{\"note\":\"" + String(repeating: "x", count: padding) + "\"}]}}"
        template = Array((head + String(repeating: "0", count: 12) + body).utf8)
        counterOffset = head.utf8.count
        subjectOffset = counterOffset + 12 + origin.utf8.count
        secondsOffset = subjectOffset + 12 + moment.utf8.count
    }

    /// The same for another client, which counts references of its own.
    func copied() -> BenchEvents {
        var copy = self
        copy.template.reserveCapacity(template.count + 1)
        return copy
    }

    /// The events with some consecutive numbers.
    func drafts(_ numbers: Range<Int>) -> [EventDraft] {
        var drafts: [EventDraft] = []
        drafts.reserveCapacity(numbers.count)
        var object = -1
        var list: [Tag] = []
        for number in numbers {
            var event = template
            Self.write(number, into: &event, at: counterOffset)
            Self.write(number, into: &event, at: subjectOffset)
            Self.write(number % 60, into: &event, at: secondsOffset, count: 2)
            if number / Self.eventsPerObject != object {
                object = number / Self.eventsPerObject
                list = tags(of: object)
            }
            drafts.append(EventDraft(agency: "CUS", tags: list, event: event))
        }
        return drafts
    }

    /// The tags of some consecutive events.
    func tags(_ numbers: Range<Int>) -> [[Tag]] {
        var lists: [[Tag]] = []
        lists.reserveCapacity(numbers.count)
        for number in numbers {
            let isNext = number % Self.eventsPerObject == 0
            lists.append(lists.last.flatMap { isNext ? nil : $0 } ?? tags(of: number / Self.eventsPerObject))
        }
        return lists
    }

    /// The tags of the events about one object; the first is its own, the others it shares with some others.
    private func tags(of object: Int) -> [Tag] {
        (0..<tags).compactMap { kind in
            let value = kind == 0 ? object : object &* (kind * 2 + 1) % 999_983
            return try? Tag(Self.kinds[kind % Self.kinds.count] + Self.padded(value))
        }.sorted()
    }

    private static let kinds = ["container:AAAU", "declaration:2200", "enterprise:9131", "permit:PM", "office:OF"]

    private static func padded(_ number: Int) -> String {
        var digits = [UInt8](repeating: 0x30, count: 10)
        write(number, into: &digits, at: 0, count: 10)
        return String(decoding: digits, as: UTF8.self)
    }

    private static func write(_ number: Int, into bytes: inout [UInt8], at offset: Int, count: Int = 12) {
        var rest = number
        for place in stride(from: offset + count - 1, through: offset, by: -1) {
            bytes[place] = UInt8(0x30 + rest % 10)
            rest /= 10
        }
    }
}
