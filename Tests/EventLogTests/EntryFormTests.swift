import JSON
import TestSupport
import Testing

@testable import EventLog

/// One function says what an entry is: what an append could have written, to the byte.
@Suite(.fewAtOnce, .timeLimit(.minutes(15)))
struct EntryFormTests {
    /// Something that is no entry, and how it is refused.
    struct Fault: Sendable, CustomTestStringConvertible {
        let name: String
        let reason: String
        let text: String
        var testDescription: String { name }

        init(_ name: String, _ reason: String, _ text: String) {
            self.name = name
            self.reason = reason
            self.text = text
        }

        /// A good entry in which something was replaced.
        init(_ name: String, _ reason: String, _ part: String, _ other: String) {
            self.init(name, reason, EntrySample.text().replacing(part, with: other))
        }
    }

    private static let order = "its members are not"
    private static let time = "at no time of the form"

    static let faults: [Fault] = [
        Fault("nothing", "byte 0", ""),
        Fault("not JSON", "byte", "nonsense"),
        Fault("another member beside the event", order, "\"event\":{", "\"event\":{},\"x\":{"),
        Fault("an array", order, "[]"),
        Fault("no members", order, "{}"),
        Fault("white space", "white space", "\"agency\":", "\"agency\": "),
        Fault("white space in the event", "white space", "{\"n\":1}", "{\"n\":1 }"),
        Fault("white space around", "white space", EntrySample.text() + "\n"),
        Fault("another order", order, "\"agency\":\"CUS\",\"tags\":[\"a:1\",", "\"tags\":[],\"agency\":[\"CUS\","),
        Fault("a name otherwise written", order, "\"agency\"", "\"\\u0061gency\""),
        Fault("a name in capitals", order, "\"agency\"", "\"Agency\""),
        Fault("no tags", order, "\"tags\":[\"a:1\",\"b:2\"],", ""),
        Fault("no event", order, "\"event\":", "\"Event\":"),
        Fault("a member more", order, ended(",\"more\":1}")),
        Fault("a member after the signature", order, ended(",\"signature\":\"s\",\"x\":1}")),
        Fault("a signature before the event", order, "\"event\":", "\"signature\":\"s\",\"event\":"),
        Fault("a signature that is no string", "signature", ended(",\"signature\":{}}")),
        Fault("a member twice", "a key that the object already has", "\"tags\":", "\"agency\":\"CUS\",\"tags\":"),
        Fault("a time of lower case", time, "T", "t"),
        Fault("a time with an offset", time, "123456Z", "1+00:00"),
        Fault("a time of fewer digits", time, "123456Z", "12345Z"),
        Fault("a time of more digits", time, "123456Z", "1234567Z"),
        Fault("a leap second", time, ":30.123456Z", ":60.123456Z"),
        Fault("the thirtieth of February", time, "2026-03-01", "2026-02-30"),
        Fault("a time that is a number", time, "\"\(EntrySample.recorded)\"", "1772324130"),
        Fault("an escaped time", time, "\"2026", "\"\\u00326"),
        Fault("an agency with a space", "agency", "CUS", "C US"),
        Fault("an escaped agency", "agency", "CUS", "C\\u0055S"),
        Fault("an empty agency", "agency", "CUS", ""),
        Fault("a long agency", "agency", "CUS", String(repeating: "C", count: 65)),
        Fault("an agency that is none", "agency", "\"CUS\"", "null"),
        Fault("tags that are no array", "“tags”", "[\"a:1\",\"b:2\"]", "\"a:1\""),
        Fault("a tag that is no string", "a tag is not", "\"a:1\"", "[]"),
        Fault("a tag without a kind", "a tag is not of the form", "a:1", "a"),
        Fault("a tag of a bad kind", "a tag has a kind", "a:1", "A:1"),
        Fault("a tag with a control character", "a tag holds a control character", "a:1", "a:\\u0001"),
        Fault("a tag that is too long", "over the limit of 255", "a:1", "a:" + String(repeating: "1", count: 254)),
        Fault("tags out of order", "in the order", "\"a:1\",\"b:2\"", "\"b:2\",\"a:1\""),
        Fault("a tag twice", "in the order", "\"b:2\"", "\"a:1\""),
        Fault("an escape that needs not be", "escape", "a:1", "a:\\u0031"),
        Fault("an escaped slash", "escape", "a:1", "a:\\/"),
        Fault(
            "257 tags", "more than 256 tags", EntrySample.text(tags: (100..<357).map { "a:\($0)" })),
        Fault("an event that is no object", "its event is none (An event is", String(head) + "7}"),
        Fault("an event without an id", "“id” is missing", "\"id\":\"1\",", ""),
        Fault("an event of another version", "specversion", "\"1.0\"", "\"0.3\""),
        Fault("an event with an attribute that is an object", "“x”", "\"id\":\"1\"", "\"x\":{},\"id\":\"1\""),
        Fault("an event that is too deep", "deeper", "{\"n\":1}", nested(64)),
        Fault("65,536 bytes", "longer than 65535", sized(65_536)),
    ]

    /// A good entry up to its event.
    private static var head: Substring { EntrySample.text().split(separator: "{\"spec")[0] }

    /// A good entry without its last brace, and something after it.
    private static func ended(_ end: String) -> String { String(EntrySample.text().dropLast()) + end }

    private static func nested(_ depth: Int) -> String {
        String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    }

    private static func sized(_ bytes: Int) -> String {
        let text = EntrySample.text()
        let filling = String(repeating: "x", count: bytes - text.utf8.count - 1)
        return text.replacing("\"n\":1", with: "\"n\":\"\(filling)\"")
    }

    private static func parse(_ text: String, at position: Position = 7) -> Result<Timestamp, LogError> {
        var form = EntryForm()
        let bytes = Array(text.utf8)
        return Result { () throws(LogError) in try form.parse(bytes.span, at: position) }
    }

    @Test("What is no entry is refused, with its position and what is wrong", arguments: faults)
    func refuses(fault: Fault) {
        guard case .failure(let error) = Self.parse(fault.text) else {
            Issue.record("It is taken: \(fault.text.prefix(300))")
            return
        }
        #expect(error.code == .corrupted)
        #expect(error.reason.contains("position 7"))
        #expect(error.reason.contains(fault.reason), "\(error.reason)")
    }

    @Test(
        "What appends write is taken",
        arguments: [
            EntrySample.text(), EntrySample.text(tags: []), EntrySample.text(tags: ["a:\\\"", "a:\\\\", "a:é关"]),
            EntrySample.text(tags: (100..<164).map { "a:\($0)" }), EntrySample.text(id: "\\u0031"),
            ended(",\"signature\":\"s\"}"), sized(65_535),
            EntrySample.text().replacing("{\"n\":1}", with: nested(63)),
        ])
    func takes(text: String) throws {
        #expect(try Self.parse(text).get() == EntrySample.recorded, "\(text.prefix(300))")
    }

    /// Whether an append could have written some bytes: they are laid out anew from what they say.
    private static func couldBeWritten(_ bytes: [UInt8]) -> Bool {
        guard let root = try? JSONDocument(parsing: bytes, limits: .init(maximumDepth: 65)).root,
            let recorded = root["recorded"]?.string.flatMap({ Timestamp($0) }), let agency = root["agency"]?.string,
            let elements = root["tags"]?.elements, let event = root["event"]
        else { return false }
        var tags: [EventLog.Tag] = []
        for element in elements {
            guard let tag = element.string.flatMap({ try? EventLog.Tag($0) }) else { return false }
            tags.append(tag)
        }
        var preparation = EventPreparation(hasher: .random())
        let draft = EventDraft(agency: agency, tags: tags, event: Array(event.text))
        guard let prepared = try? preparation.prepare(AppendRequest([draft])) else { return false }
        return EntryText.prefix(recorded: recorded) + prepared.bodies == bytes
    }

    @Test("Taken is exactly what an append could have written, whatever bytes are changed", arguments: 1...40)
    func agreesWithAppends(seed: UInt64) throws {
        var dice = Dice(seed: seed)
        let names = (0..<dice.below(5)).map { _ in tag("a:\(dice.below(30))" + dice.pick(["", "\"", "é"])) }
        let tags = Set(names).sorted().map { $0.text.replacing("\"", with: "\\\"") }
        let original = Array(EntrySample.text(id: dice.pick(["1", "\\u00e9"]), tags: tags).utf8)
        #expect(Self.couldBeWritten(original))
        let pieces = ["\"", "\\", ",", "{", "}", "[", "]", ":", " ", "0", "a", "Z", "\\u0061", "é", "\u{7F}", "null"]
        var form = EntryForm()
        var taken = 0
        for _ in 0..<400 {
            var bytes = original
            for _ in 0..<dice.within(1..<3) {
                let place = dice.below(bytes.count)
                switch dice.below(4) {
                case 0: bytes[place] ^= UInt8(1 << dice.below(8))
                case 1: bytes.remove(at: place)
                case 2: bytes.insert(contentsOf: Array(dice.pick(pieces).utf8), at: place)
                default: bytes.insert(bytes[place], at: place)
                }
            }
            let isTaken = (try? form.parse(bytes.span, at: 0)) != nil
            #expect(isTaken == Self.couldBeWritten(bytes), "seed \(seed): \(String(decoding: bytes, as: UTF8.self))")
            if isTaken { taken += 1 }
        }
        #expect(taken > 0 && taken < 400)
    }

    @Test("What it says of an entry is what the index files it under")
    func keys() async throws {
        let ledger = try TestLedger()
        try await ledger.fill(0..<40, tags: { ["number:\($0)", "a:\"\\\($0)"] })
        var form = EntryForm()
        var reader = EntryReader()
        let hasher = IndexHasher.random()
        for entry in try ledger.log.read(.all, ReadRange()) {
            #expect(try form.parse(entry.bytes.span, at: entry.position) == entry.recorded)
            var keys: [UInt64] = []
            form.appendKeys(of: entry.bytes.span, hasher, to: &keys)
            let facts = try reader.facts(of: entry.bytes.span)
            let identity = try reader.identity(of: entry.bytes.span)
            let tags = facts.tags.map { hasher.hash(.tag, $0.text) }
            #expect(keys == [hasher.hash(.id, identity.span), hasher.hash(.type, facts.type)] + tags)
            #expect(try form.identity(of: entry.bytes.span) == reader.identity(of: entry.bytes.span))
        }
        ledger.close()
    }

    @Test("Verifying finds what is no entry in a log that its own key signed, at its position", arguments: faults)
    func verifies(fault: Fault) throws {
        let others = (0..<3).map { EntrySample.text(id: "other-\($0)") }
        let ledger = try ForgedLedger(texts: [others[0], others[1], fault.text, others[2]])
        let report = try ledger.verify()
        #expect(report.problems.map(\.part) == [.entries], "\(report.problems)")
        #expect(report.problems.first?.position == 2)
        #expect(report.problems.first?.reason.contains(fault.reason) == true, "\(report.problems)")
        #expect(try ForgedLedger(texts: others).verify().isSound)
    }

    @Test("Verifying finds a time that goes back, though header, tree and signature fit it")
    func goesBack() throws {
        let later = Timestamp(microseconds: EntrySample.recorded.microseconds + 1)
        let second = EntrySample.text(id: "2")
        let first = EntrySample.text(id: "1").replacing(EntrySample.recorded.description, with: later.description)
        let report = try ForgedLedger([(first, later), (second, EntrySample.recorded)]).verify()
        #expect(report.problems.map(\.position) == [1], "\(report.problems)")
        #expect(report.problems.first?.reason.contains("before the one before it") == true)
    }
}
