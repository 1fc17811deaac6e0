import Clearance
import EventLog
import Exchange
import JSON
import TestSupport
import Testing
import Views

@Suite("Balances, ratings and incidents on boards", .fewAtOnce)
struct BoardBalanceTests {
    private static func texts(_ value: JSONValue?) -> [String] { value?.elements.compactMap(\.string) ?? [] }

    @Test(
        "S61 What is left of a guarantee is what the rule lets be released, and bills are overdue by the day asked for (担保余额)"
    )
    func guarantee() async throws {
        let stand = try await BoardStand()
        defer { stand.close() }
        let book = try stand.lab.book()
        try await stand.append(
            "guarantee.lodged", by: "INS", tags: [],
            #""guarantee":"G1","enterprise":"E1","validFrom":"2020-01-01","limit":{"amount":1000,"currency":"CNY"}"#)
        func release(_ number: String, _ amount: String) async throws -> Bool {
            let data =
                #"{"declaration":"\#(number)","condition":"guarantee","guarantee":"G1","bills":["B\#(number)"],"secured":{"amount":\#(amount),"currency":"CNY"}}"#
            do throws(ExchangeError) {
                _ = try await book.append(
                    [CaseLab.event("release.granted", by: "CUS", id: "r-\(number)-\(amount)", data)], as: "CUS")
            } catch {
                #expect(error.code == .ruleBroken && error.reason.contains("guarantee-limit"), "\(error)")
                return false
            }
            try await stand.reach()
            return true
        }
        for (number, due) in [("1", "2026-03-10"), ("2", "2026-03-16")] {
            try await stand.append(
                "duty.assessed", by: "CUS",
                #""declaration":"\#(number)","bill":"B\#(number)","dueDate":"\#(due)","amounts":{"total":"CANARY"}"#)
        }
        #expect(try await release("1", "250.5"))
        #expect(try await release("2", "400"))
        let knows = Reader(.authority, agency: "CUS", purpose: "clearance")
        func row(on day: String? = nil, _ reader: Reader = knows) async throws -> JSONValue {
            try await stand.row(GuaranteeBoard.self, "guarantee:G1", BoardQuestion(reader, on: day))
        }
        let two = try await row(on: "2026-03-16")
        #expect(String(decoding: two["left"]?["amount"]?.text ?? [], as: UTF8.self) == "349.5")
        #expect(String(decoding: two["secured"]?["amount"]?.text ?? [], as: UTF8.self) == "650.5")
        #expect(two["overdue"]?.integer == 1)
        #expect(two["releases"]?.elements.map { $0["duties"]?.elements.first?["isOverdue"]?.bool } == [true, false])
        #expect(try await row(on: "2026-03-17")["overdue"]?.integer == 2)
        #expect(!String(decoding: two.text, as: UTF8.self).contains("CANARY"))
        // The board and the rule are of one mind: what is left may be released, and a hundredth more not.
        #expect(try await !release("3", "349.51"))
        try await stand.append("duty.paid", by: "TRE", #""declaration":"1","bill":"B1","guarantee":"G1""#)
        let paid = try await row(on: "2026-03-17")
        #expect(paid["left"]?["amount"]?.integer == 600 && Self.texts(paid["freedReleases"]) == ["1"])
        #expect(paid["overdue"]?.integer == 1)
        #expect(try await release("3", "600"))
        #expect(try await row()["left"]?["amount"]?.integer == 0)
        try await stand.append("guarantee.claimed", by: "CUS", #""guarantee":"G1","declaration":"2","bills":["B2"]"#)
        #expect(try await row()["claims"]?.elements.count == 1)
        // Who may not know the limit is told no balance, and whom to ask.
        let blind = try await row(Reader(.authority, agency: "MSA"))
        #expect(
            blind["left"] == nil && blind["secured"] == nil && blind["withheld"]?["limit"]?["owner"]?.string == "TRE")
        #expect(try await stand.list(GuaranteeBoard.self, of: "enterprise:E1") == ["guarantee:G1"])
        #expect(try await stand.list(GuaranteeBoard.self, of: "enterprise:E2").isEmpty)
    }

    @Test("S17 S18 S50 A credit file stands as known then and as valid on a day; issuers who disagree stand out (企业信用)")
    func credit() async throws {
        let stand = try await BoardStand()
        defer { stand.close() }
        func rate(_ agency: String, _ rating: String, _ from: String, _ until: String?) async throws -> Position {
            try await stand.append(
                "credit.rated", by: agency,
                #""enterprise":"E1","scheme":"AEO","rating":"\#(rating)","from":"\#(from)","inputs":{"x":"CANARY"}"#
                    + (until.map { #","until":"\#($0)""# } ?? ""))
        }
        _ = try await rate("CUS", "general", "2025-01-01", nil)
        let second = try await rate("CUS", "advanced", "2026-01-01", "2026-12-31")
        _ = try await rate("MKT", "general", "2025-06-01", nil)
        try await stand.append(
            "violation.recorded", by: "CUS", #""party":"E1","published":true,"kind":"CANARY","person":{"id":"P-1"}"#)
        try await stand.append("violation.recorded", by: "CUS", #""party":"E2","published":false"#)
        let plain = Reader(.authority, agency: "MSA")
        func ratings(on day: String, at position: Position? = nil) async throws -> [String] {
            let row = try await stand.row(
                CreditBoard.self, "enterprise:E1", BoardQuestion(plain, at: position, on: day))
            return row["ratings"]?.elements.map { "\($0["agency"]?.string ?? "") \($0["rating"]?.string ?? "")" } ?? []
        }
        #expect(try await ratings(on: "2026-05-01") == ["CUS advanced", "MKT general"])
        #expect(try await ratings(on: "2025-12-31") == ["CUS general", "MKT general"])
        #expect(try await ratings(on: "2025-03-01") == ["CUS general"])
        #expect(try await ratings(on: "2027-01-01") == ["MKT general"])
        // As it was known before.
        #expect(try await ratings(on: "2026-05-01", at: second) == ["CUS general"])
        let row = try await stand.row(CreditBoard.self, "enterprise:E1", BoardQuestion(plain, on: "2026-05-01"))
        #expect(Self.texts(row["divergent"]) == ["AEO"] && row["published"]?.integer == 1)
        #expect(row["violations"]?.elements.first?["withheld"]?["kind"]?["owner"]?.string == "CUS")
        #expect(!String(decoding: row.text, as: UTF8.self).contains("CANARY"))
        #expect(try await stand.list(CreditBoard.self, of: "violations") == ["enterprise:E1", "enterprise:E2"])
        #expect(try await stand.list(CreditBoard.self, of: "published") == ["enterprise:E1"])

        // What is published everyone sees, and nothing else of the file.
        try await stand.append(
            "violation.recorded", by: "CUS", schema: "violation.recorded+published",
            #""party":"E2","published":true,"kind":"smuggling","severity":8,"penalty":{"fine":20000,"currency":"CNY"}"#)
        let everyone = BoardQuestion(.public, on: "2026-05-01")
        #expect(try await stand.list(CreditBoard.self, of: "published", everyone) == ["enterprise:E2"])
        let open = try await stand.row(CreditBoard.self, "enterprise:E2", everyone)
        #expect(open["violations"]?.elements.map { $0["kind"]?.string } == ["smuggling"])
        #expect(open["published"]?.integer == 1 && open["ratings"]?.elements.isEmpty ?? false)
        #expect(try await stand.list(CreditBoard.self, of: "violations", everyone) == ["enterprise:E2"])

        try await stand.append(
            "credit.rated", by: "BOR", schema: "credit.rated+person",
            #""person":"E123","scheme":"crosser","rating":"trusted""#)
        let border = try await stand.row(
            CreditBoard.self, "person:E123", BoardQuestion(Reader(.authority, agency: "BOR")))
        #expect(border["ratings"]?.elements.first?["rating"]?.string == "trusted")
        let other = try await stand.row(CreditBoard.self, "person:E123", BoardQuestion(plain))
        #expect(other["ratings"]?.elements.isEmpty ?? false)
    }

    @Test("S44 An incident shows its level, who has acknowledged, and how long it took until all had (应急)")
    func incident() async throws {
        let stand = try await BoardStand()
        defer { stand.close() }
        let name = #""incident":"X1""#
        try await stand.append(
            "incident.declared", by: "POO",
            name
                + #","stage":"declared","level":"III","ports":["CNNSA"],"exercise":true,"opens":["unilateral-boarding"],"participants":["CUS","BOR"],"details":"CANARY""#
        )
        try await stand.append("notice.acknowledged", by: "CUS", name + #","stage":"received""#)
        // A stranger cannot close it.
        try await stand.append("incident.declared", by: "MSA", name + #","stage":"closed","level":"IV""#)
        let open = try await stand.row(IncidentBoard.self, "incident:X1")
        #expect(open["state"]?.string == "open" && open["level"]?.string == "III")
        #expect(Self.texts(open["outstanding"]) == ["BOR"] && open["secondsToAll"] == nil)
        #expect(open["withheld"]?["details"]?["owner"]?.string == "POO")
        try await stand.append("notice.acknowledged", by: "BOR", name + #","stage":"received""#)
        try await stand.append("incident.declared", by: "POO", name + #","stage":"changed","level":"II""#)
        let all = try await stand.row(IncidentBoard.self, "incident:X1")
        #expect(all["level"]?.string == "II" && Self.texts(all["opens"]) == ["unilateral-boarding"])
        #expect(Self.texts(all["outstanding"]).isEmpty && all["secondsToAll"] != nil)
        try await stand.append("incident.declared", by: "POO", name + #","stage":"closed","level":"II""#)
        let closed = try await stand.row(IncidentBoard.self, "incident:X1")
        #expect(closed["state"]?.string == "closed" && Self.texts(closed["opens"]).isEmpty)
        #expect(try await stand.list(IncidentBoard.self, of: "CNNSA") == ["incident:X1"])
        #expect(try await stand.list(IncidentBoard.self, of: "CNSHA").isEmpty)
    }
}
