import EventLog
import Exchange
import Foundation
import JSON
import Logging
import NIOHTTP1
import TestSupport
import Testing
import Views

@testable import ExchangeServer

extension ServerLab {
    /// Opens automations as a server does; the ledger must not be served.
    fileprivate func openAutomations(_ names: Set<String>) throws {
        let views = try ServedViews(of: ledger, names: [])
        defer { views.close() }
        _ = try ServedAutomations(
            beside: views.keeper, book: Rulebook(of: ledger, rules: []), names: names, logger: Logger(label: "test"))
    }
}

/// What a server does without being asked.
@Suite("What a server does by itself", .fewAtOnce) struct ActingTests {
    private static func metric(_ lab: ServerLab, _ name: String) async throws -> [String] {
        try await lab.ask(.GET, "/metrics").text.split(separator: "\n").filter { $0.hasPrefix(name + "{") }.map(
            String.init)
    }

    @Test("A request that nobody decides on is noted as over when its time comes, once, whoever asks for nothing")
    func endings() async throws {
        try await ServerLab.serving { lab in
            let end = Timestamp(microseconds: Timestamp.now().microseconds + 2_500_000)
            let request = #"""
                {"specversion":"1.0","id":"q1","source":"/TAX/1","type":"sanhu.disclosure.requested",
                "dataschema":"urn:sanhu:schema:disclosure.requested:1","data":{"owner":"CUS","fields":{"pointers":["/commercial"]},
                "objects":["declaration:1"],"purpose":"refund","case":"T-1","to":"\#(end)"}}
                """#
            let asked = try await lab.ask(.POST, "/events", as: "TAX", type: "application/cloudevents+json", request)
            #expect(asked.status == 201, "\(asked.text)")
            let query = Query(types: ["sanhu.disclosure.expired"])
            let last = ContinuousClock.now + .seconds(30)
            while try lab.ledger.log.read(query, ReadRange()).isEmpty, .now < last {
                try await Task.sleep(for: .milliseconds(50))
            }
            try await Task.sleep(for: .seconds(2))
            let noted = try lab.ledger.log.read(query, ReadRange())
            #expect(noted.count == 1 && noted.allSatisfy { $0.recorded >= end }, "\(noted.count)")
        }
    }

    @Test("Automations that the charter lets run are told of by metrics; those that are named and may not are refused")
    func automations() async throws {
        try await ServerLab.serving({ $0.automations = nil }) { lab in
            try await lab.append(ServerLab.event("1"))
            let last = ContinuousClock.now + .seconds(30)
            var lags: [String] = []
            repeat {
                lags = try await Self.metric(lab, "sanhu_automation_lag")
            } while lags.contains { !$0.hasSuffix(" 0") } && .now < last
            #expect(lags.count == ServedAutomations.known.count && lags.allSatisfy { $0.hasSuffix(" 0") }, "\(lags)")
            let failing = try await Self.metric(lab, "sanhu_automation_failing")
            #expect(failing.count == lags.count && failing.allSatisfy { $0.hasSuffix(" 0") }, "\(failing)")
            // Restarted, they are opened again: the server let go of them.
            try await lab.restart()
            #expect(try await Self.metric(lab, "sanhu_automation_lag").count == lags.count)
            await lab.halt()
            try await lab.amend("end", "source", #"{"prefix":"/SW"}"#)
            try await lab.start()
            // Those of other agencies run on.
            let rest = try await Self.metric(lab, "sanhu_automation_lag")
            #expect(rest.count < lags.count && !rest.contains { $0.contains("feedback") }, "\(rest)")
            await lab.halt()
            #expect(throws: ViewError.self) { try lab.openAutomations(["feedback"]) }
        }
    }

    @Test("How far each view is, and whether it goes on, is told by metrics")
    func views() async throws {
        try await ServerLab.serving { lab in
            try await lab.append(ServerLab.event("1"))
            let last = ContinuousClock.now + .seconds(30)
            var lags: [String] = []
            repeat {
                lags = try await Self.metric(lab, "sanhu_view_lag")
            } while lags.contains { !$0.hasSuffix(" 0") } && .now < last
            #expect(lags.sorted() == ["boards", "cases", "figures"].map { #"sanhu_view_lag{view="\#($0)"} 0"# })
            let failing = try await Self.metric(lab, "sanhu_view_failing")
            #expect(failing.count == 3 && failing.allSatisfy { $0.hasSuffix(" 0") })
        }
    }
}
