import EventLog
import JSON
import Testing

@testable import Interchange

@Suite(
    "The shared corpus",
    .enabled(if: Corpus.isPresent, "skipped: no corpus (hmrc, kcs, hs) under SANHU_SHARED or ../shared"))
struct CorpusTests {
    @Test("every file of the UK scenarios is imported or refused with a reason")
    func accountsForEveryFile() throws {
        let outcome = Outcome(WCOImporter(paths: [Corpus.messages]))
        let summary = outcome.summary
        #expect(summary.filesFound == 425)
        #expect(summary.filesImported + summary.filesRefused == 425)
        #expect(summary.filesRefused == 3)
        #expect(summary.refusalCount == 3)
        #expect(summary.refusals.contains { $0.file.hasSuffix("TT_EX022a_Declaration1_(Step1).xml") && $0.line == 52 })
        #expect(summary.draftCount == 417, "five notifications of TT_EX039a are there twice")
        #expect(outcome.batches.count == 146)
        #expect(Set(outcome.batches.flatMap(\.origins).map { $0.file }).count == 417)
    }

    @Test("TT_IM017a is told from the lodgement on, in order of what happened")
    func tellsTheFullestStory() throws {
        let number = "declaration:21GB7X8M7S6NG8N6R0"
        let events = try Outcome(WCOImporter(paths: [Corpus.messages])).events().filter { $0.tags.contains(number) }
        #expect(
            events.map(\.type) == [
                "sanhu.declaration.lodged", "sanhu.declaration.accepted", "sanhu.duty.assessed",
                "sanhu.document.requested", "sanhu.inspection.ordered", "sanhu.declaration.amended",
                "sanhu.notice.acknowledged", "sanhu.declaration.amended", "sanhu.duty.assessed", "sanhu.duty.assessed",
                "sanhu.inspection.completed", "sanhu.clearance.closed",
            ])
        #expect(events.allSatisfy { $0.tags.contains("lrn:TT_IM17a_v1.4_1907_01") })
        let times = events.compactMap(\.time)
        #expect(times.count == 12)
        #expect(times == times.sorted())
    }

    @Test("within every scenario a lodgement comes before the answers to it")
    func lodgementsComeFirst() throws {
        for batch in WCOImporter(paths: [Corpus.messages]).batches() {
            var answered: Set<String> = []
            for event in try batch.drafts.map(Event.init) {
                if event.type == "sanhu.declaration.lodged" { #expect(!answered.contains(event.subject)) }
                if event.agency == "CUS" { answered.insert(event.subject) }
            }
        }
    }

    @Test("ids are unique with their source, and events are strict JSON within their limit")
    func idsAreUnique() throws {
        let outcome = Outcome(WCOImporter(paths: [Corpus.messages]))
        let events = try outcome.events()
        #expect(Set(events.map { $0.source + " " + $0.id }).count == events.count)
        #expect(
            outcome.drafts.allSatisfy { $0.event.count <= EventLimits.eventBytes && $0.tags.count <= EventLimits.tags })
        for draft in outcome.drafts { #expect(throws: Never.self) { try JSONDocument(parsing: draft.event) } }
        let agencies = Dictionary(grouping: events, by: \.source).mapValues { Set($0.map(\.agency)) }
        #expect(agencies.values.allSatisfy { $0.count == 1 })
    }

    @Test("the Korean declarations come with their outcomes, and old codes as warnings")
    func importsDeclarations() throws {
        let nomenclature = try HSNomenclature(contentsOf: Corpus.nomenclature)
        var last: ImportProgress?
        let summary = KCSImporter(paths: [Corpus.declarations], nomenclature: nomenclature).run { batch in
            last = batch.progress
            #expect(batch.drafts.count <= 3 * CSVLimits.rowsPerBatch)
        }
        #expect(summary.recordsRead == 37_385)
        #expect(summary.refusalCount == 0)
        #expect(summary.draftsByType["sanhu.declaration.lodged"] == 37_385)
        #expect(summary.draftsByType["sanhu.inspection.completed"] == 37_385)
        #expect(summary.draftsByType["sanhu.violation.recorded"] == 8_114)
        #expect(summary.warningCount == 75)
        #expect(last?.bytesDone == last?.bytesTotal)
    }
}
