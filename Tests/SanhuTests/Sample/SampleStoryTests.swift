import EventLog
import JSON
import Testing

@testable import sanhu

@Suite("The stories of the sample")
struct SampleStoryTests {
    @Test("Every story ends as it should: released, withdrawn, sent back or handed over", arguments: [1, 7, 99])
    func storiesEnd(seed: UInt64) throws {
        let stories = try SampleEvent.stories(seed: seed, declarations: 250)
        #expect(stories.count == 250)
        for (story, events) in stories {
            func count(_ name: String) -> Int { events.filter { $0.name == name }.count }
            let isStopped = events.contains {
                ["return", "hand-over"].contains($0.data("decision")) && $0.name == "disposition.decided"
            }
            let isReleased = count("release.completed") == 1
            #expect(count("declaration.lodged") == 1, "\(story)")
            #expect(count("declaration.accepted") >= 1, "\(story)")
            #expect(count("declaration.rejected") == count("declaration.amended"), "\(story)")
            // What was put right may be looked at again.
            #expect(count("inspection.started") <= (count("hold.lifted") == 1 ? 2 : 1), "\(story)")
            #expect(count("inspection.completed") == count("inspection.notified"), "\(story)")
            #expect(isReleased || isStopped || count("declaration.withdrawn") == 2, "\(story)")
            #expect(count("clearance.closed") == (isReleased ? 1 : 0), "\(story)")
            let left = events.filter { ["gate-out", "load"].contains($0.data("move")) }.map { $0.data("container") }
            let declared = events.first { $0.name == "declaration.lodged" }?.tags("container") ?? []
            if isReleased { #expect(Set(left) == Set(declared), "\(story)") }
        }
    }

    @Test("Nothing is released before every agency has granted, and duty is paid or secured, nor leaves before")
    func releaseComesLast() throws {
        for (story, events) in try SampleEvent.stories(seed: 21, declarations: 250) {
            guard let release = events.firstIndex(where: { $0.name == "release.completed" }) else { continue }
            func last(_ names: Set<String>) -> Int {
                events.prefix(release + 1).lastIndex { names.contains($0.name) } ?? -1
            }
            #expect(last(["release.granted", "hold.lifted", "inspection.completed"]) < release, "\(story)")
            let isSettled = events.prefix(release).contains { ["duty.paid", "guarantee.lodged"].contains($0.name) }
            #expect(isSettled == events.contains { $0.name == "duty.assessed" }, "\(story)")
            let granted = events.prefix(release).filter { $0.name == "release.granted" }.map(\.draft.agency)
            let required = events[release].event["data"]?["agencies"]?.elements.compactMap(\.string) ?? []
            #expect(granted.sorted() == required.sorted() && !granted.isEmpty, "\(story)")
            let isImport = events[release].data("flow") == "import"
            let leaving = events.firstIndex { $0.data("move") == (isImport ? "gate-out" : "load") }
            #expect(leaving ?? 0 > release, "\(story)")
        }
    }

    @Test("An event comes after the one it follows from, in its own story")
    func causesComeFirst() throws {
        for (story, events) in try SampleEvent.stories(seed: 13, declarations: 200) {
            var times: [String: String] = [:]
            for event in events {
                let cause = event.text("causationid")
                if !cause.isEmpty { #expect(times[cause] != nil, "\(story): \(cause)") }
                #expect(event.text("id").hasPrefix(story))
                times[event.text("id")] = event.text("time")
            }
        }
    }

    @Test("The goods are declared once, and the container's tag finds the whole way through the port")
    func containersTellTheWay() throws {
        let events = try SampleEvent.all(seed: 17, declarations: 80)
        for lodged in events where lodged.name == "declaration.lodged" && lodged.data("flow") == "import" {
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
            let isWithdrawn = events.contains { $0.name == "declaration.withdrawn" }
            if !isWithdrawn { #expect(verified.flatMap { $0.tags("permit") } == lodged.tags("permit"), "\(story)") }
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
        #expect(told.first?.name == "declaration.lodged")
        let orders = told.filter { $0.name == "inspection.ordered" }.map(\.draft.agency)
        #expect(Set(orders) == ["CUS", "CIQ"])
        let notice = try #require(told.first { $0.name == "inspection.notified" })
        #expect(notice.event["data"]?["participants"]?.elements.compactMap(\.string).sorted() == ["CIQ", "CUS"])
        #expect(told.contains { $0.name == "inspection.completed" && $0.data("result") == "no-finding" })
        #expect(told.contains { $0.name == "duty.paid" })
        #expect(told.filter { $0.name == "release.granted" }.count == 2)
        #expect(told.contains { $0.name == "release.completed" } && told.contains { $0.name == "clearance.closed" })
        let way = events.filter { $0.draft.tags.contains(showcase.container) }
        #expect(way.first?.name == "manifest.lodged")
        #expect(way.contains { $0.data("move") == "gate-out" })
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
