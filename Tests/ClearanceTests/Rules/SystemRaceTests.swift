import Clearance
import EventLog
import Exchange
import JSON
import TestSupport
import Testing
import Views

/// The rules of the systems under many at once: `SANHU_TORTURE=full` for 100,000 attempts.
@Suite("The rules of the port's systems under those who try to break them", .fewAtOnce)
struct SystemRaceTests {
    @Test(
        "S28 S51 S61 S64 S90 S02 64 appenders at once never break a rule, and nobody is refused wrongly",
        .timeLimit(.minutes(60)))
    func race() async throws {
        let attempts = LongForm.scaled(3_000, full: 100_000)
        let plot = SystemPlot(seed: LongForm.dice("system race").seed, attempts: attempts)
        let lab = try await CaseLab()
        defer { lab.close() }
        let books = [try lab.book(), try lab.book()]
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
        // Sealed sums and flags are seen by the rules as they were sent: the model takes them from the plot.
        let sent = Dictionary(
            race.done.map { (SystemPort.key($0.event), $0.event) }, uniquingKeysWith: { first, _ in first })
        let log = try ledger.log.read(.all, ReadRange(from: first)).map { entry in
            let event = try RaceEvent(entry)
            return sent[SystemPort.key(event)] ?? event
        }
        var port = SystemPort()
        let (faults, justified) = race.check(log, from: first, &port)
        let note = "seed \(plot.seed): \(faults.count) faults, \(faults.prefix(5))"
        #expect(faults.isEmpty && race.conflicts == 0, "\(note)")
        let outcomes = Dictionary(grouping: race.done, by: \.outcome).mapValues(\.count)
        #expect(outcomes[.appended] == log.count, "\(note)")
        #expect(justified == outcomes[.refused] && justified > attempts / 20, "\(note)")
        for type in SystemPort.judged {
            let said = race.done.filter { $0.event.type == type }.map(\.outcome)
            #expect(said.contains(.refused) && said.contains(.appended), "\(type) went one way only, \(note)")
        }
        print("system race: seed \(plot.seed), \(attempts) attempts: \(outcomes)")
        LongForm.report("race", "system rules", "held", count: attempts)
    }
}

/// What the appenders do: an attempt's number says it.
struct SystemPlot: Sendable {
    let seed: UInt64
    let attempts: Int

    func event(_ number: Int) -> RaceEvent {
        var dice = Dice(seed: seed &+ UInt64(number))
        if number > 0, dice.oneIn(20) { return event(dice.below(number)) }
        let about = dice.below(max(1, attempts / 40))
        let declaration = #""declaration":"D\#(about)""#
        let container = #""container":"C\#(about % (1 + attempts / 200))""#
        let guarantee = #","guarantee":"G\#(about % 8)""#
        switch dice.below(100) {
        case ..<12:
            return RaceEvent("declaration.lodged", by: "DEC", id: "d\(number)", declaration + #","kind":"goods""#)
        case ..<24: return RaceEvent("declaration.accepted", by: "CUS", id: "a\(number)", declaration)
        case ..<25:
            return RaceEvent(
                "declaration.withdrawn", by: "CUS", id: "w\(number)", declaration + #","stage":"completed""#)
        case ..<29:
            let limit = #","enterprise":"E","limit":{"amount":\#(200 + dice.below(200)),"currency":"CNY"}"#
            return RaceEvent("guarantee.lodged", by: "INS", id: "G\(number)", String(guarantee.dropFirst()) + limit)
        case ..<44:
            let secured = #","condition":"guarantee","secured":{"amount":\#(1 + dice.below(90)),"currency":"CNY"}"#
            return RaceEvent("release.granted", by: "CUS", id: "g\(number)", declaration + guarantee + secured)
        case ..<49:
            return RaceEvent("duty.paid", by: "TRE", id: "p\(number)", declaration + guarantee + #","bill":"B""#)
        case ..<59:
            let act = dice.pick(["affixed", "affixed", "checked", "checked", "checked", "removed"])
            let intact = dice.oneIn(6) ? #","intact":false"# : ""
            return RaceEvent(
                "seal.recorded", by: "CAR", id: "s\(number)",
                container + #","act":"\#(act)","number":"N\#(dice.below(5) / 4)""# + intact)
        case ..<69:
            return RaceEvent(
                "equipment.moved", by: "CAR", id: "m\(number)", container + #","move":"transship","direct":true"#)
        case ..<77:
            return RaceEvent(
                "inspection.completed", by: "MSA", id: "i\(about)", declaration + #","result":"no-finding""#)
        case ..<80:
            return RaceEvent(
                "risk.flagged", by: "CUS", id: "f\(about)", declaration + #","reasonClass":"a","action":"b""#)
        case ..<86:
            return RaceEvent(
                "risk.cleared", by: "CUS", id: "c\(number)", declaration + #","flag":"f\#(about)","outcome":"lifted""#)
        case ..<92:
            return RaceEvent(
                "result.recognised", by: "CUS", id: "r\(number)",
                declaration + #","event":"i\#(about)","basis":"b","scope":"all""#)
        case ..<93:
            let power = #"{"code":"K\#(about % 20)","agency":"CUS","act":"sanhu.disposition.decided"}"#
            return RaceEvent(
                "policy.published", by: "POO", id: "k\(number)",
                RuleStand.policy("power-list", "\(number)", #""powers":[\#(power)]"#))
        case ..<96:
            let matter = #","matter":"m","decision":"pass","powerItem":"K\#(about % 20)""#
            return RaceEvent("disposition.decided", by: "CUS", id: "x\(number)", declaration + matter)
        default:
            let commitment = String(repeating: "0", count: 60) + String(1_000 + about % 9_000)
            return RaceEvent(
                "selection.drawn", by: "CUS", id: "z\(number)",
                #""draw":"Z\#(about)","stage":"committed","commitment":"\#(commitment)","poolRule":"all","rate":2500"#)
        }
    }
}

/// The port in a few lines, apart from rules and ledger.
struct SystemPort: RaceModel {
    static let judged = [
        "declaration.accepted", "release.granted", "duty.paid", "equipment.moved", "risk.cleared", "result.recognised",
        "disposition.decided", "selection.drawn",
    ]

    private enum Seal { case whole(String), broken, removed }

    private var ids: Set<String> = []
    private var lodged: Set<String> = []
    private var required: Set<String> = []
    private var withdrawn: Set<String> = []
    private var limits: [String: Int64] = [:]
    /// By guarantee, what declarations have taken of it.
    private var taken: [String: [String: Int64]] = [:]
    private var seals: [String: Seal] = [:]
    private var inspected: Set<String> = []
    /// Flags there were, and those that stand since an inspection.
    private var flags: Set<String> = []
    private var standing: Set<String> = []
    /// Items of power lists, and draws that were committed to.
    private var powers: Set<String> = []
    private var drawn: Set<String> = []

    /// By which an event in the log is found among those that were sent.
    static func key(_ event: RaceEvent) -> String { "\(event.type) \(event.id)" }

    func knows(_ event: RaceEvent) -> Bool { ids.contains(Self.key(event)) }

    func allows(_ event: RaceEvent) -> Bool {
        let declaration = event.text("declaration")
        switch event.type {
        case "declaration.accepted", "declaration.withdrawn":
            return lodged.contains(declaration) && !withdrawn.contains(declaration)
        case "release.granted":
            guard let limit = limits[event.text("guarantee")] else { return false }
            return taken[event.text("guarantee"), default: [:]].values.reduce(amount(event, "secured"), +) <= limit
        case "duty.paid": return limits[event.text("guarantee")] != nil
        case "equipment.moved":
            if case .whole = seals[event.text("container")] { return true }
            return false
        case "risk.cleared": return flags.contains(declaration)
        case "disposition.decided": return powers.contains(event.text("powerItem"))
        case "selection.drawn": return !drawn.contains(event.text("draw"))
        case "result.recognised": return inspected.contains(declaration) && !standing.contains(declaration)
        default: return true
        }
    }

    mutating func take(_ event: RaceEvent) {
        ids.insert(Self.key(event))
        let (declaration, guarantee) = (event.text("declaration"), event.text("guarantee"))
        switch event.type {
        case "declaration.lodged": lodged.insert(declaration)
        case "declaration.accepted": required.insert(declaration)
        case "declaration.withdrawn": if required.contains(declaration) { withdrawn.insert(declaration) }
        case "guarantee.lodged": limits[guarantee] = amount(event, "limit")
        case "release.granted": taken[guarantee, default: [:]][declaration, default: 0] += amount(event, "secured")
        case "duty.paid": taken[guarantee]?[declaration] = nil
        case "seal.recorded": takeSeal(event)
        case "inspection.completed": inspected.insert(declaration)
        case "risk.flagged":
            flags.insert(declaration)
            if inspected.contains(declaration) { standing.insert(declaration) }
        case "risk.cleared": standing.remove(declaration)
        case "policy.published":
            for power in event.data?["powers"]?.elements ?? [] { powers.insert(power["code"]?.string ?? "") }
        case "selection.drawn": drawn.insert(event.text("draw"))
        default: break
        }
    }

    private mutating func takeSeal(_ event: RaceEvent) {
        let (container, number) = (event.text("container"), event.text("number"))
        let isWhole = event.data?["intact"]?.bool ?? true
        switch (event.text("act"), seals[container]) {
        case ("affixed", nil), ("affixed", .removed):
            if isWhole { seals[container] = .whole(number) } else { seals[container] = nil }
        case ("affixed", .whole(let old)): if old != number { seals[container] = .broken }
        case ("checked", .whole(let old)): if old != number || !isWhole { seals[container] = .broken }
        case ("removed", .whole), ("removed", .broken): seals[container] = .removed
        default: break
        }
    }

    private func amount(_ event: RaceEvent, _ name: String) -> Int64 { event.data?[name]?["amount"]?.integer ?? 0 }
}
