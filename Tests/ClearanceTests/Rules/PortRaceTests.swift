import Clearance
import EventLog
import Exchange
import JSON
import TestSupport
import Testing
import Views

/// Many try to break the two rules of the port at once: `SANHU_TORTURE=full` for 100,000 attempts and more.
@Suite("The rules of the port under those who try to break them", .fewAtOnce)
struct PortRaceTests {
    @Test("64 appenders at once never break a rule, and nobody is refused wrongly", .timeLimit(.minutes(60)))
    func race() async throws {
        let attempts = LongForm.scaled(4_000, full: 110_000)
        let plot = RacePlot(seed: LongForm.dice("port race").seed, attempts: attempts)
        let lab = try await CaseLab()
        defer { lab.close() }
        try await plot.prepare(lab)
        // Two: those who do not wait for each other's turn meet at the log.
        let rules = [PortRules.permitBalance, PortRules.oneRelease]
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
        var port = plot.prepared
        let (faults, justified) = race.check(log, from: first, &port)
        let note = "seed \(plot.seed): \(faults.count) faults, \(faults.prefix(5))"
        #expect(faults.isEmpty && race.conflicts == 0, "\(note)")
        let outcomes = Dictionary(grouping: race.done, by: \.outcome).mapValues(\.count)
        #expect(outcomes[.appended] == log.count && outcomes[.duplicate] ?? 0 > 0, "\(note)")
        #expect(justified == outcomes[.refused] && justified > attempts / 20, "\(note)")
        #expect(port.released.count > plot.declarations / 4 && port.writtenOff > attempts / 20, "\(note)")
        print(
            "port race: seed \(plot.seed), \(attempts) attempts: \(outcomes), \(port.released.count) of "
                + "\(plot.declarations) declarations released, \(port.writtenOff) written off")
        LongForm.report("race", "port rules", "held", count: attempts)
    }
}

/// An event, and what is in it.
struct RaceEvent: Sendable, CustomStringConvertible {
    let event: AgencyEvent
    let agency: String
    let type: String
    let id: String
    let data: JSONValue?

    init(_ type: String, by agency: String, id: String, tags: [String] = [], _ data: String) {
        event = CaseLab.event(type, by: agency, id: id, tags: tags, "{\(data)}")
        self.data = (try? JSONDocument(parsing: Array("{\(data)}".utf8)))?.root
        (self.type, self.agency, self.id) = (type, agency, id)
    }

    init(_ entry: Entry) throws {
        let root = try JSONDocument(parsing: entry.bytes).root
        event = AgencyEvent([])
        agency = root["agency"]?.string ?? ""
        type = String((root["event"]?["type"]?.string ?? "").dropFirst("sanhu.".count))
        id = root["event"]?["id"]?.string ?? ""
        data = root["event"]?["data"]
    }

    func text(_ name: String) -> String { data?[name]?.string ?? "" }
    func number(_ name: String) -> Int64 { data?[name]?.integer ?? 0 }

    var description: String { "\(type) \(id) \(data.map { String(decoding: $0.text, as: UTF8.self) } ?? "")" }
}

/// What the appenders do: an attempt's number says it.
struct RacePlot: Sendable {
    let seed: UInt64
    let attempts: Int
    var declarations: Int { attempts / 50 }
    var permits: Int { attempts / 200 }

    private func container(_ declaration: Int) -> String { "container:C\(declaration / 2)" }

    func event(_ number: Int) -> RaceEvent {
        var dice = Dice(seed: seed &+ UInt64(number))
        // Now and then somebody says again what was said.
        guard number > 0 else { return RaceEvent("release.granted", by: "CUS", id: "g0", #""declaration":"D0""#) }
        if dice.oneIn(20) { return event(dice.below(number)) }
        let about = dice.below(declarations)
        let declaration = #""declaration":"D\#(about)""#
        let hold = "h\(about)-\(dice.below(2))"
        switch dice.below(100) {
        case ..<45:
            let permit = #","permit":"P\#(dice.below(permits))""#
            let more = #","item":\#(1 + dice.below(9)),"quantity":\#(1 + dice.below(9))"#
            return RaceEvent("permit.writtenoff", by: "CUS", id: "w\(number)", declaration + permit + more)
        case ..<47:
            let permit = #""permit":"P\#(dice.below(permits))","kind":"import","quantity":\#(100 + dice.below(300))"#
            return RaceEvent("permit.issued", by: "COM", id: "i\(number)", permit)
        case ..<52:
            let wrong = event(dice.below(max(1, number)))
            let isWriteOff = wrong.type == "permit.writtenoff"
            let permit = isWriteOff ? wrong.text("permit") : "P0"
            let about = isWriteOff ? wrong.text("declaration") : "1"
            return RaceEvent(
                "record.corrected", by: "CUS", id: "c\(number)",
                #""permit":"\#(permit)","declaration":"\#(about)","event":"\#(wrong.id)""#)
        case ..<72:
            return RaceEvent(
                "release.completed", by: "SW", id: "r\(number)", tags: [container(about)], declaration)
        case ..<82: return RaceEvent("release.granted", by: "CUS", id: "g\(number)", declaration)
        case ..<84:
            return RaceEvent("document.requested", by: "CUS", id: "d\(number)", declaration + #","kinds":["a"]"#)
        case ..<87:
            let isOnContainer = hold.hasSuffix("1")
            return RaceEvent(
                "hold.placed", by: "MSA", id: hold, tags: [isOnContainer ? container(about) : "declaration:D\(about)"],
                #""scope":"all","legalBasis":"Art. 1""#)
        case ..<94:
            let isOnContainer = hold.hasSuffix("1")
            return RaceEvent(
                "hold.lifted", by: "MSA", id: "l\(number)",
                tags: [isOnContainer ? container(about) : "declaration:D\(about)"], #""hold":"\#(hold)""#)
        case ..<96: return RaceEvent("duty.assessed", by: "CUS", id: "b\(number)", declaration + #","bill":"B""#)
        default: return RaceEvent("duty.paid", by: "TRE", id: "p\(number)", declaration + #","bill":"B""#)
        }
    }

    /// Lodges the declarations, lets them be accepted, and issues the permits.
    func prepare(_ lab: CaseLab) async throws {
        let lodged = (0..<declarations).map {
            RaceEvent(
                "declaration.lodged", by: "DEC", id: "D\($0)", tags: [container($0)],
                #""declaration":"D\#($0)","kind":"goods""#
            ).event
        }
        let accepted = (0..<declarations).map {
            RaceEvent("declaration.accepted", by: "CUS", id: "A\($0)", #""declaration":"D\#($0)""#).event
        }
        let issued = (0..<permits).map {
            RaceEvent("permit.issued", by: "COM", id: "I\($0)", #""permit":"P\#($0)","kind":"import","quantity":250"#)
                .event
        }
        for (agency, events) in [("DEC", lodged), ("CUS", accepted), ("COM", issued)] {
            _ = try await lab.ledger.append(events, as: agency)
        }
    }

    /// The port after that.
    var prepared: RacePort {
        RacePort(issued: Dictionary(uniqueKeysWithValues: (0..<permits).map { ("P\($0)", 250) }))
    }
}

/// The port in a few lines, apart from rules, case files and ledger.
struct RacePort: RaceModel {
    struct Key: Hashable {
        let permit: String
        let declaration: String
        let item: Int64
    }

    var issued: [String: Int64]
    var counted: [Key: (id: String, quantity: Int64)] = [:]
    /// Those whose write-off was taken back: their declarations wait for another.
    var reversed: Set<Key> = []
    var used: [String: Int64] = [:]
    var keys: [String: Key] = [:]
    var granted: Set<String> = []
    var owed: Set<String> = []
    /// Those that have been assessed, and those paid before.
    var assessed: Set<String> = []
    var early: Set<String> = []
    /// Those that are active: of a declaration by its number, of a container by its tag.
    var holds: [String: Set<String>] = [:]
    var released: Set<String> = []
    var ids: Set<String> = []
    var writtenOff = 0

    func knows(_ event: RaceEvent) -> Bool { ids.contains(event.id) }

    func allows(_ event: RaceEvent) -> Bool {
        let declaration = event.text("declaration")
        switch event.type {
        case "permit.writtenoff":
            let permit = event.text("permit")
            let key = Key(permit: permit, declaration: declaration, item: event.number("item"))
            return counted[key] == nil && event.number("quantity") <= (issued[permit] ?? 0) - used[permit, default: 0]
        case "release.completed":
            let number = Int(declaration.dropFirst()) ?? 0
            guard !reversed.contains(where: { $0.declaration == declaration }) else { return false }
            return !released.contains(declaration) && granted.contains(declaration) && !owed.contains(declaration)
                && holds["D\(number)"]?.isEmpty ?? true && holds["C\(number / 2)"]?.isEmpty ?? true
        default: return true
        }
    }

    mutating func take(_ event: RaceEvent) {
        ids.insert(event.id)
        let declaration = event.text("declaration")
        switch event.type {
        case "permit.writtenoff":
            let key = Key(permit: event.text("permit"), declaration: declaration, item: event.number("item"))
            counted[key] = (event.id, event.number("quantity"))
            reversed.remove(key)
            keys[event.id] = key
            used[key.permit, default: 0] += event.number("quantity")
            writtenOff += 1
        case "permit.issued": issued[event.text("permit")] = event.number("quantity")
        case "record.corrected":
            guard let key = keys[event.text("event")], let wrong = counted[key], wrong.id == event.text("event")
            else { return }
            counted[key] = nil
            reversed.insert(key)
            used[key.permit, default: 0] -= wrong.quantity
        case "release.granted": granted.insert(declaration)
        case "document.requested": granted.remove(declaration)
        case "duty.assessed":
            assessed.insert(declaration)
            if early.remove(declaration) == nil { owed.insert(declaration) }
        case "duty.paid":
            if owed.remove(declaration) == nil, !assessed.contains(declaration) { early.insert(declaration) }
        case "release.completed": released.insert(declaration)
        case "hold.placed": holds[Self.object(ofHold: event.id), default: []].insert(event.id)
        case "hold.lifted": holds[Self.object(ofHold: event.text("hold"))]?.remove(event.text("hold"))
        default: break
        }
    }

    /// What a hold is about: its id says it.
    private static func object(ofHold id: String) -> String {
        let number = Int(id.dropFirst().prefix { $0 != "-" }) ?? 0
        return id.hasSuffix("1") ? "C\(number / 2)" : "D\(number)"
    }
}
