import Clearance
import EventLog
import Exchange
import JSON
import TestSupport
import Testing
import Views

/// Boarding and release on arrival under many at once: `SANHU_TORTURE=full` for 50,000 attempts.
@Suite("Boarding and release on arrival under those who try to break the rules", .fewAtOnce)
struct JointRaceTests {
    @Test(
        "S21 S44 S60 64 appenders at once never board past others, nor release what is in the way",
        .timeLimit(.minutes(60)))
    func race() async throws {
        let attempts = LongForm.scaled(1_500, full: 50_000)
        let plot = JointPlot(seed: LongForm.dice("joint race").seed, attempts: attempts)
        let lab = try await CaseLab()
        defer { lab.close() }
        let rules = [PortRules.boarding, PortRules.arrivalRelease]
        let books = [try lab.book(rules), try lab.book(rules)]
        let ledger = lab.ledger
        let first = try ledger.log.head
        let race = RuleRace<RaceEvent>(attempts)
        try await race.run(appenders: 64, head: { try ledger.log.head }, event: plot.event) { event, appender in
            do throws(ExchangeError) {
                switch try await books[appender % 2].append([event.event], as: event.agency)[0] {
                case .appended: return .appended
                case .duplicate, .erased: return .duplicate
                }
            } catch {
                guard error.code != .ruleBroken else { return .refused }
                guard error.code == .conflict else { throw error }
                return nil
            }
        }
        let log = try ledger.log.read(.all, ReadRange(from: first)).map { try RaceEvent($0) }
        var port = JointPort()
        let (faults, justified) = race.check(log, from: first, &port)
        let note = "seed \(plot.seed): \(faults.count) faults, \(faults.prefix(5))"
        #expect(faults.isEmpty && race.conflicts == 0, "\(note)")
        let outcomes = Dictionary(grouping: race.done, by: \.outcome).mapValues(\.count)
        #expect(outcomes[.appended] == log.count && justified == outcomes[.refused], "\(note)")
        for type in ["inspection.started", "release.granted"] {
            let said = race.done.filter { $0.event.type == type }.map(\.outcome)
            #expect(said.contains(.refused) && said.contains(.appended), "\(type) went one way only, \(note)")
        }
        print("joint race: seed \(plot.seed), \(attempts) attempts: \(outcomes)")
        LongForm.report("race", "joint rules", "held", count: attempts)
    }
}

/// What the appenders do: an attempt's number says it.
struct JointPlot: Sendable {
    let seed: UInt64
    let attempts: Int

    func event(_ number: Int) -> RaceEvent {
        var dice = Dice(seed: seed &+ UInt64(number))
        if number > 0, dice.oneIn(20) { return event(dice.below(number)) }
        return dice.oneIn(2) ? boarding(number, &dice) : arrival(number, &dice)
    }

    private func boarding(_ number: Int, _ dice: inout Dice) -> RaceEvent {
        let name = dice.below(max(1, attempts / 60))
        let ship = #""conveyance":"S\#(name)""#
        let agency = dice.pick(["CUS", "BOR", "MSA"])
        switch dice.below(20) {
        case ..<6:
            let excluded = dice.oneIn(5) ? #","exclusions":["drugs"]"# : ""
            return RaceEvent(
                "inspection.ordered", by: agency, id: "o\(number)",
                ship + #","order":"\#(agency)\#(name)","kind":"boarding"\#(excluded)"#)
        case ..<9:
            return RaceEvent(
                "inspection.completed", by: agency, id: "c\(number)",
                ship + #","orders":["\#(agency)\#(name)"],"result":"no-finding""#)
        case ..<10:
            let stage = dice.oneIn(2) ? "declared" : "closed"
            let rights = stage == "declared" ? #","opens":["unilateral-boarding"],"scope":"conveyance:S\#(name)""# : ""
            return RaceEvent(
                "incident.declared", by: "POO", id: "x\(number)",
                #""incident":"X\#(name)","stage":"\#(stage)","level":"II"\#(rights)"#)
        default:
            let others = ["CUS", "BOR", "MSA"].filter { $0 == agency || dice.oneIn(2) }
            let participants = others.map { "\"\($0)\"" }.joined(separator: ",")
            return RaceEvent(
                "inspection.started", by: agency, id: "b\(number)", ship + #","participants":[\#(participants)]"#)
        }
    }

    private func arrival(_ number: Int, _ dice: inout Dice) -> RaceEvent {
        let name = dice.below(max(1, attempts / 40))
        let declaration = #""declaration":"D\#(name)""#
        let container = #""container":"C\#(name)""#
        let ship = #""conveyance":"T","voyage":"\#(name)""#
        switch dice.below(20) {
        case ..<3:
            return RaceEvent(
                "declaration.lodged", by: "DEC", id: "l\(number)", tags: ["container:C\(name)"],
                declaration + #","kind":"goods","preLodged":true,"# + ship)
        case ..<6: return RaceEvent("declaration.accepted", by: "CUS", id: "a\(number)", declaration)
        case ..<9: return RaceEvent("conveyance.arrived", by: "MSA", id: "v\(number)", ship)
        case ..<10:
            return RaceEvent(
                "hold.placed", by: "MSA", id: "h\(name)", container + #","scope":"all","legalBasis":"Art. 1""#)
        case ..<12: return RaceEvent("hold.lifted", by: "MSA", id: "u\(number)", container + #","hold":"h\#(name)""#)
        case ..<13:
            return RaceEvent(
                "inspection.ordered", by: "BOR", id: "i\(number)", declaration + #","order":"g\#(name)","kind":"nii""#)
        case ..<15:
            return RaceEvent(
                "inspection.completed", by: "BOR", id: "j\(number)",
                declaration + #","orders":["g\#(name)"],"result":"no-finding""#)
        default:
            return RaceEvent(
                "release.granted", by: "CUS", id: "g\(number)", tags: ["container:C\(name)"],
                declaration + #","basis":"arrival","# + ship)
        }
    }
}

/// The port in a few lines, apart from rules and ledger.
struct JointPort: RaceModel {
    private var ids: Set<String> = []
    /// By object, the orders that are open, and whether they are excluded.
    private var orders: [String: [String: (agency: String, isExcluded: Bool)]] = [:]
    /// Incidents by their stage.
    private var incidents: [String: String] = [:]
    private var lodged: Set<String> = []
    private var accepted: Set<String> = []
    private var arrived: Set<String> = []
    private var placed: Set<String> = []
    private var lifted: Set<String> = []
    private var granted: Set<String> = []

    func knows(_ event: RaceEvent) -> Bool { ids.contains("\(event.type) \(event.id)") }

    private func object(_ event: RaceEvent) -> String {
        event.text("declaration").isEmpty ? event.text("conveyance") : event.text("declaration")
    }

    func allows(_ event: RaceEvent) -> Bool {
        let open = orders[object(event), default: [:]].values
        switch event.type {
        case "inspection.started":
            if incidents["X" + event.text("conveyance").dropFirst()] == "declared" { return true }
            if open.contains(where: { $0.agency == event.agency && $0.isExcluded }) { return true }
            let aboard = event.data?["participants"]?.elements.compactMap(\.string) ?? []
            return open.allSatisfy { $0.isExcluded || aboard.contains($0.agency) }
        case "release.granted":
            let name = event.text("declaration").dropFirst()
            let isHeld = placed.contains("h" + name) && !lifted.contains("h" + name)
            return lodged.contains("D" + name) && accepted.contains("D" + name) && arrived.contains(String(name))
                && !isHeld && open.isEmpty && !granted.contains("D" + name)
        default: return true
        }
    }

    mutating func take(_ event: RaceEvent) {
        ids.insert("\(event.type) \(event.id)")
        let declaration = event.text("declaration")
        switch event.type {
        case "inspection.ordered":
            orders[object(event), default: [:]][event.text("order")] = (
                event.agency, event.data?["exclusions"] != nil
            )
        case "inspection.completed":
            for name in event.data?["orders"]?.elements.compactMap(\.string) ?? [] {
                orders[object(event)]?[name] = nil
            }
        case "incident.declared":
            let (name, stage) = (event.text("incident"), event.text("stage"))
            if stage == "closed", incidents[name] != nil { incidents[name] = stage }
            if stage == "declared", incidents[name] == nil { incidents[name] = stage }
        case "declaration.lodged": lodged.insert(declaration)
        case "declaration.accepted": accepted.insert(declaration)
        case "conveyance.arrived": arrived.insert(event.text("voyage"))
        case "hold.placed": placed.insert(event.id)
        case "hold.lifted": if placed.contains(event.text("hold")) { lifted.insert(event.text("hold")) }
        case "release.granted": granted.insert(declaration)
        default: break
        }
    }
}
