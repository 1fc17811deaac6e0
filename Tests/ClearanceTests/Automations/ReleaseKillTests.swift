import Clearance
import EventLog
import Exchange
import Foundation
import Glibc
import JSON
import TestSupport
import Testing
import Views

/// A process is killed while the port works and releases are completed by themselves.
@Suite("kill -9 while releases are completed", .serialized)
struct ReleaseKillTests {
    @Test(
        "Killed at any moment, each declaration is released once if nothing is missing, never else",
        .timeLimit(.minutes(20)))
    func kills() async throws {
        let kills = LongForm.scaled(20, full: 120)
        LongForm.report("kill", "plan", "", count: kills)
        let folder = try TemporaryFolder()
        let path = folder.path("ledger")
        var dice = LongForm.dice("release kills")
        do {
            let made = try await CaseLab()
            made.close()
            for suffix in ["", ".wrapping"] {
                try FileManager.default.copyItem(atPath: made.path + suffix, toPath: path + suffix)
            }
        }
        var (unfinished, released) = (0, 0)
        for kill in 0..<kills {
            let delay = dice.below(300_000)
            let seed = dice.next()
            await #expect(processExitsWith: .signal(SIGKILL)) {
                [path = path as String, delay = delay as Int, seed = seed as UInt64] in
                try await Self.work(path, delay, seed)
            }
            if dice.oneIn(6) { try? FileManager.default.removeItem(atPath: path + "/views") }
            let counts = try await Self.check(path, "kill \(kill) after \(delay) µs, seed \(dice.seed)")
            unfinished += counts.after - counts.before
            released = counts.after
            LongForm.report("kill", "releases", "once")
        }
        print("release kills: seed \(dice.seed), \(kills) kills, \(released) releases, \(unfinished) after a kill")
        #expect(unfinished > 0 && released > kills, "no kill fell between the last grant and the release")
    }

    /// What the process does that is killed.
    private static func work(_ path: String, _ delay: Int, _ seed: UInt64) async throws {
        var plot = ReleasePlot(seed: seed)
        let lab = try CaseLab(opening: path)
        let run = try ReleaseRun(lab)
        let killer = Thread {
            usleep(UInt32(delay))
            kill(getpid(), SIGKILL)
        }
        killer.start()
        run.runner.start()
        while true {
            for (agency, event) in plot.next() { _ = try await run.book.append([event], as: agency) }
        }
    }

    /// Brings it to rest and looks at each declaration.
    ///
    /// - Returns: How many releases there were before and after.
    private static func check(_ path: String, _ note: String) async throws -> (before: Int, after: Int) {
        let lab = try CaseLab(opening: path)
        let before = try ReleaseRun.releases(lab)
        let run = try ReleaseRun(lab)
        try await run.runner.settle()
        try await lab.reach()
        let after = try ReleaseRun.releases(lab)
        #expect(Set(after.map(\.declaration)).count == after.count, "released twice: \(note)")
        #expect(try run.runner.parkedEntries().isEmpty, "\(note)")
        let positions = Dictionary(uniqueKeysWithValues: after.map { ($0.declaration, $0.position) })
        // Those before the kill were looked at then.
        let new = after.dropFirst(max(0, before.count - 20)).map(\.declaration)
        for number in Set(new).union(try Self.declarations(lab).subtracting(positions.keys)) {
            let file = try await lab.whole(number, at: positions[number])
            #expect(
                file.releaseDecision().mayBeReleased == (positions[number] != nil),
                "\(number): \(file.releaseDecision()), \(note)")
        }
        await run.close()
        return (before.count, after.count)
    }

    private static func declarations(_ lab: CaseLab) throws -> Set<String> {
        let lodged = try lab.ledger.log.read(Query(types: [CaseEvent.declarationLodged.type]), ReadRange())
        return Set(
            try lodged.compactMap {
                try JSONDocument(parsing: $0.bytes).root["event"]?["data"]?["declaration"]?.string
            })
    }
}

/// A port with little work, in any order.
struct ReleasePlot {
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
