import Clearance
import EventLog
import Exchange
import TestSupport
import Testing
import Views

@Suite("The rules of the port", .fewAtOnce)
struct PortRuleTests {
    /// Expects that a rule refuses an event, and what it says to its sender.
    private static func refusal(
        _ book: Rulebook, _ events: [AgencyEvent], by agency: String = "CUS",
        sourceLocation: SourceLocation = #_sourceLocation
    ) async -> String {
        do throws(ExchangeError) {
            _ = try await book.append(events, as: agency)
            Issue.record("it was taken", sourceLocation: sourceLocation)
            return ""
        } catch {
            #expect(error.code == .ruleBroken, "\(error)", sourceLocation: sourceLocation)
            return error.reason
        }
    }

    private static func writeOff(
        _ id: String, _ declaration: String, item: Int = 1, _ quantity: Int, unit: String = "KGM",
        time: String? = "2026-03-01T12:00:00+08:00", tags: [String] = []
    ) -> AgencyEvent {
        CaseLab.event(
            "permit.writtenoff", by: "CUS", id: id, tags: tags, time: time,
            #"{"declaration":"\#(declaration)","permit":"P","item":\#(item),"quantity":\#(quantity),"unit":"\#(unit)"}"#
        )
    }

    private static func issue(_ more: String, id: String) -> AgencyEvent {
        CaseLab.event(
            "permit.issued", by: "COM", id: id, #"{"permit":"P","kind":"import"\#(more)}"#)
    }

    @Test("A permit is written off up to its quantity, once for each item, while it is valid; a correction reverses")
    func permit() async throws {
        let lab = try await CaseLab()
        defer { lab.close() }
        let book = try lab.book()
        let unknown = await Self.refusal(book, [Self.writeOff("a", "1", 10)])
        #expect(unknown.contains("permit-balance") && unknown.contains("permit:P") && unknown.contains("its issuer"))
        let issue = Self.issue(
            #","quantity":100,"unit":"KGM","validFrom":"2026-01-01","validUntil":"2026-03-01""#, id: "i")
        let issued = try await book.append([issue], as: "COM")[0].position
        let first = try await book.append([Self.writeOff("a", "1", 60)], as: "CUS")[0].position

        let again = await Self.refusal(book, [Self.writeOff("b", "1", 1)])
        #expect(again.contains("Item 1 of declaration 1") && again.contains("position \(first)"), "\(again)")
        let over = await Self.refusal(book, [Self.writeOff("c", "1", item: 2, 41)])
        #expect(over.contains("At most 40") && over.contains("position \(issued)"), "\(over)")
        #expect(await Self.refusal(book, [Self.writeOff("d", "2", 10, unit: "PCE")]).contains("in KGM, not in PCE"))
        // The day is that of the port: in UTC it is the one before.
        let late = Self.writeOff("e", "2", 10, time: "2026-03-01T16:00:00Z")
        #expect(await Self.refusal(book, [late]).contains("valid until 2026-03-01; this is of 2026-03-02"))
        let early = Self.writeOff("f", "2", 10, time: "2025-12-31T15:59:59Z")
        #expect(await Self.refusal(book, [early]).contains("valid from 2026-01-01"))
        // Together they would be too much; each alone would not.
        let two = [Self.writeOff("g", "2", 30), Self.writeOff("h", "3", 30)]
        #expect(await Self.refusal(book, two).contains("Event 2 of 2"))
        #expect(try await book.append([Self.writeOff("a", "1", 60)], as: "CUS") == [.duplicate(first)])

        let corrected = CaseLab.event(
            "record.corrected", by: "CUS", id: "k", #"{"permit":"P","declaration":"1","event":"a"}"#)
        let foreign = CaseLab.event(
            "record.corrected", by: "BOR", id: "k", #"{"permit":"P","declaration":"1","event":"a"}"#)
        #expect(await Self.refusal(book, [foreign], by: "BOR").contains("a is CUS's"))
        _ = try await lab.ledger.append([foreign], as: "BOR")
        #expect(await Self.refusal(book, [Self.writeOff("l", "1", 100)]).contains("Item 1"), "another's counts nothing")
        _ = try await book.append([corrected, Self.writeOff("l", "1", 100)], as: "CUS")
        #expect(await Self.refusal(book, [Self.writeOff("m", "4", 1)]).contains("At most 0"))
        _ = try await book.append([Self.issue(#","quantity":101,"unit":"KGM""#, id: "j")], as: "COM")
        _ = try await book.append([Self.writeOff("m", "4", 1)], as: "CUS")
        try await lab.reach()
        let balance: PermitBalance = try await lab.cases.read(of: "permit:P", for: CaseLab.customs)
        #expect(balance.left == 0 && balance.writeOffs.map(\.state) == [.reversed, .counted, .counted])
    }

    @Test("A permit without a quantity is not used up, but written off once an item; another's event takes nothing")
    func unbounded() async throws {
        let lab = try await CaseLab()
        defer { lab.close() }
        let book = try lab.book()
        _ = try await book.append([Self.issue("", id: "i")], as: "COM")
        _ = try await book.append([Self.writeOff("a", "1", 1_000_000, time: nil)], as: "CUS")
        #expect(await Self.refusal(book, [Self.writeOff("b", "1", 1)]).contains("Item 1"))
        let other = CaseLab.event(
            "permit.issued", by: "COM", id: "q", #"{"permit":"Q","kind":"import","quantity":5}"#)
        _ = try await book.append([other], as: "COM")
        _ = try await book.append([Self.writeOff("c", "2", 9, tags: ["permit:Q"])], as: "CUS")
        try await lab.reach()
        let balance: PermitBalance = try await lab.cases.read(of: "permit:Q", for: CaseLab.customs)
        #expect(balance.left == 5 && balance.steps.count == 2)
    }

    private static func release(_ id: String, _ tags: [String] = []) -> AgencyEvent {
        CaseLab.event("release.completed", by: "SW", id: id, tags: tags, #"{"declaration":"1"}"#)
    }

    @Test("A declaration is released once, when nothing is missing, also not on its containers, which the event names")
    func release() async throws {
        let lab = try await CaseLab()
        defer { lab.close() }
        let book = try lab.book()
        func refused(_ tags: [String] = ["container:C1", "container:C2"]) async -> String {
            await Self.refusal(book, [Self.release("r", tags)], by: "SW")
        }
        let number = #"{"declaration":"1""#
        #expect(await refused().contains("no declaration.lodged"))
        try await lab.append(
            "declaration.lodged", by: "DEC", tags: ["container:C1", "container:C2"], number + #","kind":"goods"}"#)
        #expect(await refused().contains("has not been accepted"))
        try await lab.append("declaration.accepted", by: "CUS", number + "}")
        #expect(await refused().contains("CUS has not released (declaration.accepted at"))
        try await lab.append("release.granted", by: "CUS", number + #","condition":"none"}"#)
        let unnamed = await refused(["container:C1"])
        #expect(unnamed.contains("one-release") && unnamed.contains("Name its containers by tags: C2."), "\(unnamed)")
        let hold = try await lab.append(
            "hold.placed", by: "MSA", id: "h", #"{"container":"C2","scope":"all","legalBasis":"Art. 5"}"#)
        #expect(await refused().contains("position \(hold)"))
        try await lab.append("hold.lifted", by: "MSA", #"{"container":"C2","hold":"h"}"#)
        try await lab.append("duty.assessed", by: "CUS", number + #","bill":"B"}"#)
        #expect(await refused().contains("neither paid nor guaranteed"))
        // What stands before it in the same append counts as well.
        let again = CaseLab.event(
            "inspection.notified", by: "SW", id: "n", number + #","place":"yard","participants":["BOR"]}"#)
        try await lab.append("duty.paid", by: "TRE", number + #","bill":"B"}"#)
        #expect(
            await Self.refusal(book, [again, Self.release("r", ["container:C1", "container:C2"])], by: "SW")
                .contains("BOR has not released"))
        let released = try await book.append([Self.release("r", ["container:C1", "container:C2"])], as: "SW")
        let second = await Self.refusal(book, [Self.release("s", ["container:C1", "container:C2"])], by: "SW")
        #expect(second.contains("position \(released[0].position)") && second.contains("released already"))
        try await lab.reach()
        let container: ContainerCase = try await lab.cases.read(of: "container:C2", for: CaseLab.customs)
        #expect(container.steps.last?.event == .releaseCompleted, "the terminal sees that the container may go")
    }

    @Test("A hold that is sealed as a whole stands against a release, and nobody who may not see it is told of it")
    func sealedHold() async throws {
        let lab = try await CaseLab()
        defer { lab.close() }
        try await lab.sealHolds()
        let book = try lab.book()
        let number = #"{"declaration":"1""#
        try await lab.append("declaration.lodged", by: "DEC", tags: ["container:C1"], number + #","kind":"goods"}"#)
        try await lab.append("declaration.accepted", by: "CUS", number + "}")
        try await lab.append("release.granted", by: "CUS", number + #","condition":"none"}"#)
        for object in [#""declaration":"1""#, #""container":"C1""#] {
            _ = try await lab.ledger.append([CaseLab.sealedHold("h\(object)", object)], as: "ASB")
            let said = await Self.refusal(book, [Self.release("r", ["container:C1"])], by: "SW")
            #expect(said.contains("something you may not see") && !said.contains("ASB") && !said.contains("hold "))
            _ = try await lab.ledger.append([CaseLab.sealedLift("h\(object)", object)], as: "ASB")
        }
        _ = try await book.append([Self.release("r", ["container:C1"])], as: "SW")
    }
}

extension CaseLab {
    /// Registers second versions of the schemas of holds, by which they are sealed as a whole.
    func sealHolds() async throws {
        let seal = #""x-sharing":{"class":"restricted","compartment":"investigation","owner":"ASB","bytes":2048}"#
        let text = #"{"type":"string","minLength":1,"maxLength":255}"#
        let objects = ["declaration", "container"].map {
            #""\#($0)":{"type":"string","x-tag":{"kind":"\#($0)"}}"#
        }.joined(separator: ",")
        let changes = ["hold.placed", "hold.lifted"].map { type in
            #"{"op":"put","kind":"schema","value":{"uri":"urn:sanhu:schema:\#(type):2","type":"sanhu.\#(type)","document":{"type":"object",\#(seal),"properties":{\#(objects),"hold":\#(text),"scope":\#(text),"legalBasis":\#(text)}}}}"#
        }
        try await amend(changes.joined(separator: ","), id: "sealed holds")
    }

    private static func sealed(_ type: String, _ id: String, _ data: String) -> AgencyEvent {
        AgencyEvent(
            Array(
                #"{"specversion":"1.0","id":"\#(id)","source":"/ASB/1","type":"sanhu.\#(type)","dataschema":"urn:sanhu:schema:\#(type):2","data":\#(data)}"#
                    .utf8))
    }

    static func sealedHold(_ id: String, _ object: String) -> AgencyEvent {
        let id = id.filter(\.isLetter)
        return sealed("hold.placed", id, "{\(object),\"scope\":\"all\",\"legalBasis\":\"Art. 1\"}")
    }

    static func sealedLift(_ id: String, _ object: String) -> AgencyEvent {
        let id = id.filter(\.isLetter)
        return sealed("hold.lifted", "lift-" + id, "{\(object),\"hold\":\"\(id)\"}")
    }
}
