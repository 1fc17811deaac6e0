import EventLog
import Exchange
import Foundation
import TestSupport
import Testing
import Views

@Suite("The tutorial on writing a view")
struct TutorialTests {
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    @Test("Its code stands, block by block and in its order, in the file that is compiled here")
    func code() throws {
        let page = try String(contentsOf: Self.root.appendingPathComponent("docs/writing-a-view.md"), encoding: .utf8)
        let source = try String(
            contentsOf: Self.root.appendingPathComponent("Tests/ClearanceTests/Tutorial/WaitingTutorial.swift"),
            encoding: .utf8)
        let blocks = page.components(separatedBy: "```swift\n").dropFirst().map {
            $0.components(separatedBy: "\n```")[0]
        }
        #expect(blocks.count == 6)
        var rest = source[...]
        for block in blocks {
            let found = try #require(rest.range(of: block + "\n"), "not compiled:\n\(block)")
            let between = rest[..<found.lowerBound]
            // What stands before the first block are imports; between two there is nothing.
            if block != blocks.first { #expect(!between.contains { !$0.isWhitespace }, "not on the page: \(between)") }
            rest = rest[found.upperBound...]
        }
        // The one helper that the page does not show.
        #expect(rest.trimmingCharacters(in: .whitespacesAndNewlines).hasPrefix("extension Span<UInt8>"))
    }

    @Test("It does what the page says")
    func run() async throws {
        let lab = try await CaseLab()
        defer { lab.close() }
        let container = #"{"container":"MSKU1234565","#
        let came = try await lab.append(
            "equipment.moved", by: "CAR", container + #""move":"discharge","facility":"CNSHA 3"}"#)
        try await lab.append(
            "hold.placed", by: "CUS", container + #""scope":"all","legalBasis":"Art. 1","reason":"weight"}"#)
        let (state, there) = try await ask(lab.keeper, lab.ledger)
        #expect(state.isWaiting && state.place == "CNSHA 3" && state.reasons.map(\.string) == ["weight"])
        #expect(state.since == (try lab.ledger.log.entry(at: came).recorded))
        #expect(there == ["container:MSKU1234565"])
        let runner = try #require(lab.keeper.view("waiting.1"))
        let border = Reader(.authority, agency: "BOR")
        let seen = WaitingView.view.state(
            of: "container:MSKU1234565", from: try await runner.facts(of: "container:MSKU1234565", for: border))
        guard case .withheld(let reason)? = seen.reasons.first else {
            Issue.record("\(seen)")
            return
        }
        #expect(reason.owner == "CUS")
        #expect(try runner.tallies(for: border).map(\.sum) == [1])
        try await lab.append("equipment.moved", by: "CAR", container + #""move":"gate-out","facility":"CNSHA"}"#)
        #expect(await runner.reached(try lab.ledger.log.head))
        let left = WaitingView.view.state(
            of: "container:MSKU1234565", from: try await runner.facts(of: "container:MSKU1234565", for: border))
        #expect(!left.isWaiting)
    }
}
