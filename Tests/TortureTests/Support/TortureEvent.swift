import TestSupport

/// The events that the tests append: each is a function of its number, so that what was sent need not be kept.
struct TortureEvent {
    /// How many objects the events are about.
    static let objects = 97

    let number: Int

    init(_ number: Int) {
        self.number = number
    }

    /// The tag of what it is about.
    var tag: String { "object:\(number * 31 % Self.objects)" }

    private static let padding = Array(String(repeating: "0123456789abcdef", count: 2_048).utf8)

    /// What stands in the entry after the recorded time: most are small, some fill pages of their own.
    var body: String {
        let bytes =
            switch number % 64 {
            case 63: 3_000 + number % 977 * 29
            case 56...62: 1_000 + number % 512
            default: number % 251
            }
        return
            "\"agency\":\"A\(number % 7)\",\"tags\":[\"\(tag)\"],\"event\":{\"specversion\":\"1.0\",\"id\":\"e\(number)\","
            + "\"source\":\"/torture\",\"type\":\"test.t\(number % 5)\",\"data\":{\"n\":\(number),\"pad\":\""
            + String(decoding: Self.padding[..<bytes], as: UTF8.self) + "\"}}}"
    }

    /// The line that `append` takes.
    var line: String { "{\(body)\n" }

    /// The number of the event of an entry's body, or nil.
    static func number(ofBody body: Substring.UTF8View) -> Int? {
        guard let mark = "\",\"source\":\"/torture\"".utf8.first, let start = body.firstRange(of: "\"id\":\"e".utf8)
        else { return nil }
        let digits = body[start.upperBound...].prefix { $0 != mark }
        return Int(Substring(digits))
    }
}
