import Clearance
import EventLog
import Exchange
import TestSupport
import Testing
import Views

@Suite("Case files where two things look like one", .fewAtOnce)
struct CaseEdgeTests {
    private static let one = #"{"declaration":"1""#

    /// A ledger with a declaration that is accepted.
    private static func lab() async throws -> CaseLab {
        let lab = try await CaseLab()
        try await lab.append("declaration.lodged", by: "DEC", one + #","kind":"goods"}"#)
        try await lab.append("declaration.accepted", by: "CUS", one + "}")
        return lab
    }

    private static func missing(_ lab: CaseLab) async throws -> [String] {
        try await lab.whole("1", at: nil).releaseDecision().missing.map { "\($0.kind) \($0.what)" }
    }

    /// Amends the charter so that an agency has merged into another.
    private static func merge(_ lab: CaseLab, _ code: String, into other: String) async throws {
        try await lab.amend(
            #"{"op":"end","kind":"agency","value":{"code":"\#(code)","into":"\#(other)"}}"#, id: "merger-\(code)")
    }

    @Test("A container and a permit that only the data of a lodgement name count for the release")
    func namedInData() async throws {
        let lab = try await CaseLab()
        defer { lab.close() }
        try await lab.append(
            "declaration.lodged", by: "DEC",
            Self.one
                + #","kind":"goods","permits":["P1"],"transport":{"containers":[{"id":"C1"}]},"items":[{"number":1,"containers":[{"id":"C2"}]}]}"#
        )
        try await lab.append("declaration.accepted", by: "CUS", Self.one + "}")
        try await lab.append("release.granted", by: "CUS", Self.one + "}")
        for (container, hold) in [("C1", "a"), ("C2", "b")] {
            try await lab.append(
                "hold.placed", by: "MSA", id: hold, #"{"container":"\#(container)","scope":"all","legalBasis":"x"}"#)
        }
        #expect(try await Self.missing(lab) == ["hold a", "hold b", "permit P1"])
        let book = try lab.book()
        let release = CaseLab.event("release.completed", by: "SW", id: "r", Self.one + "}")
        await #expect(throws: ExchangeError.self) { _ = try await book.append([release], as: "SW") }
    }

    @Test(
        "Of many objects that a lodgement names none is left out, however long their names, and itself is not among them"
    )
    func manyRelated() async throws {
        for count in [1, 10, 200] {
            let lab = try await CaseLab()
            defer { lab.close() }
            let containers = (0..<count).map { "C\($0)" + String(repeating: "x", count: $0 % 60) }
            let list = containers.map { #"{"id":"\#($0)"}"# }.joined(separator: ",")
            try await lab.append(
                "declaration.lodged", by: "DEC",
                tags: containers.map { "container:" + $0 } + ["enterprise:E", "declaration:0"],
                Self.one + #","kind":"goods","transport":{"containers":[\#(list)]}}"#)
            let file = try await lab.whole("1", at: nil)
            #expect(Set(file.containers) == Set(containers) && file.steps.count == 1)
            #expect(file.declarations == ["0"] && file.enterprises == ["E"])
        }
    }

    @Test("More objects than an event has tags for are refused, none is left out")
    func tooMany() async throws {
        let lab = try await CaseLab()
        defer { lab.close() }
        func lodged(_ count: Int, _ id: String) -> AgencyEvent {
            let list = (0..<count).map { #"{"id":"C\#($0)"}"# }.joined(separator: ",")
            return CaseLab.event(
                "declaration.lodged", by: "DEC", id: id,
                Self.one + #","kind":"goods","transport":{"containers":[\#(list)]}}"#)
        }
        _ = try await lab.ledger.append([lodged(255, "a")], as: "DEC")
        try await lab.reach()
        #expect(try await lab.declaration().containers.count == 255)
        await #expect {
            _ = try await lab.ledger.append([lodged(256, "b")], as: "DEC")
        } throws: { ($0 as? ExchangeError)?.reason.contains("256 tags") ?? false }
        // The rule looks at each of them.
        try await lab.append("declaration.accepted", by: "CUS", Self.one + "}")
        try await lab.append("release.granted", by: "CUS", Self.one + "}")
        try await lab.append("hold.placed", by: "MSA", #"{"container":"C254","scope":"all","legalBasis":"x"}"#)
        let book = try lab.book()
        let tags = (0..<255).map { CaseLab.tag("container:C\($0)") }
        let release = AgencyEvent(
            CaseLab.event("release.completed", by: "SW", id: "r", Self.one + "}").event, tags: tags)
        await #expect {
            _ = try await book.append([release], as: "SW")
        } throws: { ($0 as? ExchangeError)?.reason.contains("MSA holds it") ?? false }
        try await lab.append(
            "hold.lifted", by: "MSA", #"{"container":"C254","hold":"hold.placed-\#(lab.ledger.log.head - 1)"}"#)
        _ = try await book.append([release], as: "SW")
    }

    @Test("Of two holds of one id the one is lifted whose source is named, or is that of the lift; else none")
    func sources() async throws {
        let lab = try await Self.lab()
        defer { lab.close() }
        try await lab.append("release.granted", by: "CUS", Self.one + "}")
        func hold(_ source: Int) async throws {
            try await lab.append(
                "hold.placed", by: "MSA", id: "h", source: source, Self.one + #","scope":"all","legalBasis":"x"}"#)
        }
        func lift(_ id: String, _ source: Int, _ more: String = "") async throws {
            try await lab.append(
                "hold.lifted", by: "MSA", id: id, source: source, Self.one + #","hold":"h"\#(more)}"#)
        }
        try await hold(1)
        try await hold(2)
        try await lift("l1", 3)
        #expect(try await Self.missing(lab) == ["hold h", "hold h"], "it might be either")
        try await lift("l2", 3, #","source":"/MSA/1""#)
        #expect(try await lab.declaration().holds.map { $0.isActive } == [false, true])
        try await lift("l3", 1)
        #expect(try await lab.declaration().holds.active.count == 1, "its own is lifted already")
        try await lift("l4", 2)
        #expect(try await Self.missing(lab).isEmpty)
    }

    @Test("What two agencies have issued under one number cannot be written off until one takes its own back")
    func rivals() async throws {
        let lab = try await Self.lab()
        defer { lab.close() }
        let book = try lab.book()
        func issue(_ agency: String, _ quantity: Int) async throws {
            try await lab.append(
                "permit.issued", by: agency, id: "i", #"{"permit":"P","kind":"import","quantity":\#(quantity)}"#)
        }
        func writeOff(_ id: String) async throws {
            let data = Self.one + #","permit":"P","item":\#(id),"quantity":5}"#
            _ = try await book.append([CaseLab.event("permit.writtenoff", by: "CUS", id: id, data)], as: "CUS")
            try await lab.reach()
        }
        func balance() async throws -> PermitBalance {
            try await lab.cases.read(of: "permit:P", for: CaseLab.customs)
        }
        try await issue("CUS", 1_000)
        try await issue("COM", 10)
        await #expect {
            try await writeOff("1")
        } throws: {
            ($0 as? ExchangeError)?.reason.contains("CUS and COM have all issued P") ?? false
                || ($0 as? ExchangeError)?.reason.contains("COM and CUS have all issued P") ?? false
        }
        var permit = try await balance()
        #expect(permit.rivals == ["CUS", "COM"] && permit.left == nil)
        try await lab.append("record.corrected", by: "CUS", #"{"permit":"P","event":"i"}"#)
        permit = try await balance()
        #expect(permit.rivals.isEmpty && permit.left == 10)
        try await writeOff("2")
        #expect(try await balance().left == 5)
    }

    @Test("What is paid or guaranteed before its bill is assessed counts once, for that bill")
    func early() async throws {
        let lab = try await Self.lab()
        defer { lab.close() }
        try await lab.append("release.granted", by: "CUS", Self.one + "}")
        try await lab.append("duty.paid", by: "TRE", Self.one + #","bill":"B1"}"#)
        try await lab.append("duty.assessed", by: "CUS", Self.one + #","bill":"B2"}"#)
        try await lab.append("duty.assessed", by: "CUS", Self.one + #","bill":"B1"}"#)
        #expect(try await Self.missing(lab) == ["duty B2"])
        #expect(try await lab.declaration().obligations.map(\.state) == [.open, .paid])
        try await lab.append("duty.assessed", by: "CUS", Self.one + #","bill":"B1"}"#)
        #expect(try await Self.missing(lab) == ["duty B2", "duty B1"], "assessed anew it is owed anew")
    }

    @Test("A verification without an item holds for all; what does not match as a whole matches for no item")
    func wholes() async throws {
        let lab = try await Self.lab()
        defer { lab.close() }
        func verify(_ item: Int?, _ result: String) async throws {
            let item = item.map { #","item":\#($0)"# } ?? ""
            try await lab.append(
                "permit.verified", by: "CUS", Self.one + #","permit":"P","result":"\#(result)"\#(item)}"#)
        }
        func states() async throws -> [String] {
            try await lab.declaration().permits.map { "\($0.item ?? 0) \($0.state)" }
        }
        try await verify(nil, "match")
        #expect(try await states() == ["0 matched"])
        try await verify(2, "match")
        try await lab.append(
            "permit.writtenoff", by: "CUS", id: "w", Self.one + #","permit":"P","item":1,"quantity":1}"#)
        #expect(try await states() == ["2 matched", "1 writtenOff"])
        try await verify(nil, "mismatch")
        try await verify(1, "match")
        #expect(try await states() == ["2 mismatched", "1 mismatched"])
        try await verify(nil, "match")
        #expect(try await states() == ["2 matched", "1 writtenOff"])
    }

    @Test("A rejection that may answer a request leaves the declaration as it is, and waits for the agency's release")
    func rejections() async throws {
        let lab = try await Self.lab()
        defer { lab.close() }
        try await lab.append("release.granted", by: "CUS", Self.one + "}")
        func request() async throws {
            try await lab.append("declaration.amended", by: "DEC", Self.one + #","stage":"requested"}"#)
        }
        try await request()
        try await lab.append("declaration.rejected", by: "CUS", Self.one + #","concerns":"request"}"#)
        #expect(try await Self.missing(lab).isEmpty)
        try await request()
        try await lab.append("declaration.rejected", by: "CUS", Self.one + "}")
        #expect(try await lab.declaration().status == .accepted)
        #expect(try await Self.missing(lab) == ["refusal CUS"])
        try await lab.append("release.granted", by: "CUS", Self.one + "}")
        #expect(try await Self.missing(lab).isEmpty)
        try await request()
        try await lab.append("declaration.rejected", by: "CUS", Self.one + #","concerns":"declaration"}"#)
        #expect(try await lab.declaration().status == .rejected)
    }

    @Test("Trap 9: An agency into which another has merged goes on with what that one began; before, it does not")
    func mergers() async throws {
        let lab = try await Self.lab()
        defer { lab.close() }
        try await lab.append("release.granted", by: "CUS", Self.one + "}")
        try await lab.append("inspection.ordered", by: "BOR", Self.one + #","kind":"physical"}"#)
        try await lab.append("hold.placed", by: "BOR", id: "h", Self.one + #","scope":"all","legalBasis":"x"}"#)
        try await lab.append("hold.lifted", by: "CUS", Self.one + #","hold":"h"}"#)
        try await lab.append("release.granted", by: "CUS", Self.one + "}")
        #expect(try await Self.missing(lab) == ["agency BOR", "hold h"])
        try await Self.merge(lab, "BOR", into: "CUS")
        #expect(try await Self.missing(lab) == ["agency BOR", "hold h"], "the merger alone ends nothing")
        try await lab.append("hold.lifted", by: "CUS", Self.one + #","hold":"h"}"#)
        #expect(try await Self.missing(lab) == ["agency BOR"])
        // Rule and case file say the same.
        let book = try lab.book()
        let release = CaseLab.event("release.completed", by: "SW", id: "r", Self.one + "}")
        await #expect(throws: ExchangeError.self) { _ = try await book.append([release], as: "SW") }
        try await lab.append("release.granted", by: "CUS", Self.one + "}")
        let file = try await lab.whole("1", at: nil)
        #expect(file.releaseDecision().mayBeReleased && file.requirements.map(\.agency) == ["CUS", "BOR"])
        _ = try await book.append([release], as: "SW")
    }

    @Test("Of containers a declaration's file reads holds alone: why one was placed is not disclosed")
    func holdsAlone() async throws {
        let lab = try await CaseLab()
        defer { lab.close() }
        try await lab.append("declaration.lodged", by: "DEC", tags: ["container:C1"], Self.one + #","kind":"goods"}"#)
        try await lab.append(
            "hold.placed", by: "CUS", #"{"container":"C1","scope":"all","legalBasis":"x","reason":"secret"}"#)
        /// How many records a read makes: of the lodgement there is one, too.
        func records(_ read: () async throws -> Void) async throws -> Position {
            let before = try lab.ledger.accessLog.head
            try await read()
            return try lab.ledger.accessLog.head - before
        }
        let alone = try await records { _ = try await lab.declaration() }
        let whole = try await records {
            let file = try await lab.cases.declaration("declaration:1", for: CaseLab.customs)
            #expect(file.releaseDecision().missing.contains { $0.kind == .hold })
        }
        #expect(whole == alone, "nothing of the container was disclosed")
        let container = try await records {
            _ = try await lab.cases.read(ContainerCase.self, of: "container:C1", for: CaseLab.customs)
        }
        #expect(container > 0)
    }
}
