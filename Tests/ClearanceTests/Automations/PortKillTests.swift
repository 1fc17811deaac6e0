import Clearance
import EventLog
import Exchange
import Foundation
import Glibc
import JSON
import TestSupport
import Testing
import Views

/// A process is killed while the port works and its automations act.
@Suite("kill -9 while the port's automations act", .serialized)
struct PortKillTests {
    @Test(
        "S20 Killed at any moment, each cause is acted on once, and each declaration released once if nothing is missing",
        .timeLimit(.minutes(30)))
    func kills() async throws {
        let kills = LongForm.scaled(8, full: 100)
        LongForm.report("kill", "plan", "", count: kills)
        let folder = try TemporaryFolder()
        let path = folder.path("ledger")
        var dice = LongForm.dice("port kills")
        do {
            let made = try await CaseLab()
            made.close()
            for suffix in ["", ".wrapping"] {
                try FileManager.default.copyItem(atPath: made.path + suffix, toPath: path + suffix)
            }
        }
        var (unfinished, released, seen) = (0, 0, 0)
        for kill in 0..<kills {
            let delay = 100_000 + dice.below(1_200_000)
            let seed = dice.next()
            await #expect(processExitsWith: .signal(SIGKILL)) {
                [path = path as String, delay = delay as Int, seed = seed as UInt64] in
                try await Self.work(path, delay, seed)
            }
            if dice.oneIn(6) { try? FileManager.default.removeItem(atPath: path + "/views") }
            let counts = try await Self.check(path, since: seen, "kill \(kill) after \(delay) µs, seed \(dice.seed)")
            unfinished += counts.after - counts.before
            released = counts.released
            seen = counts.after
            LongForm.report("kill", "port automations", "once")
        }
        print("port kills: seed \(dice.seed), \(kills) kills, \(released) releases, \(unfinished) appends after a kill")
        #expect(unfinished > 0 && released > kills, "no kill fell between a cause and what follows from it")
    }

    /// What the process does that is killed.
    private static func work(_ path: String, _ delay: Int, _ seed: UInt64) async throws {
        let lab = try CaseLab(opening: path)
        let run = try PortRun(lab)
        let killer = Thread {
            usleep(UInt32(delay))
            kill(getpid(), SIGKILL)
        }
        killer.start()
        for runner in run.runners { runner.start() }
        // Several at once: what they append goes into the log together.
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<6 {
                group.addTask {
                    var plot = PortPlot(seed: seed &+ UInt64(number))
                    while true {
                        for (agency, event) in plot.next() {
                            do { _ = try await run.book.append([event], as: agency) } catch {
                                Issue.record("\(error)")
                                return
                            }
                        }
                    }
                }
            }
        }
    }

    /// Brings it to rest and looks at all that there is.
    ///
    /// - Returns: How many entries there were before and after, and how many releases.
    private static func check(
        _ path: String, since seen: Int, _ note: String
    ) async throws -> (before: Int, after: Int, released: Int) {
        let lab = try CaseLab(opening: path)
        let before = Int(try lab.ledger.log.head)
        let run = try PortRun(lab)
        try await run.settle()
        try await lab.reach()
        let after = Int(try lab.ledger.log.head)
        #expect(try run.parked() == [], "\(note)")
        try await checkReleases(lab, since: seen, note)
        try PortStoryTests.expectFeedback(lab, note)
        try checkOnce(lab, note)
        let released = try PortRun.log(lab, "release.completed").count
        await run.close()
        return (before, after, released)
    }

    /// Each declaration of which nothing is missing is released, once. Those before the last kill were looked at then.
    private static func checkReleases(_ lab: CaseLab, since seen: Int, _ note: String) async throws {
        let releases = try PortRun.log(lab, "release.completed")
        let numbers = releases.map { $0.text("declaration") }
        #expect(Set(numbers).count == numbers.count, "released twice: \(note)")
        let positions = Dictionary(zip(numbers, releases.map(\.position)), uniquingKeysWith: { first, _ in first })
        for lodged in try PortRun.log(lab, "declaration.lodged") where lodged.position >= seen {
            let number = lodged.text("declaration")
            let file = try await lab.whole(number, at: positions[number])
            #expect(
                file.releaseDecision().mayBeReleased == (positions[number] != nil),
                "\(number): \(file.releaseDecision()), \(note)")
        }
    }

    /// What follows from a cause is there once, and from nothing else.
    private static func checkOnce(_ lab: CaseLab, _ note: String) throws {
        let log = try PortRun.log(lab)
        func expectOnce(_ what: String, _ done: [String], of due: [String]) {
            #expect(Set(done).count == done.count, "\(what) twice: \(note)")
            #expect(Set(done) == Set(due), "\(what): \(Set(done).symmetricDifference(due).prefix(5)), \(note)")
        }
        let orders = log.filter { $0.type == "inspection.ordered" && $0.text("kind") != "document" }
        expectOnce(
            "notified", log.filter { $0.type == "inspection.notified" }.flatMap { $0.texts("orders") },
            of: orders.map { $0.text("order") })
        let requests = log.filter { $0.type == "assistance.requested" }
        expectOnce("overdue assistance", try PortRun.notices(lab, "A").map(\.cause), of: requests.map(\.id))
        let bills = log.filter { $0.type == "duty.assessed" }
        expectOnce("overdue bill", try PortRun.notices(lab, "D").map(\.cause), of: bills.map(\.id))
        let incidents = log.filter { $0.type == "incident.declared" }
        expectOnce(
            "closed", incidents.filter { $0.text("stage") == "closed" }.map { $0.text("incident") },
            of: incidents.filter { $0.text("stage") == "declared" }.map { $0.text("incident") })
        let reviews = Dictionary(grouping: log.filter { $0.type == "image.reviewed" }, by: { $0.text("image") })
        for (image, reviews) in reviews {
            let agencies = reviews.map(\.agency)
            let complete = Set(agencies).isSuperset(of: ["CUS", "BOR"])
            #expect(agencies.count { $0 == "SW" } == (complete ? 1 : 0), "image \(image): \(note)")
        }
        // On arrival is released what arrived, and what nothing holds.
        let arrived = Set(log.filter { $0.type == "conveyance.arrived" }.map { $0.text("voyage") })
        let early = log.filter { $0.type == "declaration.lodged" && arrived.contains($0.text("voyage")) }
        let accepted = Set(log.filter { $0.type == "declaration.accepted" }.map { $0.text("declaration") })
        expectOnce(
            "released on arrival", log.filter { $0.text("basis") == "arrival" }.map { $0.text("declaration") },
            of: early.map { $0.text("declaration") }.filter(accepted.contains))
    }
}

/// A port with little work, in any order.
struct PortPlot {
    private var dice: Dice
    private let run: String
    private var count = 0

    init(seed: UInt64) {
        dice = Dice(seed: seed)
        run = String(seed, radix: 36)
    }

    /// The next declaration, with all that must come for its release, and sometimes with a hold that stays.
    mutating func next() -> [(agency: String, event: AgencyEvent)] {
        count += 1
        let name = "\(run)-\(count)"
        return dice.oneIn(2) ? released(name) : others(name)
    }

    /// What the other automations act on.
    private mutating func others(_ name: String) -> [(agency: String, event: AgencyEvent)] {
        func event(
            _ type: String, _ agency: String, _ id: String, tags: [String] = [], _ members: String
        ) -> (agency: String, event: AgencyEvent) {
            (agency, CaseLab.event(type, by: agency, id: id + name, tags: tags, "{\(members)}"))
        }
        let number = #""declaration":"o\#(name)""#
        let ship = #","preLodged":true,"conveyance":"S1","voyage":"\#(name)""#
        let lodged = event(
            "declaration.lodged", "DEC", "ol", tags: ["container:O\(name)"], number + #","kind":"goods""#)
        switch dice.below(6) {
        case 0:
            // Windows that begin soon, so that the notice is due at once.
            let start = Timestamp(microseconds: Timestamp.now().microseconds + 300_000_000)
            let window = #","kind":"physical","from":"\#(start)""#
            let excluded = dice.oneIn(3) ? #","exclusions":["waste"]"# : ""
            return [
                lodged, event("inspection.ordered", "CUS", "o1", number + #","order":"c\#(name)""# + window),
                event("inspection.ordered", "MSA", "o2", number + #","order":"m\#(name)""# + window + excluded),
                event("inspection.ordered", "BOR", "o3", number + #","order":"b\#(name)","kind":"document""#),
            ]
        case 1:
            func review(_ agency: String, _ verdict: String) -> (agency: String, event: AgencyEvent) {
                event(
                    "image.reviewed", agency, "i\(agency)",
                    #""image":"\#(name)","screen":"s","verdict":"\#(verdict)","participants":["CUS","BOR"]"#)
            }
            return [review("CUS", "clear"), review("BOR", dice.oneIn(2) ? "clear" : "suspicious")]
        case 2:
            return [
                event(
                    "incident.declared", "POO", "x",
                    #""incident":"\#(name)","stage":"declared","level":"I","until":"2020-01-01T00:00:00Z""#)
            ]
        case 3:
            let form = CaseLab.event(
                "assistance.requested+action", by: "POO", id: "k\(name)",
                #"{"kind":"complaint","asked":["CUS"],"deadline":"2020-01-01T00:00:00Z"}"#)
            let text = String(decoding: form.event, as: UTF8.self)
                .replacing(
                    #""type":"sanhu.assistance.requested+action""#, with: #""type":"sanhu.assistance.requested""#)
            return [("POO", AgencyEvent(Array(text.utf8)))]
        case 4:
            return [lodged, event("duty.assessed", "CUS", "b", number + #","bill":"B","dueDate":"2020-01-01""#)]
        default:
            return [
                event(
                    "declaration.lodged", "DEC", "ol", tags: ["container:O\(name)"], number + #","kind":"goods""# + ship
                ),
                event("declaration.accepted", "CUS", "oa", number),
                event("conveyance.arrived", "MSA", "ov", #""conveyance":"S1","voyage":"\#(name)""#),
            ]
        }
    }

    /// A declaration with all that must come for its release.
    private mutating func released(_ name: String) -> [(agency: String, event: AgencyEvent)] {
        let number = #"{"declaration":"\#(name)""#
        let container = "K\(dice.below(4))-\(run)"
        var events: [(String, AgencyEvent)] = [
            (
                "DEC",
                CaseLab.event(
                    "declaration.lodged", by: "DEC", id: "l\(name)", tags: ["container:\(container)"],
                    number + #","kind":"goods"}"#)
            ), ("CUS", CaseLab.event("declaration.accepted", by: "CUS", id: "a\(name)", number + "}")),
        ]
        let grant = (
            "CUS",
            CaseLab.event("release.granted", by: "CUS", id: "g\(name)", number + #","condition":"none"}"#)
        )
        guard dice.oneIn(2) else { return events + [grant] }
        let object = dice.oneIn(2) ? #""container":"\#(container)""# : #""declaration":"\#(name)""#
        let hold = CaseLab.event(
            "hold.placed", by: "MSA", id: "h\(name)", "{\(object),\"scope\":\"all\",\"legalBasis\":\"Art. 1\"}")
        let lift = CaseLab.event("hold.lifted", by: "MSA", id: "u\(name)", "{\(object),\"hold\":\"h\(name)\"}")
        events.append(("MSA", hold))
        events.append(grant)
        if !dice.oneIn(6) { events.append(("MSA", lift)) }
        return events
    }
}
