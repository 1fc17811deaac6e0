import Clearance
import EventLog
import Exchange
import JSON
import TestSupport
import Testing
import Views

/// The rules that go by lists, by numbers and by who acted, while lists come and many append: `SANHU_TORTURE=full` for 100,000
/// attempts.
@Suite("Rules by lists under those who try to break them", .fewAtOnce)
struct ListRaceTests {
    @Test(
        "S29 S52 S80 S98 64 appenders at once: nobody is refused wrongly, and each breach is recorded once",
        .timeLimit(.minutes(60)))
    func race() async throws {
        let attempts = LongForm.scaled(1_500, full: 100_000)
        let plot = ListPlot(seed: LongForm.dice("list race").seed, attempts: attempts)
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
        let note = "seed \(plot.seed)"
        let sent = Dictionary(
            race.done.map { (SystemPort.key($0.event), $0.event) }, uniquingKeysWith: { first, _ in first })
        var (log, breached): ([RaceEvent?], [String: Int]) = ([], [:])
        for event in try ledger.opened(try ledger.log.read(.all, ReadRange(from: first)), upcasting: .standard) {
            let root = try JSONDocument(parsing: event.event).root
            guard root["type"]?.string == "sanhu.rule.breached" else {
                let type = (root["type"]?.string ?? "").dropFirst("sanhu.".count)
                log.append(try #require(sent["\(type) \(root["id"]?.string ?? "")"], "\(note)"))
                continue
            }
            let cause = root["data"]?["cause"]?["id"]?.string ?? "?"
            breached["\(root["data"]?["rule"]?.string ?? "?") \(cause)", default: 0] += 1
            log.append(nil)
        }
        // Each refusal was right at some head between its beginning and its end, and each breach is one in the order of the log.
        var (port, broken): (ListPort, Set<String>) = (ListPort(), [])
        var ports = [port]
        for event in log {
            if let event {
                #expect(port.allows(event), "\(event.type) \(event.id), \(note)")
                broken.formUnion(port.breaches(event))
                port.take(event)
            }
            ports.append(port)
        }
        #expect(breached == Dictionary(uniqueKeysWithValues: broken.map { ($0, 1) }), "\(note)")
        for attempt in race.done where attempt.outcome == .refused {
            let heads = Int(attempt.before - first)...Int(attempt.after - first)
            #expect(heads.contains { !ports[$0].allows(attempt.event) }, "\(attempt.event.type), \(note)")
        }
        #expect(race.conflicts == 0, "\(note)")
        let outcomes = Dictionary(grouping: race.done, by: \.outcome).mapValues(\.count)
        #expect(outcomes[.appended] == log.count { $0 != nil }, "\(note)")
        #expect(outcomes[.refused] ?? 0 > attempts / 20 && outcomes[.duplicate] ?? 0 > 0, "\(note)")
        for rule in ["charges", "separation"] {
            #expect(broken.contains { $0.hasPrefix(rule) }, "\(rule) was never broken, \(note)")
        }
        print("list race: seed \(plot.seed), \(attempts) attempts: \(outcomes), \(broken.count) breaches")
        LongForm.report("race", "list rules", "held", count: attempts)
    }
}

/// What the appenders do: an attempt's number says it.
private struct ListPlot: Sendable {
    let seed: UInt64
    let attempts: Int

    private static let good = ["CSQU3054383", "MSCU6639870", "TEMU5600127"]

    func event(_ number: Int) -> RaceEvent {
        var dice = Dice(seed: seed &+ UInt64(number))
        if number > 0, dice.oneIn(25) { return event(dice.below(number)) }
        let declaration = #""declaration":"D\#(dice.below(max(1, attempts / 12)))""#
        // Lists come slowly, so that there is a before and an after.
        let entry = dice.below(max(8, attempts / 60))
        switch dice.below(100) {
        case ..<4:
            let laboratory =
                #"{"institution":"I","accreditation":"A\#(entry)","methods":["m"],"scopes":["s"],"from":"2026-01-01","to":"2027-01-01"}"#
            return RaceEvent(
                "policy.published", by: "CUS", id: "l\(number)",
                RuleStand.policy("laboratory-list", "\(number)", #""laboratories":[\#(laboratory)]"#))
        case ..<8:
            let fee = #"{"code":"F\#(entry)","name":"F","unit":"box","maximum":100,"currency":"CNY"}"#
            return RaceEvent(
                "policy.published", by: "POO", id: "f\(number)",
                RuleStand.policy("fee-list", "\(number)", #""fees":[\#(fee)]"#))
        case ..<38:
            return RaceEvent(
                "lab.reported", by: "LAB", id: "t\(number)",
                declaration
                    + #","sample":"S\#(number)","laboratory":"I","accreditation":"A\#(entry)","method":"m","scope":"s","sampledOn":"2026-03-01","result":"pass""#
            )
        case ..<62:
            return RaceEvent(
                "fee.charged", by: "TER", id: "c\(number)",
                declaration
                    + #","code":"F\#(entry)","payer":"91350100M000100Y43","object":"x","quantity":1,"amount":{"amount":\#(50 + dice.below(70)),"currency":"CNY"}"#
            )
        case ..<72:
            let right = dice.pick(Self.good)
            let misread = String(right.dropLast()) + String(((Int(right.suffix(1)) ?? 0) + 1) % 10)
            let container = dice.oneIn(2) ? right : misread
            return RaceEvent(
                "equipment.moved", by: "CAR", id: "m\(number)", #""container":"\#(container)","move":"gate-in""#)
        default:
            let (type, more) = dice.pick([
                ("inspection.ordered", #","kind":"physical""#), ("inspection.started", #","participants":["MSA"]"#),
                ("inspection.completed", #","result":"no-finding""#),
            ])
            return RaceEvent(type, by: "MSA", id: "u\(number)", declaration + more + #","unit":"U\#(dice.below(9))""#)
        }
    }
}

/// The port in a few lines, apart from rules and ledger.
private struct ListPort {
    private var accredited: Set<String> = []
    private var fees: Set<String> = []
    /// By declaration and unit, what it did.
    private var deeds: [String: Set<String>] = [:]

    private static let acts = [
        "inspection.ordered": "selects", "inspection.started": "inspects", "inspection.completed": "inspects",
    ]

    func allows(_ event: RaceEvent) -> Bool {
        switch event.type {
        case "lab.reported": accredited.contains(event.text("accreditation"))
        case "equipment.moved": ["CSQU3054383", "MSCU6639870", "TEMU5600127"].contains(event.text("container"))
        default: true
        }
    }

    /// The rules that an event breaks, with its id.
    func breaches(_ event: RaceEvent) -> [String] {
        if event.type == "fee.charged" {
            let amount = event.data?["amount"]?["amount"]?.integer ?? 0
            return fees.contains(event.text("code")) && amount <= 100 ? [] : ["charges \(event.id)"]
        }
        guard let act = Self.acts[event.type] else { return [] }
        let others = deeds["\(event.text("declaration")) \(event.text("unit"))"] ?? []
        return others.contains { $0 != act } ? ["separation \(event.id)"] : []
    }

    mutating func take(_ event: RaceEvent) {
        for laboratory in event.data?["laboratories"]?.elements ?? [] {
            accredited.insert(laboratory["accreditation"]?.string ?? "")
        }
        for fee in event.data?["fees"]?.elements ?? [] { fees.insert(fee["code"]?.string ?? "") }
        guard let act = Self.acts[event.type] else { return }
        deeds["\(event.text("declaration")) \(event.text("unit"))", default: []].insert(act)
    }
}
