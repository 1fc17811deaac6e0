import EventLog
import JSON
import Testing

@testable import Exchange

@Suite("Tags and events sealed as a whole")
struct SealedTagTests {
    private static let whole = """
        {"type":"object","required":["content"],
         "x-sharing":{"class":"restricted","compartment":"investigation","owner":"ASB","bytes":400},
         "properties":{"container":{"type":"string","x-tag":{"kind":"container"}},
          "content":{"type":"object","properties":{
            "source":{"x-sharing":{"class":"withheld","compartment":"security","owner":"ASB","bytes":30}}}}}}
        """

    @Test("Tags are derived: in clear from what is not marked, blinded from what is, and in equal number")
    func derived() throws {
        let plan = try SealingFixture.plan(SealingFixture.declaration)
        let with = try SealingFixture.seal(
            try SealingFixture.event(SealingFixture.data), plan, tags: [Tag("permit:7"), Tag("person:p9")])
        let without = try SealingFixture.seal(
            try SealingFixture.event(SealingFixture.data.replacing(#""seller":"Acme""#, with: "")), plan,
            tags: [Tag("permit:7"), Tag("person:p9")])
        #expect(with.event.tags.map { String($0.kind) } == ["enterprise", "hs", "permit", "person"])
        #expect(without.event.tags.map { String($0.kind) } == ["enterprise", "hs", "permit", "person"])
        #expect(with.event.tags.map(\.text.utf8.count) == without.event.tags.map(\.text.utf8.count))
        #expect(with.event.tags.contains(try Tag("hs:871200")))
        #expect(with.event.tags[0] != without.event.tags[0])
        let key = SealingFixture.key(KeyReference(.named("9131"), compartment: "trade-secret"))
        #expect(with.event.tags[0] == (try TagBlinder.blinded(Tag("enterprise:Acme"), under: key)))
        let person = try Tag("person:p9")
        let reference = try #require(TagBlinder.reference(for: person))
        #expect(
            with.event.tags[3] == (try TagBlinder.blinded(person, under: SealingFixture.key(reference))))
        #expect(TagBlinder.reference(for: try Tag("permit:7")) == nil)
        #expect(with.event.tags[0].value.utf8.count == 22)
    }

    @Test("Tags are blinded differently for another kind, value or key")
    func blinding() throws {
        let one = SealingFixture.key(KeyReference(.named("a"), compartment: "c"))
        let other = SealingFixture.key(KeyReference(.named("a"), compartment: "d"))
        let tags = try [
            TagBlinder.blinded(Tag("person:x"), under: one), TagBlinder.blinded(Tag("person:x"), under: other),
            TagBlinder.blinded(Tag("crew:x"), under: one), TagBlinder.blinded(Tag("person:y"), under: one),
        ]
        #expect(Set(tags.map(\.value)).count == 4)
    }

    @Test("An event sealed as a whole tells neither data nor subject nor tags, and opens to its data again")
    func wholeEvent() throws {
        let plan = try SealingFixture.plan(Self.whole)
        let data = #"{"container":"MSKU1234565","content":{"source":"informant 7","text":"tip"}}"#
        let event = try SealingFixture.event(data, subject: "container:MSKU1234565")
        let sealed = try SealingFixture.seal(event, plan, tags: [Tag("declaration:21GB")])
        let text = String(decoding: sealed.event.event, as: UTF8.self)
        for canary in ["MSKU1234565", "informant", "tip", "content"] { #expect(!text.contains(canary)) }
        #expect(text.contains("\"data\":{\"_sd\":[\""))
        #expect(sealed.event.tags.allSatisfy { !$0.text.contains("MSKU") && !$0.text.contains("21GB") })
        let key = SealingFixture.key(KeyReference(.agency("ASB"), compartment: "investigation"))
        #expect(sealed.event.tags.contains(try TagBlinder.blinded(Tag("container:MSKU1234565"), under: key)))
        #expect(sealed.event.tags.contains(try TagBlinder.blinded(Tag("declaration:21GB"), under: key)))
        let opened = try JSONDocument(parsing: try sealed.merged().event)
        #expect(
            try SealingFixture.canonical(Array(#require(opened.root["data"]).text))
                == SealingFixture.canonical(Array(data.utf8)))
        #expect(opened.root["subject"]?.string?.utf8.count == 22)
        let partly = String(decoding: try sealed.merged { $0 == 0 }.event, as: UTF8.self)
        #expect(partly.contains("\"tip\"") && !partly.contains("informant"))
        let less = try SealingFixture.seal(
            try SealingFixture.event(#"{"content":{}}"#, subject: "x"), plan, tags: [Tag("declaration:21GB")])
        #expect(less.event.event.count == sealed.event.event.count)
        #expect(less.event.rows.map(\.count) == sealed.event.rows.map(\.count))
        #expect(less.event.tags.map(\.text.utf8.count) == sealed.event.tags.map(\.text.utf8.count))
    }
}
