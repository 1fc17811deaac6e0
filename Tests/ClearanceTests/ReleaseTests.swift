import Clearance
import EventLog
import Exchange
import Foundation
import JSON
import TestSupport
import Testing
import Views

@Suite("One release", .fewAtOnce)
struct ReleaseTests {
    private static func gaps(_ lab: CaseLab) async throws -> [String] {
        try await lab.declaration().releaseDecision().missing.map { "\($0.kind) \($0.what)" }
    }

    @Test(
        "A declaration may be released once each agency, hold, permit and duty is settled, and what is missing is told")
    func story() async throws {
        let lab = try await CaseLab()
        defer { lab.close() }
        let number = #"{"declaration":"1""#
        try await lab.append(
            "declaration.lodged", by: "DEC", tags: ["permit:P1", "container:C1"], time: "2026-03-01T08:00:00+08:00",
            number + #","kind":"goods","flow":"import","office":"2248","port":"CNNSA"}"#)
        #expect(try await Self.gaps(lab) == ["acceptance declaration:1", "permit P1"])
        try await lab.append("declaration.accepted", by: "CUS", number + "}")
        try await lab.append(
            "inspection.notified", by: "SW", number + #","place":"yard","participants":["CUS","MSA"]}"#)
        try await lab.append("duty.assessed", by: "CUS", number + #","bill":"B1"}"#)
        try await lab.append("permit.verified", by: "CUS", number + #","permit":"P1","item":1,"result":"match"}"#)
        let hold = try await lab.append(
            "hold.placed", by: "MSA", id: "hold-1", #"{"container":"C1","scope":"all","legalBasis":"Art. 5"}"#)
        try await lab.append("conveyance.arrived", by: "BOR", time: "2026-03-02T08:00:00+08:00", number + "}")
        #expect(try await Self.gaps(lab) == ["agency CUS", "agency MSA", "permit P1", "duty B1"])

        var file = try await lab.declaration()
        file.consider([try await lab.cases.read(of: "container:C1", for: CaseLab.customs)])
        let held = try #require(file.releaseDecision().missing.first { $0.kind == .hold })
        #expect(held.text == "MSA holds it by Art. 5 on container:C1 (hold hold-1, placed at \(hold)).")
        try await lab.append("hold.lifted", by: "CUS", #"{"container":"C1","hold":"hold-1"}"#)
        func holds() async throws -> Int {
            try await lab.cases.read(ContainerCase.self, of: "container:C1", for: CaseLab.customs).holds.active.count
        }
        #expect(try await holds() == 1, "another agency does not lift it")
        try await lab.append("hold.lifted", by: "MSA", #"{"container":"C1","hold":"hold-1"}"#)
        #expect(try await holds() == 0)

        try await lab.append("release.granted", by: "MSA", number + #","condition":"none"}"#)
        try await lab.append("result.recognised", by: "CUS", id: "r1", number + #","event":"x","by":"MSA"}"#)
        #expect(try await Self.gaps(lab) == ["permit P1", "duty B1"])
        try await lab.append("recognition.revoked", by: "CUS", number + #","recognition":"r1"}"#)
        #expect(try await Self.gaps(lab) == ["agency CUS", "permit P1", "duty B1"])
        try await lab.append("release.granted", by: "CUS", number + #","condition":"guarantee"}"#)
        try await lab.append("guarantee.lodged", by: "TRE", number + #","guarantee":"G1"}"#)
        let writeOff = number + #","permit":"P1","item":1,"quantity":40,"unit":"KGM"}"#
        try await lab.append("permit.writtenoff", by: "CUS", id: "w1", writeOff)
        #expect(try await Self.gaps(lab) == [])
        try await lab.append("record.corrected", by: "CUS", tags: ["permit:P1", "declaration:1"], #"{"event":"w1"}"#)
        #expect(try await Self.gaps(lab) == [], "what does not name the permit takes nothing back")
        try await lab.append("record.corrected", by: "CUS", number + #","permit":"P1","event":"w1"}"#)
        #expect(try await Self.gaps(lab) == ["permit P1"])
        try await lab.append("permit.writtenoff", by: "CUS", id: "w2", writeOff)
        let ready = try await lab.declaration(for: CaseLab.platform)
        #expect(ready.releaseDecision().mayBeReleased)

        let figures = try PortFigures(in: lab.keeper)
        try await lab.append(
            "release.completed", by: "SW", time: "2026-03-03T08:00:00+08:00",
            String(decoding: ready.releaseData, as: UTF8.self))
        let released = try await lab.declaration()
        #expect(released.status == .released && released.releaseDecision().isReleased)
        #expect(!released.releaseDecision().mayBeReleased, "there is one release")
        #expect(await figures.runner.reached(try lab.ledger.log.head))
        let times = try #require(try await figures.report(["K22"], for: CaseLab.customs).table("K22"))
        #expect(times.rows.map(\.group.port) == ["CNNSA"] && times.rows.map(\.group.month) == ["2026-03"])
        #expect(times.total.values == [86_400: 1])
        await #expect(throws: ViewError.self) { _ = try await figures.report(for: .public) }
        // An inspection after an agency's release opens its requirement again.
        try await lab.append("inspection.ordered", by: "MSA", number + #","kind":"physical"}"#)
        #expect(try await Self.gaps(lab) == ["agency MSA"])
    }

    @Test("A permit's balance counts each item once, and again what was reversed")
    func balance() async throws {
        let lab = try await CaseLab()
        defer { lab.close() }
        try await lab.append(
            "permit.issued", by: "COM", #"{"permit":"P","kind":"import","quantity":100,"unit":"KGM"}"#)
        for (id, declaration, item, quantity) in [("a", 1, 1, 60), ("b", 1, 1, 60), ("c", 2, 1, 50)] {
            try await lab.append(
                "permit.writtenoff", by: "CUS", id: id,
                #"{"declaration":"\#(declaration)","permit":"P","item":\#(item),"quantity":\#(quantity)}"#)
        }
        func balance() async throws -> PermitBalance { try await lab.cases.read(of: "permit:P", for: CaseLab.customs) }
        var permit = try await balance()
        #expect(permit.writeOffs.map(\.state) == [.counted, .repeated, .counted])
        #expect(permit.left == -10 && permit.isExceeded && permit.unit == "KGM")
        try await lab.append("record.corrected", by: "CUS", #"{"permit":"P","declaration":"2","event":"c"}"#)
        permit = try await balance()
        #expect(permit.left == 40 && permit.writeOffs.map(\.state) == [.counted, .repeated, .reversed])
        try await lab.append("record.corrected", by: "CUS", #"{"permit":"P","event":"a"}"#)
        #expect(try await balance().left == 40, "what does not name the declaration takes nothing back")
        try await lab.append("record.corrected", by: "CUS", #"{"permit":"P","declaration":"1","event":"a"}"#)
        #expect(try await balance().writeOffs.map(\.state) == [.reversed, .counted, .reversed])
    }

    @Test("What a reader does not see is not in its state: on hold for one, not for the other")
    func readers() async throws {
        let lab = try await CaseLab()
        defer { lab.close() }
        try await lab.append(
            "declaration.lodged", by: "DEC", tags: ["container:C1"], #"{"declaration":"1","kind":"goods"}"#)
        try await lab.append("hold.placed", by: "CUS", #"{"declaration":"1","scope":"all","legalBasis":"Art. 1"}"#)
        let terminal = Reader(.participant, agency: "TER", identities: [CaseLab.tag("container:C1")])
        #expect(try await lab.declaration(for: CaseLab.platform).holds.active.count == 1)
        let seen = try await lab.declaration(for: terminal)
        #expect(seen.steps.map(\.event) == [.declarationLodged] && seen.holds.isEmpty)
        #expect(try await lab.declaration(for: .public).steps.isEmpty)
    }

    @Test("Fields that are too long are named and left out; a list of participants that is too long blocks the release")
    func tooLong() async throws {
        let lab = try await CaseLab()
        defer { lab.close() }
        let many = (0..<600).map { "\"A\($0)\"" }.joined(separator: ",")
        try await lab.append(
            "inspection.notified", by: "SW", #"{"declaration":"1","place":"yard","participants":[\#(many)]}"#)
        let file = try await lab.declaration()
        #expect(file.steps.first?.longFields == ["participants"] && file.steps.first?.text("place") == "yard")
        #expect(file.requirements.map(\.agency) == ["?"])
        #expect(try lab.keeper.allParked().isEmpty)
    }
}
