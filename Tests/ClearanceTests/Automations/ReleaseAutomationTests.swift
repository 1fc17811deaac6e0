import Clearance
import EventLog
import Exchange
import JSON
import TestSupport
import Testing
import Views

@Suite("The release is completed by itself", .fewAtOnce)
struct ReleaseAutomationTests {
    private static let number = #"{"declaration":"1""#

    /// A declaration of which only the grant of customs is missing.
    private static func declare(_ lab: CaseLab, tags: [String] = ["container:C1"]) async throws {
        try await lab.append(
            "declaration.lodged", by: "DEC", tags: tags,
            number + #","kind":"goods","flow":"import","office":"2248","port":"CNNSA"}"#)
        try await lab.append("declaration.accepted", by: "CUS", number + "}")
    }

    private static func grant(_ lab: CaseLab) async throws {
        try await lab.append("release.granted", by: "CUS", number + #","condition":"none"}"#)
    }

    @Test("Once nothing is missing any more, and not before; also where hands were quicker")
    func once() async throws {
        let lab = try await CaseLab()
        let run = try ReleaseRun(lab)
        try await Self.declare(lab, tags: ["container:C1", "container:C2"])
        try await run.runner.settle()
        #expect(try ReleaseRun.releases(lab).isEmpty)
        let granted = try await lab.append(
            "release.granted", by: "CUS", id: "grant", Self.number + #","condition":"none"}"#)
        try await run.runner.settle()
        let release = try #require(try ReleaseRun.releases(lab).first)
        #expect(release.position == granted + 1 && release.agency == "SW")
        let entry = try JSONDocument(parsing: try lab.ledger.log.entry(at: release.position).bytes).root
        let tags = entry["tags"]?.elements.compactMap(\.string) ?? []
        #expect(Set(tags).isSuperset(of: ["container:C1", "container:C2", "declaration:1"]))
        let data = try #require(entry["event"]?["data"])
        #expect(data["grants"]?.elements.map(\.string) == ["grant"] && data["port"]?.string == "CNNSA")
        // Whatever comes then.
        try await lab.append("conveyance.arrived", by: "BOR", Self.number + "}")
        try await Self.grant(lab)
        try await run.runner.settle()
        #expect(try ReleaseRun.releases(lab).count == 1 && run.runner.waiting().isEmpty)

        // Somebody completes a release by hand, before the automation has seen that it may.
        try await lab.append("declaration.lodged", by: "DEC", #"{"declaration":"2","kind":"goods"}"#)
        try await lab.append("declaration.accepted", by: "CUS", #"{"declaration":"2"}"#)
        try await lab.append("release.granted", by: "CUS", #"{"declaration":"2","condition":"none"}"#)
        let byHand = CaseLab.event("release.completed", by: "SW", id: "hand", #"{"declaration":"2"}"#)
        _ = try await lab.book().append([byHand], as: "SW")
        try await run.runner.settle()
        #expect(try ReleaseRun.releases(lab).map(\.declaration) == ["1", "2"])
        #expect(try run.runner.waiting().isEmpty && run.runner.parkedEntries().isEmpty)
        await run.close()
    }

    @Test("What it cannot see stands against it: a hold on a container, a sealed hold; lifted, the goods are released")
    func unseen() async throws {
        let lab = try await CaseLab()
        try await lab.sealHolds()
        let run = try ReleaseRun(lab)
        try await Self.declare(lab)
        try await lab.append(
            "hold.placed", by: "MSA", id: "open", #"{"container":"C1","scope":"all","legalBasis":"Art. 5"}"#)
        _ = try await lab.ledger.append([CaseLab.sealedHold("s", #""declaration":"1""#)], as: "ASB")
        try await Self.grant(lab)
        try await run.runner.settle()
        let tag = CaseLab.tag("declaration:1")
        #expect(try ReleaseRun.releases(lab).isEmpty && run.runner.waiting() == [tag])
        #expect(try run.runner.parkedEntries().isEmpty, "a refused proposal waits, it is not parked")
        try await lab.append("hold.lifted", by: "MSA", #"{"container":"C1","hold":"open"}"#)
        try await run.runner.settle()
        #expect(try ReleaseRun.releases(lab).isEmpty && run.runner.waiting() == [tag])
        // The process ends, and its files are lost: the proposal is not.
        await run.keeper.close()
        try lab.removeViews(but: "cases")
        let again = try ReleaseRun(lab)
        try await again.runner.settle()
        #expect(try ReleaseRun.releases(lab).isEmpty && again.runner.waiting() == [tag])
        _ = try await lab.ledger.append([CaseLab.sealedLift("s", #""declaration":"1""#)], as: "ASB")
        try await again.runner.settle()
        #expect(try ReleaseRun.releases(lab).count == 1 && again.runner.waiting().isEmpty)
        await again.close()
    }

    @Test("What comes after a proposal and before it could be made takes it back: it is made with what is so then")
    func takenBack() async throws {
        let lab = try await CaseLab()
        let run = try ReleaseRun(lab)
        try await Self.declare(lab)
        try await lab.append(
            "hold.placed", by: "MSA", id: "open", #"{"container":"C1","scope":"all","legalBasis":"Art. 5"}"#)
        try await Self.grant(lab)
        try await run.runner.settle()
        #expect(try run.runner.waiting().count == 1)
        try await lab.append(
            "inspection.notified", by: "SW", Self.number + #","place":"yard","participants":["MSA"]}"#)
        try await run.runner.settle()
        #expect(try run.runner.waiting().isEmpty)
        try await lab.append("hold.lifted", by: "MSA", #"{"container":"C1","hold":"open"}"#)
        try await run.runner.settle()
        #expect(try ReleaseRun.releases(lab).isEmpty)
        try await lab.append("release.granted", by: "MSA", Self.number + #","condition":"none"}"#)
        try await run.runner.settle()
        let release = try #require(try ReleaseRun.releases(lab).first)
        let entry = try JSONDocument(parsing: try lab.ledger.log.entry(at: release.position).bytes).root
        #expect(entry["event"]?["data"]?["agencies"]?.elements.map(\.string) == ["CUS", "MSA"])
        await run.close()
    }

    @Test("A declaration of which there is too much to be kept is left to hands, and stops nobody else's")
    func tooMuch() async throws {
        let lab = try await CaseLab()
        let run = try ReleaseRun(lab)
        try await Self.declare(lab)
        let events = (0..<700).map {
            CaseLab.event("document.requested", by: "CUS", id: "d\($0)", Self.number + #","kinds":["invoice"]}"#)
        }
        _ = try await lab.ledger.append(events, as: "CUS")
        try await Self.grant(lab)
        try await lab.append("declaration.lodged", by: "DEC", #"{"declaration":"2","kind":"goods"}"#)
        try await lab.append("declaration.accepted", by: "CUS", #"{"declaration":"2"}"#)
        try await lab.append("release.granted", by: "CUS", #"{"declaration":"2","condition":"none"}"#)
        try await run.runner.settle()
        #expect(try ReleaseRun.releases(lab).map(\.declaration) == ["2"])
        #expect(try run.runner.parkedEntries().isEmpty)
        let byHand = CaseLab.event(
            "release.completed", by: "SW", id: "hand", tags: ["container:C1"], Self.number + "}")
        _ = try await lab.book().append([byHand], as: "SW")
        await run.close()
    }
}

/// The automation over a ledger.
struct ReleaseRun {
    let lab: CaseLab
    let book: Rulebook
    let keeper: AutomationKeeper
    let runner: AutomationRunner

    init(_ lab: CaseLab) throws {
        self.lab = lab
        book = try lab.book()
        keeper = AutomationKeeper(beside: lab.keeper, book: book)
        runner = try keeper.open(PortAutomations.release, from: 0)
    }

    func close() async {
        await keeper.close()
        lab.close()
    }

    struct Release: Sendable, Hashable {
        let position: Position
        let agency: String
        let declaration: String
    }

    /// The releases in the log.
    static func releases(_ lab: CaseLab) throws -> [Release] {
        try lab.ledger.log.read(Query(types: [CaseEvent.releaseCompleted.type]), ReadRange()).map { entry in
            let root = try JSONDocument(parsing: entry.bytes).root
            return Release(
                position: entry.position, agency: root["agency"]?.string ?? "",
                declaration: root["event"]?["data"]?["declaration"]?.string ?? "")
        }
    }
}
