import EventLog
import Exchange
import Foundation
import JSON
import NIOHTTP1
import TestSupport
import Testing

@testable import ExchangeServer

/// What the port's systems ask of the server, one test a system.
@Suite("The port's systems: over the network", .fewAtOnce) struct ServedSystemsTests {
    private func event(_ name: String, _ id: String, by agency: String, _ data: String) -> String {
        #"""
        {"specversion":"1.0","id":"\#(id)","source":"/\#(agency)/1","type":"sanhu.\#(name)",\#
        "dataschema":"urn:sanhu:schema:\#(name):1","data":{\#(data)}}
        """#
    }

    @discardableResult
    private func append(
        _ lab: ServerLab, _ name: String, _ id: String, by agency: String, _ data: String
    ) async throws -> Position {
        let reply = try await lab.ask(
            .POST, "/events", as: agency, type: "application/cloudevents+json", event(name, id, by: agency, data))
        return Position(try #require(reply.json?["appended"]?.integer, "\(reply.text)"))
    }

    @Test("S06 Each agency's system appends its own, has the others' delivered once, in order, also after it was away")
    func joined() async throws {
        try await ServerLab.serving { lab in
            let agencies = ["CUS", "TAX"]
            for agency in agencies { try await lab.subscribe("all", #"{"from":1,"key":"declaration"}"#, as: agency) }
            var expected: [Position] = []
            func happens(_ number: Int) async throws {
                expected.append(
                    try await append(lab, "declaration.lodged", "d\(number)", by: "CUS", #""number":"\#(number)""#))
                let asked =
                    #""owner":"CUS","fields":{"pointers":["/commercial"]},"objects":["declaration:\#(number)"],"#
                    + #""purpose":"refund","case":"T-\#(number)","to":"2099-12-31T00:00:00+08:00""#
                expected.append(try await append(lab, "disclosure.requested", "q\(number)", by: "TAX", asked))
            }
            for number in 1...3 { try await happens(number) }
            var taken: [String: [Position]] = [:]
            for agency in agencies {
                var consumer = try await Consumer(lab, "all", "system", as: agency)
                for event in try await consumer.some(6) {
                    taken[agency, default: []].append(event.position)
                    try await consumer.acknowledge([event.position])
                }
            }
            // Both are away; the server is restarted; what came meanwhile is there, and nothing else.
            for number in 4...6 { try await happens(number) }
            try await lab.restart()
            for agency in agencies {
                var consumer = try await Consumer(lab, "all", "system", as: agency)
                let rest = try await consumer.rest()
                try await consumer.acknowledge(rest.map(\.position))
                taken[agency, default: []] += rest.map(\.position)
                #expect(taken[agency] == expected, "\(agency)")
                let state = try await lab.ask(.GET, "/subscriptions/all", as: agency).json?["state"]
                #expect(state?["lag"]?.integer == 0 && state?["parked"]?.integer == 0)
            }
        }
    }

    @Test(
        "S63 A notice of inspection is pushed to the terminal it names, to no other, and its lag and receipt are figures"
    )
    func pushed() async throws {
        try await ServerLab.serving { lab in
            var terminal = try await LiveAnswer(
                lab, "/events?type=sanhu.inspection.notified&tag=agency:TER", as: "TER")
            try await append(
                lab, "inspection.ordered", "o1", by: "CUS", #""declaration":"1","order":"O-1","kind":"physical""#)
            func notice(_ id: String, _ recipient: String) async throws -> Position {
                try await append(
                    lab, "inspection.notified", id, by: "CUS",
                    #""declaration":"1","place":"yard","participants":["CUS"],"orders":["O-1"],"recipients":["\#(recipient)"]"#
                )
            }
            let other = try await notice("n0", "DEC")
            let own = try await notice("n1", "TER")
            var told: [(id: Position?, text: String)] = []
            while told.isEmpty, let message = try await terminal.next() {
                if message.kind == "event" { told.append((message.id, message.data)) }
            }
            #expect(told.map(\.id) == [own] && own > other)
            #expect(told.first?.text.contains("yard") == true)
            let receipt = try await append(
                lab, "notice.acknowledged", "a1", by: "TER",
                #""declaration":"1","stage":"received","event":{"source":"/CUS/1","id":"n1"}"#)
            let lag = try await lab.ask(.GET, "/reports/K20?reached=\(receipt)").lines.first?["total"]
            #expect(lag?["count"]?.integer == 2, "\(String(decoding: lag?.text ?? [], as: UTF8.self))")
            let known = try await lab.ask(.GET, "/reports/K20-acknowledged?reached=\(receipt)").lines.first?["total"]
            #expect(known?["hits"]?.integer == 1 && known?["count"]?.integer == 2)
        }
    }
}
