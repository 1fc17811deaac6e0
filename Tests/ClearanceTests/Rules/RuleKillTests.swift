import Clearance
import EventLog
import Exchange
import Foundation
import Glibc
import JSON
import TestSupport
import Testing
import Views

/// A process is killed while many append by the rules: `SANHU_TORTURE=full` for 60 kills of each.
@Suite("kill -9 while many append by the rules", .serialized)
struct RuleKillTests {
    /// What is appended, and by which model it is judged.
    enum Plot: String, CaseIterable, Codable, Sendable {
        case system, joint, clearance

        static let attempts = 3_000

        func event(_ number: Int, _ seed: UInt64) -> RaceEvent {
            switch self {
            case .system: SystemPlot(seed: seed, attempts: Self.attempts).event(number)
            case .joint: JointPlot(seed: seed, attempts: Self.attempts).event(number)
            case .clearance: RacePlot(seed: seed, attempts: Self.attempts).event(number)
            }
        }

        var rules: [Rule] {
            switch self {
            case .system: PortRules.all
            case .joint: [PortRules.boarding, PortRules.arrivalRelease]
            case .clearance: [PortRules.permitBalance, PortRules.oneRelease]
            }
        }
    }

    /// How many attempts a process may make before it is killed.
    private static let share = 100_000
    private static let seed: UInt64 = 0x5EED

    @Test(
        "S20 S28 S37 S61 S64 Killed at any moment, no rule is broken, nothing acknowledged is lost, and what follows is judged alike",
        .timeLimit(.minutes(30)), arguments: Plot.allCases)
    func kills(_ plot: Plot) async throws {
        let kills = LongForm.scaled(3, full: 60)
        LongForm.report("kill", "plan", "", count: kills)
        let folder = try TemporaryFolder()
        let path = folder.path("ledger")
        var dice = LongForm.dice("rule kills \(plot)")
        let first = try await Self.prepare(plot, path)
        for kill in 0..<kills {
            let delay = 150_000 + dice.below(700_000)
            await #expect(processExitsWith: .signal(SIGKILL)) {
                [plot = plot as Plot, path = path as String, kill = kill as Int, delay = delay as Int] in
                try await Self.work(plot, path, kill * Self.share, delay)
            }
            try await Self.check(plot, path, first, (kills + kill) * Self.share, "kill \(kill) after \(delay) µs")
            LongForm.report("kill", "rules", "held")
        }
    }

    /// - Returns: The position after what was prepared.
    private static func prepare(_ plot: Plot, _ path: String) async throws -> Position {
        let made = try await CaseLab()
        if plot == .clearance { try await RacePlot(seed: seed, attempts: Plot.attempts).prepare(made) }
        let first = try made.ledger.log.head
        made.close()
        for suffix in ["", ".wrapping"] {
            try FileManager.default.copyItem(atPath: made.path + suffix, toPath: path + suffix)
        }
        return first
    }

    /// What the process does that is killed: what was acknowledged to it, it writes down.
    private static func work(_ plot: Plot, _ path: String, _ start: Int, _ delay: Int) async throws {
        let lab = try CaseLab(opening: path)
        let book = try lab.book(plot.rules)
        let file = open(path + ".acknowledged", O_WRONLY | O_CREAT | O_APPEND, 0o600)
        let killer = Thread {
            usleep(UInt32(delay))
            kill(getpid(), SIGKILL)
        }
        killer.start()
        await withTaskGroup(of: Void.self) { group in
            for lane in 0..<16 {
                group.addTask {
                    for number in stride(from: start + lane, to: start + share, by: 16) {
                        let event = plot.event(number, seed)
                        do throws(ExchangeError) {
                            _ = try await book.append([event.event], as: event.agency)
                            _ = Array("\(number)\n".utf8).withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
                        } catch {
                            if error.code != .ruleBroken, error.code != .conflict { Issue.record("\(error)") }
                        }
                    }
                }
            }
        }
    }

    private static func check(
        _ plot: Plot, _ path: String, _ first: Position, _ start: Int, _ note: String
    ) async throws {
        switch plot {
        case .system: try await check(plot, path, first, start, note, SystemPort())
        case .joint: try await check(plot, path, first, start, note, JointPort())
        case .clearance:
            try await check(plot, path, first, start, note, RacePlot(seed: seed, attempts: Plot.attempts).prepared)
        }
    }

    /// Holds the log against the model, then appends one by one what the model says beforehand.
    private static func check<Model: RaceModel>(
        _ plot: Plot, _ path: String, _ first: Position, _ start: Int, _ note: String, _ initial: Model
    ) async throws where Model.Event == RaceEvent {
        let lab = try CaseLab(opening: path)
        defer { lab.close() }
        let acknowledged = try String(contentsOfFile: path + ".acknowledged", encoding: .utf8)
            .split(separator: "\n").compactMap { Int($0) }.map { plot.event($0, seed) }
        // What is sealed is judged as it was sent.
        let sent = Dictionary(acknowledged.map { (SystemPort.key($0), $0) }, uniquingKeysWith: { first, _ in first })
        var port = initial
        for entry in try lab.ledger.log.read(.all, ReadRange(from: first)) {
            let stored = try RaceEvent(entry)
            let event = sent[SystemPort.key(stored)] ?? found(stored, plot) ?? stored
            let isAllowed = port.allows(event)
            #expect(isAllowed, "\(event), \(note)")
            port.take(event)
        }
        let lost = acknowledged.filter { !port.knows($0) }
        #expect(lost.isEmpty, "acknowledged and lost: \(lost), \(note)")
        let book = try lab.book(plot.rules)
        var refused = 0
        for number in start..<start + 60 {
            let event = plot.event(number, seed)
            let isAllowed = port.knows(event) || port.allows(event)
            do throws(ExchangeError) {
                _ = try await book.append([event.event], as: event.agency)
                #expect(isAllowed, "\(event), \(note)")
                if !port.knows(event) { port.take(event) }
            } catch {
                #expect(error.code == .ruleBroken && !isAllowed, "\(event): \(error), \(note)")
                refused += 1
            }
        }
        #expect(refused > 0 && refused < 60, "\(note)")
    }

    /// What was appended and not acknowledged, as it was sent: its id ends with the number of the attempt, or of the object.
    private static func found(_ event: RaceEvent, _ plot: Plot) -> RaceEvent? {
        let digits = String(event.id.reversed().prefix { $0.isNumber }.reversed())
        guard let number = Int(digits) else { return nil }
        if event.type == "risk.flagged" {
            return RaceEvent(event.type, by: event.agency, id: event.id, #""declaration":"D\#(number)""#)
        }
        let sent = plot.event(number, seed)
        return SystemPort.key(sent) == SystemPort.key(event) ? sent : nil
    }
}
