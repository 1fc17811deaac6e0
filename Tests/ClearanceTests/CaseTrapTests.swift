import Clearance
import EventLog
import Exchange
import TestSupport
import Testing
import Views

@Suite("What might lead to a release that is too early, or to none", .fewAtOnce)
struct CaseTrapTests {
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

    private static func merge(_ lab: CaseLab) async throws {
        try await lab.amend(
            #"{"op":"end","kind":"agency","value":{"code":"MSA","into":"CUS"}}"#, id: "merger")
    }

    @Test(
        "An agency that has merged and comes back takes nothing back of what was done in its place; from then on it is its own"
    )
    func returned() async throws {
        let lab = try await Self.lab()
        defer { lab.close() }
        func hold(_ id: String) async throws {
            try await lab.append("hold.placed", by: "MSA", id: id, Self.one + #","scope":"all","legalBasis":"x"}"#)
        }
        func lift(_ id: String) async throws {
            try await lab.append("hold.lifted", by: "CUS", Self.one + #","hold":"\#(id)"}"#)
        }
        try await hold("a")
        try await hold("b")
        try await Self.merge(lab)
        try await lift("a")
        try await lab.append("release.granted", by: "CUS", Self.one + "}")
        #expect(try await Self.missing(lab) == ["hold b"])
        try await lab.amend(
            #"{"op":"put","kind":"agency","value":{"code":"MSA","title":"海事","kind":"authority"}}"#, id: "return")
        #expect(try await Self.missing(lab) == ["hold b"], "what was done stays done")
        try await lift("b")
        #expect(try await Self.missing(lab) == ["hold b"], "it is another's again")
        let book = try lab.book()
        let release = CaseLab.event("release.completed", by: "SW", id: "r", Self.one + "}")
        await #expect(throws: ExchangeError.self) { _ = try await book.append([release], as: "SW") }
        try await lab.append("hold.lifted", by: "MSA", Self.one + #","hold":"b"}"#)
        _ = try await book.append([release], as: "SW")
    }

    @Test("A recognition is revoked also where a grant has the same id: grants are not revoked")
    func revoked() async throws {
        let lab = try await Self.lab()
        defer { lab.close() }
        try await lab.append("inspection.ordered", by: "MSA", Self.one + #","kind":"physical"}"#)
        try await lab.append("release.granted", by: "MSA", id: "x", Self.one + "}")
        try await Self.merge(lab)
        try await lab.append(
            "result.recognised", by: "CUS", id: "x", Self.one + #","event":"e","by":"LAB","basis":"b"}"#)
        #expect(try await Self.missing(lab).isEmpty)
        try await lab.append(
            "recognition.revoked", by: "CUS", source: 2, Self.one + #","recognition":"x","basis":"b"}"#)
        #expect(try await Self.missing(lab) == ["agency CUS"])
    }

    @Test(
        "A quantity that is written with a point or a power is the number that it is",
        arguments: [
            "100.0", "1e2", "1000E-1",
        ])
    func numbers(_ quantity: String) async throws {
        let lab = try await Self.lab()
        defer { lab.close() }
        let book = try lab.book()
        try await lab.append(
            "permit.issued", by: "COM", #"{"permit":"P","kind":"import","quantity":\#(quantity)}"#)
        func writeOff(_ item: String, _ quantity: String) async throws {
            let data = Self.one + #","permit":"P","item":\#(item),"quantity":\#(quantity)}"#
            _ = try await book.append(
                [CaseLab.event("permit.writtenoff", by: "CUS", id: "w\(item)-\(quantity)", data)], as: "CUS")
            try await lab.reach()
        }
        await #expect(throws: ExchangeError.self) { try await writeOff("1", "101") }
        try await writeOff("2.0", "60.0")
        await #expect(throws: ExchangeError.self) { try await writeOff("2", "1") }
        await #expect(throws: ExchangeError.self) { try await writeOff("3", "41") }
        let balance: PermitBalance = try await lab.cases.read(of: "permit:P", for: CaseLab.customs)
        #expect(balance.left == 40 && balance.writeOffs.map(\.item) == [2])
    }

    @Test("A hold and a recognition of any id that an event may have can be ended")
    func longIDs() async throws {
        let lab = try await Self.lab()
        defer { lab.close() }
        let id = String(repeating: "i", count: 1_000)
        try await lab.append("hold.placed", by: "MSA", id: id, Self.one + #","scope":"all","legalBasis":"x"}"#)
        try await lab.append(
            "result.recognised", by: "CUS", id: id, Self.one + #","event":"e","by":"LAB","basis":"b"}"#)
        #expect(try await Self.missing(lab) == ["hold \(id)"])
        try await lab.append("hold.lifted", by: "MSA", Self.one + #","hold":"\#(id)"}"#)
        #expect(try await Self.missing(lab).isEmpty)
        try await lab.append("recognition.revoked", by: "CUS", Self.one + #","recognition":"\#(id)"}"#)
        #expect(try await Self.missing(lab) == ["agency CUS"])
        // Of one that a case file has no room for, the file cannot say that it is lifted; the rule can.
        let tooLong = String(repeating: "i", count: 1_024)
        try await lab.append("release.granted", by: "CUS", Self.one + "}")
        try await lab.append("hold.placed", by: "MSA", id: tooLong, Self.one + #","scope":"all","legalBasis":"x"}"#)
        try await lab.append("hold.lifted", by: "MSA", Self.one + #","hold":"\#(tooLong)"}"#)
        #expect(try await Self.missing(lab).count == 1)
        let release = CaseLab.event("release.completed", by: "SW", id: "r", Self.one + "}")
        _ = try await lab.book().append([release], as: "SW")
    }

    @Test("What names as many declarations as an entry has room for is no poison for case files")
    func manyDeclarations() async throws {
        let lab = try await Self.lab()
        defer { lab.close() }
        let others = (0..<230).map { "declaration:" + String(repeating: "9", count: 235) + String(1_000 + $0) }
        try await lab.append(
            "declaration.amended", by: "DEC", tags: others + ["container:C1"], Self.one + #","stage":"decided"}"#)
        #expect(try lab.cases.runner.parkedEntries().isEmpty)
        let file = try await lab.declaration()
        #expect(file.containers == ["C1"] && file.declarations.count == others.count)
        let other = try await lab.declaration(String(others[0].dropFirst("declaration:".count)))
        #expect(other.containers.isEmpty && other.declarations == ["1"])
    }

    @Test("A declaration of as many containers as there can be is released also where holds may be sealed")
    func manySealed() async throws {
        let lab = try await CaseLab()
        defer { lab.close() }
        try await lab.sealHolds()
        let tags = (0..<255).map { "container:C\($0)" }
        try await lab.append("declaration.lodged", by: "DEC", tags: tags, Self.one + #","kind":"goods"}"#)
        try await lab.append("declaration.accepted", by: "CUS", Self.one + "}")
        try await lab.append("release.granted", by: "CUS", Self.one + "}")
        _ = try await lab.ledger.append([CaseLab.sealedHold("s", #""container":"C254""#)], as: "ASB")
        let book = try lab.book()
        let release = CaseLab.event("release.completed", by: "SW", id: "r", tags: tags, Self.one + "}")
        await #expect {
            _ = try await book.append([release], as: "SW")
        } throws: { ($0 as? ExchangeError)?.code == .ruleBroken }
        _ = try await lab.ledger.append([CaseLab.sealedLift("s", #""container":"C254""#)], as: "ASB")
        _ = try await book.append([release], as: "SW")
    }
}
