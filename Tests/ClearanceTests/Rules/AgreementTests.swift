import EventLog
import Exchange
import JSON
import TestSupport
import Testing

@testable import Clearance
@testable import Views

@Suite("Case file, rule and automation", .fewAtOnce)
struct AgreementTests {
    /// What is missing, but for the lists of participants that are too long for a case file.
    private static func gaps(_ file: DeclarationCase?) -> [ReleaseDecision.Gap]? {
        file?.releaseDecision().missing.filter { gap in
            gap.kind != .agency || gap.what != "?" && gap.what.first != "A"
        }
    }

    /// Gaps without their words: the automation does not keep what only these need.
    private static func names(_ gaps: [ReleaseDecision.Gap]?) -> [String]? {
        gaps?.map { "\($0.kind) \($0.what) \($0.position ?? 0)" }
    }

    @Test("They come to the same decision on a release, each from what it sees")
    func decisions() async throws {
        let lab = try await CaseLab()
        defer { lab.close() }
        var dice = LongForm.dice("agreement")
        var plot = CasePlot()
        var (decided, ready) = (0, 0)
        for round in 0..<LongForm.scaled(8, full: 60) {
            try await plot.append(40, to: lab, &dice)
            for number in 0..<5 {
                let note = "seed \(dice.seed), round \(round), declaration \(number)"
                let file = try await lab.whole("\(number)", at: nil)
                let declaration = CaseLab.tag("declaration:\(number)")
                let containers = file.containers.map { CaseLab.tag("container:" + $0) }
                let event = try Self.release(declaration, containers)
                let scope = try #require(try PortRules.oneRelease.looks(event))
                var history = ReleaseHistory()
                for event in try Self.events(lab, scope.query, isWhole: true) { history.take(event) }
                let ruled = history.file(of: declaration, containers)
                #expect(Self.gaps(ruled) == Self.gaps(file), "\(note)")
                #expect(ruled.released == file.released, "\(note)")
                let isSatisfied = history.finding(on: declaration, containers, at: .now()) == .satisfied
                #expect(isSatisfied == (ruled.releaseDecision().mayBeReleased), "\(note)")

                // The automation does not look at containers, and keeps its state as JSON between any two events.
                var progress = ReleaseProgress()
                let query = Query(types: ReleaseProgress.events.map(\.type), tags: [declaration])
                for event in try Self.events(lab, query, isWhole: false) {
                    progress.take(event)
                    var writer = JSONWriter()
                    progress.write(to: &writer)
                    progress = try #require(ReleaseProgress(try JSONDocument(parsing: writer.bytes).root))
                }
                guard let proposed = progress.file(of: declaration) else { continue }
                var own = file
                own.consider([])
                #expect(Self.names(Self.gaps(proposed)) == Self.names(Self.gaps(own)), "\(note)")
                #expect(proposed.releaseDecision().isReleased == file.releaseDecision().isReleased, "\(note)")
                let isPlain = !file.requirements.contains { $0.agency == "?" || $0.agency.hasPrefix("A") }
                if isPlain { #expect(proposed.releaseData == file.releaseData, "\(note)") }
                decided += 1
                if proposed.releaseDecision().missing.count < 6 { ready += 1 }
            }
        }
        #expect(decided > 30 && ready > 0, "seed \(dice.seed)")
    }

    private static func release(_ declaration: EventLog.Tag, _ containers: [EventLog.Tag]) throws -> LedgerEvent {
        let data = #"{"data":{"declaration":"\#(declaration.value)"}}"#
        return LedgerEvent(
            position: 0, recorded: .now(), agency: "SW", type: CaseEvent.releaseCompleted.type,
            identity: EventIdentity(source: "/SW/1", id: "r"), tags: [declaration] + containers,
            root: try JSONDocument(parsing: Array(data.utf8)).root)
    }

    private static func events(_ lab: CaseLab, _ query: Query, isWhole: Bool) throws -> [LedgerEvent] {
        let entries = try lab.ledger.log.read(try lab.ledger.stored(query), ReadRange())
        let seen =
            isWhole
            ? try lab.ledger.opened(entries, upcasting: .standard)
            : try lab.ledger.unsealed(entries, upcasting: .standard)
        let mergers = try lab.ledger.mergers()
        return seen.compactMap { LedgerEvent($0, mergers) }
    }
}
