import EventLog
import JSON
import Testing

@testable import sanhu

@Suite("The sample as a whole")
struct SampleGeneratorTests {
    private func lines(seed: UInt64, declarations: Int) -> [[UInt8]] {
        SampleGenerator(seed: seed, declarations: declarations).makeDrafts().map { draft in
            var writer = JSONWriter()
            SampleEventWriter.writeLine(draft, to: &writer)
            return writer.bytes
        }
    }

    @Test("The same seed gives the same bytes", arguments: [0, 7, UInt64.max])
    func sameSeedSameBytes(seed: UInt64) {
        #expect(lines(seed: seed, declarations: 60) == lines(seed: seed, declarations: 60))
    }

    @Test("Another seed gives other events, other declarations and other containers")
    func otherSeedOtherBytes() throws {
        let seven = try SampleEvent.all(seed: 7, declarations: 60)
        let eight = try SampleEvent.all(seed: 8, declarations: 60)
        for read in [{ $0.draft.event }, { Array($0.text("id").utf8) }] as [(SampleEvent) -> [UInt8]] {
            #expect(Set(seven.map(read)).isDisjoint(with: eight.map(read)))
        }
        for kind in ["declaration", "container", "permit"] {
            #expect(Set(seven.flatMap { $0.tags(kind) }).isDisjoint(with: eight.flatMap { $0.tags(kind) }))
        }
    }

    @Test("The bytes of a seed are the same as ever, on every machine and with every compiler")
    func bytesAreFixed() {
        // FNV-1a over the lines. If the sample was changed on purpose, so is this number.
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in lines(seed: 7, declarations: 40).joined() { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        #expect(hash == 4_480_712_880_854_303_774)
    }

    @Test("More declarations of a seed add events and change none")
    func moreDeclarationsKeepTheRest() {
        let few = Set(lines(seed: 11, declarations: 50))
        let many = Set(lines(seed: 11, declarations: 130))
        #expect(few.isSubset(of: many))
        #expect(few.count < many.count)
    }

    @Test("There are as many declarations as asked for, each lodged once", arguments: [0, 1, 2, 13, 200])
    func asManyAsAsked(count: Int) throws {
        let lodged = try SampleEvent.all(seed: 3, declarations: count).filter(\.isDeclaration)
        #expect(lodged.count == count)
        #expect(Set(lodged.map { $0.data("declaration") }).count == count)
    }

    @Test("A negative number of declarations is none")
    func negativeIsNone() {
        #expect(lines(seed: 1, declarations: -5).isEmpty)
    }

    @Test("Every id is of one event, with other seeds too; some are sent twice")
    func idsAreUnique() throws {
        let all = try [1, 2, 12].flatMap { try SampleEvent.all(seed: $0, declarations: 150) }
        let ids = Set(all.map { $0.text("id") })
        #expect(ids.count == Set(all.map(\.draft.event)).count && ids.count < all.count)
    }

    @Test("Every event is a CloudEvent of an agency, small enough, and its subject is one of its tags")
    func eventsAreCloudEvents() throws {
        for event in try SampleEvent.all(seed: 5, declarations: 150) {
            #expect(event.text("specversion") == "1.0")
            #expect(event.text("type").hasPrefix("sanhu."))
            #expect(event.text("dataschema").hasPrefix("urn:sanhu:schema:\(event.name)"))
            #expect(event.text("datacontenttype") == "application/json")
            #expect(event.text("source").hasPrefix("/\(event.draft.agency)/"))
            #expect(event.event["data"]?.members.isEmpty == false)
            #expect(SampleAgency(rawValue: event.draft.agency) != nil)
            // What is sealed as a whole has neither.
            #expect(event.draft.tags.first?.text ?? "" == event.text("subject"))
            #expect(event.draft.event.count < 4096)
        }
    }

    @Test("The stories interleave")
    func storiesInterleave() throws {
        let events = try SampleEvent.all(seed: 9, declarations: 120)
        let changes = zip(events, events.dropFirst()).filter { $0.text("correlationid") != $1.text("correlationid") }
        #expect(changes.count > events.count / 2)
    }

    @Test("What is held does not grow with the number of declarations")
    func memoryIsBounded() {
        func mostHeld(_ declarations: Int) -> Int {
            var drafts = SampleGenerator(seed: 4, declarations: declarations).makeDrafts()
            var most = 0
            while drafts.next() != nil { most = max(most, drafts.stepsHeld) }
            return most
        }
        #expect(mostHeld(4000) < mostHeld(2000) * 5 / 4)
    }
}
