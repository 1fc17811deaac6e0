import EventLog
import Exchange
import Foundation
import TestSupport
import Testing
import Views

@Suite("The tutorials on views, rules and automations")
struct TutorialTests {
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    private static func text(_ path: String) throws -> String {
        try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
    }

    @Test(
        "The code of a page stands, block by block and in its order, in the file that is compiled here",
        arguments: [
            ("writing-a-view", "WaitingTutorial", 6), ("writing-a-rule", "HoldTutorial", 5),
            ("writing-an-automation", "AskAgainTutorial", 4),
        ])
    func code(page: String, file: String, count: Int) throws {
        let source = try Self.text("Tests/ClearanceTests/Tutorial/\(file).swift")
        let blocks = try Self.text("docs/\(page).md").components(separatedBy: "```swift\n").dropFirst().map {
            $0.components(separatedBy: "\n```")[0]
        }
        #expect(blocks.count == count)
        var rest = source[...]
        for block in blocks {
            let found = try #require(rest.range(of: block + "\n"), "not compiled:\n\(block)")
            let between = rest[..<found.lowerBound]
            // What stands before the first block are imports; between two there is nothing.
            if block != blocks.first {
                #expect(!between.contains { !$0.isWhitespace }, "not on the page: \(between)")
            }
            rest = rest[found.upperBound...]
        }
        // The one helper that a page does not show.
        let left = rest.trimmingCharacters(in: .whitespacesAndNewlines)
        #expect(left.isEmpty || page == "writing-a-view" && left.hasPrefix("extension Span<UInt8>"))
    }

    @Test("The rule does what its page says")
    func rule() async throws {
        let lab = try await CaseLab()
        defer { lab.close() }
        func close(_ id: String) async throws -> String? {
            try await ClearanceTests.close(
                lab.ledger, CaseLab.event("clearance.closed", by: "CUS", id: id, #"{"declaration":"1"}"#))
        }
        let hold = #"{"declaration":"1","scope":"all","legalBasis":"Art. 1","officer":{"id":"o","name":"CANARY"}}"#
        let placed = try await lab.append("hold.placed", by: "MSA", id: "h", hold)
        let refused = try #require(try await close("c"))
        for part in ["held-stays-open", "declaration:1", "position \(placed)", "First MSA must lift it."] {
            #expect(refused.contains(part), "\(refused)")
        }
        #expect(!refused.contains("CANARY"))
        let lift = #"{"declaration":"1","hold":"h"}"#
        try await lab.append("hold.lifted", by: "BOR", lift)
        #expect(try await close("c") != nil, "another agency does not lift it")
        try await lab.append("hold.lifted", by: "MSA", lift)
        #expect(try await close("c") == nil)
    }

    @Test("The automation does what its page says: it asks three times, a week apart, and not after the release")
    func automation() async throws {
        let lab = try await CaseLab()
        defer { lab.close() }
        let book = try lab.book()
        for number in ["1", "2"] {
            try await lab.append("document.requested", by: "CUS", #"{"declaration":"\#(number)","kinds":["invoice"]}"#)
        }
        func asked(_ number: String) throws -> Int {
            try lab.ledger.log.read(
                Query(types: ["sanhu.document.requested"], tags: [CaseLab.tag("declaration:" + number)]), ReadRange()
            ).count
        }
        let week: Int64 = 7 * 86_400_000_000
        let start = Timestamp.now()
        let due = try #require(try await remind(lab.keeper, book, at: start))
        #expect(abs(due.microseconds - start.microseconds - week) < 60_000_000)
        try await lab.append("release.granted", by: "CUS", #"{"declaration":"2","condition":"none"}"#)
        // Nobody is there for a month: what is due is done once.
        for round in 1...4 {
            let now = Timestamp(microseconds: start.microseconds + Int64(round) * 5 * week)
            _ = try await remind(lab.keeper, book, at: now)
        }
        #expect(try asked("1") == 3 && asked("2") == 1)
    }

    @Test("The view does what its page says")
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
