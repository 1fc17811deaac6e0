import Clearance
import EventLog
import Exchange
import JSON
import TestSupport
import Testing
import Views

@Suite("Boards of the port", .fewAtOnce)
struct BoardStoryTests {
    private static func texts(_ value: JSONValue?) -> [String] { value?.elements.compactMap(\.string) ?? [] }

    @Test(
        "S01 A declarant has every agency's outcome in one list, what is asked of it, and nobody else's receipts (回执)")
    func receipts() async throws {
        let stand = try await BoardStand()
        defer { stand.close() }
        let number = #""declaration":"1""#
        for (name, agency) in [("1", "DEC"), ("2", "POST")] {
            try await stand.append(
                "declaration.lodged", by: agency, tags: ["enterprise:E1"], #""declaration":"\#(name)","kind":"goods""#)
        }
        let asked = try await stand.append(
            "document.requested", by: "CUS", id: "ask", number + #","kinds":["invoice"],"until":"2026-03-03""#)
        try await stand.append("duty.assessed", by: "CUS", number + #","bill":"B1","dueDate":"2026-03-16""#)
        func notice(_ id: String, _ type: String, _ outcome: String, acknowledge: Bool = false) -> String {
            number
                + #","notice":"N-\#(id)","event":{"source":"/CUS/1","id":"\#(id)"},"type":"sanhu.\#(type)","agency":"CUS","#
                + #""outcome":"\#(outcome)","recipients":["DEC"],"decidedAt":"2026-03-02T08:00:00+08:00","acknowledge":\#(acknowledge)"#
        }
        try await stand.append("notice.issued", by: "SW", notice("ask", "document.requested", "documents-requested"))
        let own = BoardQuestion(BoardStand.declarant)
        // Who was told sees the notice; who was not, no entry of the decision.
        let first = try await stand.row(ReceiptBoard.self, "declaration:1", own)
        #expect(first["receipts"]?.elements.map { $0["type"]?.string } == ["document.requested"])
        #expect(first["receipts"]?.elements.first?["position"] == nil)
        #expect(first["receipts"]?.elements.first?["decided"]?.string == "2026-03-02T00:00:00.000000Z")
        #expect(first["asked"]?.elements.map { $0["what"]?.string } == ["documents"])
        let customs = try await stand.row(ReceiptBoard.self, "declaration:1")
        #expect(customs["receipts"]?.elements.map { $0["type"]?.string } == ["document.requested", "duty.assessed"])
        #expect(customs["receipts"]?.elements.first?["position"]?.integer == Int64(asked))
        #expect(customs["receipts"]?.elements.first?["lagSeconds"] != nil)
        #expect(customs["untold"]?.integer == 1)
        #expect(customs["asked"]?.elements.map { $0["what"]?.string } == ["documents", "duty"])
        #expect(customs["asked"]?.elements.first?["until"]?.string == "2026-03-03")

        try await stand.append("document.supplied", by: "DEC", number + #","request":{"source":"/CUS/1","id":"ask"}"#)
        try await stand.append("release.granted", by: "CUS", id: "free", number + #","condition":"none""#)
        try await stand.append("notice.issued", by: "SW", notice("free", "release.granted", "none", acknowledge: true))
        let second = try await stand.row(ReceiptBoard.self, "declaration:1", own)
        #expect(
            second["latest"]?["type"]?.string == "release.granted" && second["latest"]?["outcome"]?.string == "none")
        #expect(second["agencies"]?["CUS"]?.string == "release.granted none")
        #expect(second["asked"]?.elements.map { $0["what"]?.string } == ["acknowledgement"])
        try await stand.append("notice.acknowledged", by: "DEC", number + #","notice":"N-free","stage":"received""#)
        try await stand.append("duty.paid", by: "TRE", number + #","bill":"B1""#)
        #expect(try await stand.row(ReceiptBoard.self, "declaration:1", own)["asked"]?.elements.isEmpty ?? false)
        #expect(try await stand.row(ReceiptBoard.self, "declaration:1")["asked"]?.elements.isEmpty ?? false)
        // Who knows by notices alone that it is released and closed reads so.
        func status(_ question: BoardQuestion) async throws -> String? {
            try await stand.row(ReceiptBoard.self, "declaration:1", question)["status"]?.string
        }
        #expect(try await status(own) == "lodged")
        for (id, type, outcome, status) in [
            ("no", "declaration.rejected", "request-rejected", "lodged"),
            ("bad", "declaration.rejected", "rejected", "rejected"),
            ("yes", "declaration.accepted", "accepted", "accepted"),
            ("go", "release.completed", "released", "released"), ("end", "clearance.closed", "closed", "cleared"),
        ] {
            try await stand.append("notice.issued", by: "SW", notice(id, type, outcome))
            #expect(try await stand.row(ReceiptBoard.self, "declaration:1", own)["status"]?.string == status)
        }
        // As it was.
        let before = try await stand.row(
            ReceiptBoard.self, "declaration:1", BoardQuestion(CaseLab.customs, at: asked + 1))
        #expect(before["receipts"]?.elements.count == 1 && before["untold"]?.integer == 1)

        #expect(try await stand.list(ReceiptBoard.self, of: "DEC", own) == ["declaration:1"])
        #expect(try await stand.list(ReceiptBoard.self, of: "POST", own).isEmpty)
        #expect(try await stand.row(ReceiptBoard.self, "declaration:2", own)["receipts"]?.elements.isEmpty ?? false)
        let all = try await stand.list(ReceiptBoard.self, of: "enterprise:E1", limit: 1)
        #expect(all == ["declaration:1", "declaration:2"])
        #expect(try await stand.list(ReceiptBoard.self, of: "DEC", BoardQuestion(.public)).isEmpty)
    }

    @Test(
        "S20 S22 S26 Orders of two agencies stand in one joint inspection; a finding without a disposition stands out (联合查验)"
    )
    func inspections() async throws {
        let stand = try await BoardStand()
        defer { stand.close() }
        let object = #""declaration":"1","port":"CNNSA""#
        func order(_ name: String, _ agency: String) async throws {
            try await stand.append(
                "inspection.ordered", by: agency, tags: ["container:C1"],
                object + #","order":"\#(name)","kind":"physical","containers":["C1"],"reason":"CANARY""#)
        }
        try await order("O-1", "CUS")
        try await order("O-2", "MSA")
        let open = try await stand.row(InspectionBoard.self, "declaration:1")
        #expect(open["orders"]?.elements.map { $0["isCarriedOut"]?.bool } == [false, false])
        let joint = object + #","inspection":"I-1","participants":["CUS","MSA"],"orders":["O-1","O-2"]"#
        try await stand.append("inspection.notified", by: "SW", joint + #","place":"yard 1","convenor":"CUS""#)
        try await stand.append("inspection.started", by: "CUS", joint + #","opened":["C1"]"#)
        let found =
            #","result":"finding","findingIds":["F-1","F-2"],"opened":["C1"],"findings":[{"id":"F-1","text":"CANARY"}]"#
        try await stand.append("inspection.completed", by: "CUS", joint + found)
        let closed = try await stand.row(
            InspectionBoard.self, "declaration:1", BoardQuestion(Reader(.authority, agency: "TAX")))
        let inspection = try #require(closed["inspections"]?.elements.first)
        #expect(closed["inspections"]?.elements.count == 1 && inspection["isJoint"]?.bool ?? false)
        #expect(closed["orders"]?.elements.map { $0["inspection"]?.string } == ["I-1", "I-1"])
        #expect(closed["openings"]?["C1"]?.integer == 1 && closed["outstanding"]?.integer == 2)
        #expect(inspection["completed"]?.elements.first?["withheld"]?["findings"] != nil)
        #expect(!String(decoding: closed.text, as: UTF8.self).contains("CANARY"))
        func dispose(_ finding: String, _ agency: String, _ decision: String) async throws {
            try await stand.append(
                "disposition.decided", by: agency,
                #""declaration":"1","inspection":"I-1","finding":"\#(finding)","matter":"smuggling","decision":"#
                    + decision)
        }
        try await dispose("F-1", "CUS", #""hand-over","to":"ASB""#)
        try await dispose("F-2", "CUS", #""pass""#)
        func outstanding() async throws -> [String?] {
            let row = try await stand.row(InspectionBoard.self, "declaration:1")
            return row["inspections"]?.elements.first?["findings"]?.elements.map { $0["outstanding"]?.string } ?? []
        }
        #expect(try await outstanding() == ["ASB", nil])
        try await dispose("F-1", "ASB", #""penalise""#)
        #expect(try await outstanding() == [nil, nil])

        let ship =
            #""conveyance":"IMO9074729","inspection":"I-2","participants":["MSA","BOR"],"result":"no-finding","port":"CNSHA""#
        try await stand.append(
            "inspection.completed", by: "MSA", schema: "inspection.completed+conveyance", ship + #","voyage":"026E""#)
        let boarded = try await stand.row(InspectionBoard.self, "conveyance:IMO9074729")
        #expect(boarded["boardings"]?.integer == 1 && boarded["outstanding"]?.integer == 0)
        #expect(try await stand.list(InspectionBoard.self, of: "CNNSA") == ["declaration:1"])
        let today = BoardTime(.now()).day
        #expect(try await stand.list(InspectionBoard.self, of: "CNSHA", on: today) == ["conveyance:IMO9074729"])
        #expect(try await stand.list(InspectionBoard.self, on: "2020-01-01").isEmpty)
        #expect(try await stand.list(InspectionBoard.self, limit: 1) == ["conveyance:IMO9074729", "declaration:1"])
    }

    @Test("S20 An order is carried out once an inspection for it began; what has no id is of the notice of its orders")
    func carriedOut() async throws {
        let stand = try await BoardStand()
        defer { stand.close() }
        let object = #""declaration":"1","port":"CNNSA""#
        func order(_ name: String, _ agency: String, _ more: String = "") async throws {
            try await stand.append(
                "inspection.ordered", by: agency,
                object + #","order":"\#(name)","kind":"physical","containers":["C1"]"# + more)
        }
        func carriedOut() async throws -> [Bool?] {
            let row = try await stand.row(InspectionBoard.self, "declaration:1")
            return row["orders"]?.elements.map { $0["isCarriedOut"]?.bool } ?? []
        }
        // Two agencies count their orders alike.
        try await order("O-1", "CUS")
        try await order("O-1", "MSA")
        try await stand.append(
            "inspection.notified", by: "SW",
            object + #","inspection":"I-1","participants":["CUS"],"orders":["O-1"],"place":"yard""#)
        #expect(try await carriedOut() == [false, false], "it was notified")
        let orders = object + #","participants":["CUS"],"orders":["O-1"]"#
        try await stand.append("inspection.started", by: "CUS", orders + #","opened":["C1"]"#)
        #expect(try await carriedOut() == [true, false])
        try await stand.append("inspection.completed", by: "CUS", orders + #","result":"no-finding","opened":["C1"]"#)
        let row = try await stand.row(InspectionBoard.self, "declaration:1")
        #expect(row["inspections"]?.elements.map { $0["inspection"]?.string } == ["I-1"])
        #expect(row["openings"]?["C1"]?.integer == 1)
        // What names no orders is for those of its agency that were given before.
        try await stand.append("inspection.completed", by: "MSA", object + #","result":"no-finding""#)
        try await order("O-2", "MSA")
        #expect(try await carriedOut() == [true, true, false])
        // An order is changed, and taken back.
        try await order("O-2", "MSA", #","status":"cancelled""#)
        let after = try await stand.row(InspectionBoard.self, "declaration:1")
        #expect(after["orders"]?.elements.map { $0["isCancelled"]?.bool } == [nil, nil, true])
    }

    @Test("S40 A request to act is answered once each who is asked has acknowledged more than its receipt")
    func acting() async throws {
        let stand = try await BoardStand()
        defer { stand.close() }
        let asked = try await stand.append(
            "assistance.requested", by: "POO", id: "act-1", schema: "assistance.requested+action",
            #""kind":"emergency","asked":["CUS","MSA"],"case":"K-1","deadline":"2099-01-01T00:00:00Z","subject":"x""#)
        func acknowledge(_ agency: String, _ stage: String) async throws -> JSONValue {
            try await stand.append(
                "notice.acknowledged", by: agency,
                #""event":{"source":"/POO/1","id":"act-1"},"stage":"\#(stage)","party":"\#(agency)""#)
            return try await stand.row(AssistanceBoard.self, "assistance:\(asked)")
        }
        let read = try await acknowledge("CUS", "received")
        #expect(read["state"]?.string == "open" && Self.texts(read["outstanding"]) == ["CUS", "MSA"])
        let half = try await acknowledge("CUS", "taken-over")
        #expect(half["state"]?.string == "open" && Self.texts(half["outstanding"]) == ["MSA"])
        #expect(try await acknowledge("TAX", "taken-over")["acknowledged"]?.elements.count == 1)
        #expect(half["isInTime"] == nil)
        let whole = try await acknowledge("MSA", "done")
        #expect(whole["state"]?.string == "answered" && whole["isInTime"]?.bool ?? false)
    }

    @Test("S40 An inbox shows who asks what until when, and what is overdue at the time that is asked for (执法互助)")
    func inbox() async throws {
        let stand = try await BoardStand()
        defer { stand.close() }
        let asked = try await stand.append(
            "assistance.requested", by: "POO", schema: "assistance.requested+action",
            #""kind":"complaint","asked":["CUS","MSA"],"case":"K-12","deadline":"2099-01-01T00:00:00Z","subject":"CANARY""#
        )
        try await stand.append("declaration.lodged", by: "DEC", #""declaration":"1","kind":"goods""#)
        let scope = DisclosureScope(
            owner: "CUS", fields: FieldSelector(owners: ["CUS"], compartments: ["trade-secret"]),
            objects: [CaseLab.tag("declaration:1")], purpose: "investigation", caseName: "A-17",
            to: Timestamp(microseconds: Timestamp.now().microseconds + 86_400_000_000))
        let deadline = Timestamp(microseconds: Timestamp.now().microseconds + 3_600_000_000)
        let request = AssistanceRequest(.smuggling, scope, deadline: deadline)
        let second = try await stand.lab.ledger.append(.assistanceRequested(request), as: "ASB").position
        try await stand.reach()

        #expect(
            try await stand.list(AssistanceBoard.self, of: "in CUS") == ["assistance:\(asked)", "assistance:\(second)"])
        #expect(try await stand.list(AssistanceBoard.self, of: "out ASB") == ["assistance:\(second)"])
        #expect(try await stand.list(AssistanceBoard.self, of: "in MSA") == ["assistance:\(asked)"])
        func row(asOf time: Timestamp? = nil, _ reader: Reader = CaseLab.customs) async throws -> JSONValue {
            try await stand.row(AssistanceBoard.self, "assistance:\(second)", BoardQuestion(reader, asOf: time))
        }
        let open = try await row()
        #expect(open["state"]?.string == "open" && open["agency"]?.string == "ASB" && open["case"]?.string == "A-17")
        #expect(open["discloses"]?["objects"]?.elements.map(\.string) == ["declaration:1"])
        let later = Timestamp(microseconds: deadline.microseconds + 1)
        #expect(try await row(asOf: later)["state"]?.string == "overdue")
        let between = Timestamp.now()
        _ = try await stand.lab.ledger.append(.assistanceAnswered(AssistanceAnswer(to: second, .provided)), as: "CUS")
        try await stand.reach()
        #expect(try await row()["state"]?.string == "answered")
        #expect(try await row()["isInTime"]?.bool ?? false)
        // As it stood then, and nothing of it is stored.
        #expect(try await row(asOf: between)["state"]?.string == "open")
        #expect(try await row(asOf: later)["state"]?.string == "answered")
        let other = try await stand.row(
            AssistanceBoard.self, "assistance:\(asked)", BoardQuestion(Reader(.authority, agency: "TAX")))
        #expect(other["withheld"]?["subject"] != nil && other["discloses"] == nil)
    }

    @Test(
        "S41 S42 Flags of two agencies stand in one row, each reader sees those it may, and one order is enough (风险布控)")
    func risk() async throws {
        let stand = try await BoardStand()
        defer { stand.close() }
        let object = #""container":"C1","reasonClass":"smuggling","action":"physical""#
        try await stand.append("risk.flagged", by: "CUS", id: "f-1", object + #","person":"E1","rule":"CANARY""#)
        try await stand.append("risk.flagged", by: "BOR", id: "f-1", object + #","expires":"2099-01-01T00:00:00Z""#)
        try await stand.append(
            "risk.flagged", by: "BOR", id: "f-2", #""container":"C2","reasonClass":"x","action":"nii""#)
        let elsewhere = try await stand.append(
            "risk.flagged", by: "CUS", id: "f-9", #""container":"C9","reasonClass":"x","action":"nii""#)
        try await stand.append(
            "inspection.ordered", by: "CUS", tags: ["container:C1"],
            #""order":"O-1","kind":"physical","containers":["C1"],"cause":"f-1""#)
        try await stand.append(
            "intelligence.shared", by: "ASB", tags: ["agency:BOR"],
            #""container":"C1","intelligence":"I-1","kind":"smuggling","grading":"B2","content":"CANARY","recipients":["BOR"]"#
        )
        let customs = try await stand.row(RiskBoard.self, "container:C1")
        #expect(Self.texts(customs["agencies"]) == ["BOR", "CUS"])
        #expect(customs["orders"]?.elements.count == 1 && customs["isOrderedTwice"]?.bool == false)
        #expect(customs["intelligence"]?.elements.isEmpty ?? false)
        #expect(try await stand.list(RiskBoard.self) == ["container:C1", "container:C2", "container:C9", "person:E1"])
        #expect(try await stand.list(RiskBoard.self, limit: 1).count == 4)
        let border = Reader(.authority, agency: "BOR", purpose: "risk-analysis")
        let theirs = try await stand.row(RiskBoard.self, "container:C1", BoardQuestion(border))
        #expect(theirs["flags"]?.elements.map { $0["agency"]?.string } == ["CUS", "BOR"])
        #expect(theirs["flags"]?.elements.first?["withheld"]?["rule"] != nil)
        // Who is named by it knows of the intelligence, and not what it says.
        #expect(theirs["intelligence"]?.elements.map { $0["grading"]?.string } == ["B2"])
        #expect(theirs["intelligence"]?.elements.first?["withheld"]?["content"] != nil)
        // Of other objects nothing is opened for a row.
        func readings(by agency: String) async throws -> Int {
            let query = AccessQuery(
                types: ["sanhu.risk.flagged"], positions: [elsewhere...elsewhere], readers: [agency])
            return try await stand.lab.ledger.accesses(query, for: CaseLab.customs).count
        }
        #expect(try await readings(by: "BOR") == 0)
        let another = try await stand.row(RiskBoard.self, "container:C9", BoardQuestion(border))
        #expect(another["flags"]?.elements.count == 1)
        #expect(try await readings(by: "BOR") > 0)
        let tax = BoardQuestion(Reader(.authority, agency: "TAX", purpose: "risk-analysis"))
        #expect(try await stand.list(RiskBoard.self, tax).isEmpty)
        let smuggling = try await stand.row(
            RiskBoard.self, "container:C1", BoardQuestion(Reader(.authority, agency: "ASB")))
        #expect(smuggling["intelligence"]?.elements.count == 1 && smuggling["flags"]?.elements.isEmpty ?? false)

        // Two agencies order it: one too many, unless one notice names both.
        try await stand.append(
            "inspection.ordered", by: "BOR", tags: ["container:C1"],
            #""order":"O-2","kind":"physical","containers":["C1"],"cause":"f-1""#)
        func isTwice() async throws -> Bool? {
            try await stand.row(RiskBoard.self, "container:C1")["isOrderedTwice"]?.bool
        }
        #expect(try await isTwice() == true)
        try await stand.append(
            "inspection.notified", by: "SW", tags: ["container:C1"],
            #""declaration":"1","inspection":"I-1","participants":["CUS","BOR"],"orders":["O-1","O-2"],"place":"yard""#)
        #expect(try await isTwice() == false)
        try await stand.append(
            "risk.cleared", by: "CUS", #""container":"C1","flag":"f-1","outcome":"hit","detail":"CANARY""#)
        let cleared = try await stand.row(RiskBoard.self, "container:C1")
        #expect(cleared["flags"]?.elements.map { $0["state"]?.string } == ["hit", "standing"])
        #expect(Self.texts(cleared["agencies"]) == ["BOR"])
        let far = try #require(Timestamp("2100-01-01T00:00:00Z"))
        let expired = try await stand.row(RiskBoard.self, "container:C1", BoardQuestion(CaseLab.customs, asOf: far))
        #expect(expired["flags"]?.elements.map { $0["state"]?.string } == ["hit", "expired"])
    }
}
