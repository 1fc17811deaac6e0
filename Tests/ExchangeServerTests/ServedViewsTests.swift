import Clearance
import EventLog
import Exchange
import ExchangeProtocol
import Foundation
import JSON
import TestSupport
import Testing
import Views

@testable import ExchangeServer

@Suite(.fewAtOnce) struct ServedViewsTests {
    @Test func `who will not wait is told to come again, and who waits gets what was appended`() async throws {
        try await ServerLab.serving({ $0.views = [] }) { lab in
            // The server keeps none, but has the lock on what views park: it ends first.
            await lab.halt()
            for (patience, isPatient) in [(Duration.zero, false), (.seconds(20), true)] {
                let views = try ServedViews(of: lab.ledger, names: ["cases"], patience: patience)
                defer { views.close() }
                let view = try views.view(CaseFiles.definition)
                let head = try lab.ledger.log.head
                #expect(await view.reached(head))
                var (told, reached) = (0, 0)
                for number in 1...100 {
                    let event = ServerLab.event("\(isPatient)\(number)", number)
                    let draft = EventDraft(agency: "CUS", event: Array(event.utf8))
                    let position = try await lab.ledger.append([AgencyEvent(draft)], as: "CUS")[0].position
                    do throws(Problem) {
                        let came = try await views.ready([view], at: nil, reached: position)
                        #expect(came > position)
                        reached += 1
                    } catch {
                        #expect(error.status == 503 && error.code == "notReached")
                        #expect(error.retry == .later && error.retryAfter == 1)
                        told += 1
                    }
                }
                // A view that folds and writes is not there at once a hundred times in a row.
                #expect(isPatient ? reached == 100 : told > 0, "\(told) told, \(reached) reached")
            }
        }
    }

    @Test func `no more than so many pass at once, and each makes room for another`() async throws {
        let turnstile = Turnstile(places: 2)
        let (gate, opening) = AsyncStream.makeStream(of: Void.self)
        let (entered, entering) = AsyncStream.makeStream(of: Void.self)
        let inside = Task {
            do throws(Problem) {
                try await turnstile.pass { () async throws(Problem) in
                    try await turnstile.pass { () async throws(Problem) in
                        entering.yield()
                        for await _ in gate {}
                    }
                }
            } catch {
                Issue.record("there were two places: \(error)")
            }
        }
        for await _ in entered { break }
        await #expect(throws: Problem.self) {
            try await turnstile.pass { () async throws(Problem) in Issue.record("a third came in") }
        }
        opening.finish()
        await inside.value
        var passed = 0
        for _ in 1...5 { passed += try await turnstile.pass { () async throws(Problem) in 1 } }
        #expect(passed == 5)
    }
}
