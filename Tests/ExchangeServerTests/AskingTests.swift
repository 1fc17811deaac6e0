import Clearance
import EventLog
import Exchange
import Foundation
import JSON
import NIOHTTP1
import TestSupport
import Testing
import Transparency
import Views

@testable import ExchangeServer

@Suite(.fewAtOnce) struct AskingTests {
    @Test func `a case file tells each who asks what it may see, and that it was told is on record`() async throws {
        try await ServerLab.serving { lab in
            let receipt = try await lab.append(ServerLab.event("e1", 1, price: ServerLab.canary))
            let position = try #require(receipt.json?["appended"]?.integer)
            let readers: [(agency: String?, purpose: String?, sees: Bool)] = [
                ("CUS", nil, true), ("TAX", "duty", true), ("TAX", nil, false), ("AUD", nil, false),
                ("TER", nil, false),
                (nil, nil, false),
            ]
            for (agency, purpose, sees) in readers {
                let before = try lab.ledger.accessLog.head
                let reply = try await lab.ask(
                    .GET, "/cases/declaration:1?reached=\(position)", as: agency, purpose: purpose)
                #expect(reply.status == 200)
                #expect(reply.headers["Sanhu-Position"].first == "\(position + 1)")
                #expect(reply.headers["Sanhu-View"].first == CaseFiles.definition.title)
                #expect(reply.json?["object"]?.string == "declaration:1")
                #expect(reply.text.contains(ServerLab.canary) == sees, "\(agency ?? "public"): \(reply.text)")
                #expect(try lab.ledger.accessLog.head == before + (sees ? 1 : 0))
            }
        }
    }

    @Test func `a write is read at once by who says that it must be there`() async throws {
        try await ServerLab.serving { lab in
            for number in 1...40 {
                let receipt = try await lab.append(ServerLab.event("e\(number)", number))
                let position = try #require(receipt.json?["appended"]?.integer)
                let reply = try await lab.ask(.GET, "/cases/declaration:\(number)?reached=\(position)")
                #expect(reply.json?["steps"]?.elements.first?["position"]?.integer == position)
            }
        }
    }

    @Test func `what the log does not have, and what is no case, is refused`() async throws {
        try await ServerLab.serving { lab in
            try await lab.append(ServerLab.event("e1"))
            for (path, status, code) in [
                ("/cases/declaration:1?reached=2", 404, "positionBeyondHead"),
                ("/cases/declaration:1?at=3", 404, "positionBeyondHead"),
                ("/cases/declaration:1?reached=9007199254740991", 404, "positionBeyondHead"),
                ("/cases/declaration:1?reached=9007199254740992", 400, "badParameter"),
                ("/cases/declaration:1?at=-1", 400, "badParameter"), ("/cases/ship:1", 400, "badParameter"),
                ("/cases/declaration", 400, "badParameter"), ("/cases/declaration:1?At=1", 400, "badParameter"),
                ("/cases/declaration:1?as-of=yesterday", 400, "badParameter"), ("/cases", 404, "unknownPath"),
            ] {
                let reply = try await lab.ask(.GET, path)
                #expect(reply.status == status && reply.code == code, "\(path): \(reply.text)")
            }
            #expect(try await lab.ask(.GET, "/cases/declaration:1?at=1").json?["steps"]?.elements.isEmpty == true)
            #expect(try await lab.ask(.GET, "/cases/declaration:1?at=2").json?["steps"]?.elements.count == 1)
            let other = try await lab.ask(.POST, "/cases/declaration:1")
            #expect(other.status == 405 && other.headers["Allow"].first == "GET")
        }
    }

    @Test func `a view that is not kept is told apart from one that is empty`() async throws {
        try await ServerLab.serving({ $0.views = [] }) { lab in
            let reply = try await lab.ask(.GET, "/cases/declaration:1")
            #expect(reply.status == 404 && reply.code == "unknownView")
        }
    }

    @Test func `boards come in pages, each row as the library makes it`() async throws {
        try await ServerLab.serving { lab in
            var last: Int64 = 0
            for number in 1...5 {
                let receipt = try await lab.append(ServerLab.event("e\(number)", number))
                last = try #require(receipt.json?["appended"]?.integer)
            }
            var (objects, after): ([String], String?) = ([], nil)
            repeat {
                let more = after.map { "&after=\($0)" } ?? ""
                let page = try await lab.ask(.GET, "/boards/receipts?limit=2&reached=\(last)\(more)")
                #expect(page.status == 200 && page.headers["Sanhu-Position"].first == "\(last + 1)")
                objects += page.lines.compactMap { $0["object"]?.string }
                after = page.lines.last?["next"]?.string
                #expect(page.lines.count <= 3)
            } while after != nil
            #expect(objects == (1...5).map { "declaration:\($0)" })
            let row = try await lab.ask(.GET, "/boards/receipts/declaration:3?at=\(last + 1)")
            #expect(row.json?["board"]?.string == "receipts" && row.json?["object"]?.string == "declaration:3")
            #expect(try await lab.ask(.GET, "/boards/receipts?at=1").lines.isEmpty)
            for (path, status) in [
                ("/boards/nothing", 404), ("/boards/risk?of=CUS", 400), ("/boards/receipts?port=CNNSA", 400),
                ("/boards/receipts?limit=0", 400), ("/boards/receipts?limit=1001", 400), ("/boards", 404),
                ("/boards/credit?on=2026-02-30", 400), ("/boards/receipts/declaration", 400),
                ("/boards/receipts/declaration:1?limit=2", 400),
            ] {
                #expect(try await lab.ask(.GET, path).status == status, "\(path)")
            }
        }
    }

    @Test func `a report says from which position and root it is, and is the same for ever`() async throws {
        try await ServerLab.serving { lab in
            let receipt = try await lab.append(ServerLab.event("e1"))
            let position = try #require(receipt.json?["appended"]?.integer)
            let first = try await lab.ask(.GET, "/reports/K22?reached=\(position)")
            let line = try #require(first.lines.first)
            #expect(line["position"]?.integer == position + 1 && line["definition"]?.integer != nil)
            #expect(line["root"]?.string == (try lab.ledger.log.root(atSize: Position(position + 1))).description)
            try await lab.append(ServerLab.event("e2", 2))
            #expect(try await lab.ask(.GET, "/reports/K22?at=\(position + 1)").body == first.body)
            for name in ReportQuestion.names {
                #expect(try await lab.ask(.GET, "/reports/\(name)", as: "AUD").status == 200, "\(name)")
            }
            let all = try await lab.ask(.GET, "/reports", as: nil)
            #expect(all.lines.count == PortFigures.all.count)
            #expect(try await lab.ask(.GET, "/reports/K22", as: "TER").code == "accessDenied")
            #expect(try await lab.ask(.GET, "/reports/K22", as: nil).status == 401)
            #expect(try await lab.ask(.GET, "/reports/K999").status == 404)
            #expect(try await lab.ask(.GET, "/reports/ranking?minimum=2").status == 400)
            #expect(try await lab.ask(.GET, "/reports/K22?month=2026-13").status == 400)
            #expect(try await lab.ask(.GET, "/reports/K22?month=2026-03&from=2026-01-01T00:00:00Z").status == 400)
        }
    }

    @Test func `views say how far they have come, and the kit's own can be asked for`() async throws {
        try await ServerLab.serving({ $0.views = ["timeline", "counts"] }) { lab in
            let receipt = try await lab.append(ServerLab.event("e1", 1, price: ServerLab.canary))
            let position = try #require(receipt.json?["appended"]?.integer)
            let story = try await lab.ask(.GET, "/views/timeline/declaration:1?reached=\(position)", as: "TAX")
            #expect(story.lines.map { $0["position"]?.integer } == [position] && !story.text.contains(ServerLab.canary))
            let sums = try await lab.ask(.GET, "/views/counts?prefix=sanhu.declaration.&reached=\(position)")
            #expect(sums.lines.compactMap { $0["sum"]?.integer } == [1])
            #expect(try await lab.ask(.GET, "/views/counts", as: "TER").status == 403)
            let views = try await lab.ask(.GET, "/views").json?["views"]?.elements ?? []
            #expect(views.compactMap { $0["view"]?.string } == ["counts", "timeline"])
            #expect(views.allSatisfy { $0["position"]?.integer == position + 1 && $0["version"]?.integer == 1 })
            #expect(try await lab.ask(.GET, "/views", as: nil).status == 401)
            #expect(try await lab.ask(.GET, "/boards/risk").code == "unknownView")
        }
    }

    @Test func `the charter is shown to those who see its events, as the ledger shows it`() async throws {
        try await ServerLab.serving { lab in
            let shown = try lab.ledger.charter().json()
            for (agency, sees) in [("CUS", true), ("TAX", true), ("AUD", true), ("TER", false), (nil, false)] {
                let event = try await lab.ask(.GET, "/events?to=1", as: agency).lines.first?["event"]
                #expect((event?["data"]?["agencies"]?.elements.count == 5) == sees, "\(agency ?? "public")")
                let reply = try await lab.ask(.GET, "/charter", as: agency)
                #expect(reply.status == (sees ? 200 : agency == nil ? 401 : 403))
                #expect((reply.body == shown) == sees)
            }
            #expect(try await lab.ask(.GET, "/charter?as-of=2099-01-01T00:00:00Z").body == shown)
            #expect(try await lab.ask(.GET, "/charter?as-of=2001-01-01T00:00:00Z").code == "noCharter")
        }
    }
}
