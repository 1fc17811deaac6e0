import EventLog
import JSON
import Testing

@testable import sanhu

@Suite("The stories of the sample")
struct SampleStoryTests {
    @Test("Every story ends as it should: released, or sent back with the hold in place", arguments: [1, 7, 99])
    func storiesEnd(seed: UInt64) throws {
        let stories = try SampleEvent.stories(seed: seed, declarations: 250)
        #expect(stories.count == 250)
        for (story, events) in stories {
            func count(_ name: String) -> Int { events.filter { $0.name == name }.count }
            let isRefused = events.contains { $0.data("disposition") == "return" }
            #expect(count("declaration.lodged") == 1, "\(story)")
            #expect(count("declaration.accepted") == 1, "\(story)")
            #expect(count("declaration.rejected") == count("declaration.amended"), "\(story)")
            #expect(count("inspection.started") <= 1, "\(story)")
            #expect(count("inspection.completed") == count("inspection.notified"), "\(story)")
            #expect(count("release.completed") == (isRefused ? 0 : 1), "\(story)")
            #expect(count("clearance.closed") == (isRefused ? 0 : 1), "\(story)")
            #expect(count("hold.placed") - count("hold.lifted") == (isRefused ? 1 : 0), "\(story)")
            #expect(count("duty.paid") == count("duty.assessed"), "\(story)")
            let left = events.filter { ["gate-out", "load"].contains($0.data("move")) }.map { $0.data("container") }
            let declared = events.first { $0.name == "declaration.lodged" }?.tags("container") ?? []
            #expect(left.sorted() == declared.sorted(), "\(story)")
        }
    }

    @Test("Nothing is released before every agency has granted, duty is paid and holds are lifted, nor leaves before")
    func releaseComesLast() throws {
        for (story, events) in try SampleEvent.stories(seed: 21, declarations: 250) {
            guard let release = events.firstIndex(where: { $0.name == "release.completed" }) else { continue }
            func last(_ names: Set<String>) -> Int { events.lastIndex { names.contains($0.name) } ?? -1 }
            #expect(
                last(["release.granted", "duty.paid", "hold.lifted", "inspection.completed"]) < release, "\(story)")
            let granted = events.filter { $0.name == "release.granted" }.map(\.draft.agency)
            let required = events[release].event["data"]?["grantedBy"]?.elements.compactMap(\.string) ?? []
            #expect(granted.sorted() == required.sorted() && !granted.isEmpty, "\(story)")
            let isImport = events[release].data("direction") == "import"
            let leaving = events.firstIndex { $0.data("move") == (isImport ? "gate-out" : "load") }
            #expect(leaving ?? 0 > release, "\(story)")
            let entering = events.lastIndex { $0.data("move") == (isImport ? "discharge" : "gate-in") }
            #expect(entering ?? events.count < release, "\(story)")
        }
    }

    @Test("An event comes after the one it follows from, in its own story")
    func causesComeFirst() throws {
        for (story, events) in try SampleEvent.stories(seed: 13, declarations: 200) {
            var times: [String: String] = [:]
            for event in events {
                let cause = event.text("causationid")
                if !cause.isEmpty {
                    let before = try #require(times[cause], "\(story): \(cause)")
                    #expect(before < event.text("time"), "\(story)")
                }
                #expect(event.text("id").hasPrefix(story))
                times[event.text("id")] = event.text("time")
            }
        }
    }

    @Test("The goods are declared once, and the container's tag finds the whole way through the port")
    func containersTellTheWay() throws {
        let events = try SampleEvent.all(seed: 17, declarations: 80)
        for lodged in events where lodged.name == "declaration.lodged" && lodged.data("direction") == "import" {
            for container in lodged.tags("container") {
                let names = Set(events.filter { $0.tags("container").contains(container) }.map(\.name))
                #expect(names.isSuperset(of: ["manifest.lodged", "declaration.lodged", "equipment.moved"]))
            }
        }
    }

    @Test("A permit is verified before anything is released, and only where the goods need one")
    func permitsAreVerified() throws {
        for (story, events) in try SampleEvent.stories(seed: 31, declarations: 150) {
            let lodged = try #require(events.first { $0.name == "declaration.lodged" })
            let verified = events.filter { $0.name == "permit.verified" }
            #expect(verified.flatMap { $0.tags("permit") } == lodged.tags("permit"), "\(story)")
            #expect(verified.allSatisfy { $0.data("result") == "match" })
        }
    }

    @Test(
        "The story to show is a joint inspection with a good end, whatever the seed", arguments: [0, 1, 7, 42, 1 << 63])
    func showcaseIsWorthShowing(seed: UInt64) throws {
        let showcase = SampleGenerator(seed: seed, declarations: 1).showcase
        #expect(showcase == SampleGenerator(seed: seed, declarations: 500).showcase)
        let events = try SampleEvent.all(seed: seed, declarations: 30)
        let told = events.filter { $0.draft.tags.contains(showcase.declaration) }
        let opening = ["declaration.lodged", "declaration.accepted", "permit.verified", "risk.assessed"]
        #expect(Array(told.map(\.name).prefix(4)) == opening)
        let flags = told.filter { $0.name == "risk.flagged" }.map(\.draft.agency)
        #expect(Set(flags) == ["CUS", "CIQ"])
        let notice = try #require(told.first { $0.name == "inspection.notified" })
        #expect(notice.event["data"]?["joint"]?.bool == true)
        #expect(told.contains { $0.name == "inspection.completed" && $0.data("result") == "no-finding" })
        #expect(told.contains { $0.name == "duty.paid" })
        #expect(told.filter { $0.name == "release.granted" }.count == 2)
        let ending = ["release.completed", "clearance.closed", "equipment.moved"]
        #expect(Array(told.map(\.name).suffix(3)) == ending)
        #expect(told.last?.data("move") == "gate-out")
        let way = events.filter { $0.draft.tags.contains(showcase.container) }
        #expect(way.first?.name == "manifest.lodged")
        #expect(way.last?.data("move") == "gate-out")
    }

    @Test("The story to show is printed as one line of JSON")
    func showcaseIsPrinted() throws {
        let showcase = SampleGenerator(seed: 7, declarations: 1).showcase
        var writer = JSONWriter()
        showcase.write(to: &writer)
        #expect(writer.bytes.last == UInt8(ascii: "\n"))
        let line = try JSONDocument(parsing: Array(writer.bytes.dropLast())).root
        #expect(line["declaration"]?.string == showcase.declaration.text)
        #expect(line["container"]?.string == showcase.container.text)
    }
}
