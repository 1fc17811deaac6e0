import Clearance
import EventLog
import Exchange
import JSON
import TestSupport
import Testing
import Views

@Suite("Rules on boarding and on release on arrival", .fewAtOnce)
struct JointRuleTests {
    @Test("S21 S44 Nobody boards alone past others' orders, but by an exclusion, or by the right of an incident")
    func boarding() async throws {
        let stand = try await RuleStand()
        defer { stand.close() }
        func ship(_ name: String) -> String { #""conveyance":"\#(name)""# }
        func order(_ name: String, _ agency: String, _ on: String, _ more: String = "") async throws {
            let data = ship(on) + #","order":"\#(name)","kind":"boarding"\#(more)"#
            #expect(
                try await stand.append("inspection.ordered", by: agency, id: name == "d" ? "order d" : nil, data) == nil
            )
        }
        func board(
            _ agency: String, _ on: String, with others: [String] = [], _ more: String = #","port":"CNNSA""#
        ) async throws -> String? {
            let all = ([agency] + others).map { "\"\($0)\"" }.joined(separator: ",")
            return try await stand.append(
                "inspection.started", by: agency, ship(on) + #","participants":[\#(all)]\#(more)"#)
        }
        try await order("m", "MSA", "S1")
        try await order("c", "CUS", "S1")
        try await order("d", "TRA", "S1")
        #expect(
            try await stand.append(
                "record.corrected", by: "TRA", tags: ["conveyance:S1"], #""event":"order d""#) == nil)
        try await order("b", "BOR", "S1", #","exclusions":["smuggling"]"#)
        #expect(try await board("CUS", "S1")?.contains("Board together with MSA") == true)
        #expect(try await board("CUS", "S1", with: ["MSA"]) == nil)
        #expect(try await board("BOR", "S1", with: [], #","orders":["b"]"#) == nil, "by its exclusion")
        #expect(
            try await board("CUS", "S1", with: [], #","orders":["b"]"#) != nil, "the exclusion is another agency's")
        #expect(try await board("TRA", "S1") != nil, "who has ordered nothing does not board past the others")
        // Rights: of no drill, of nobody but the port office, at its ports, until it is closed or over.
        func incident(_ name: String, by agency: String = "POO", _ stage: String = "declared", _ more: String = "")
            async throws
        {
            let data = #""incident":"\#(name)","stage":"\#(stage)","level":"I""#
            let rights = #","opens":["unilateral-boarding"]"# + more
            #expect(
                try await stand.append("incident.declared", by: agency, data + (stage == "closed" ? "" : rights)) == nil
            )
        }
        try await incident("drill", "declared", #","exercise":true"#)
        try await incident("own", by: "CUS")
        try await incident("elsewhere", "declared", #","ports":["CNSHA"]"#)
        try await incident("over", "declared", #","until":"2020-01-01T00:00:00Z""#)
        try await incident("other ship", "declared", #","scope":"conveyance:S9""#)
        #expect(try await board("CUS", "S1") != nil)
        try await incident("X", "declared", #","ports":["CNNSA"]"#)
        #expect(try await board("CUS", "S1") == nil)
        #expect(try await board("CUS", "S1", with: [], "") != nil, "at which port it does not say")
        try await incident("X", by: "CUS", "closed")
        #expect(try await board("CUS", "S1") == nil, "others do not close it")
        try await incident("X", "closed")
        #expect(try await board("CUS", "S1") != nil)
        // What is done, cancelled, or ordered for another time stands against nobody.
        #expect(
            try await stand.append(
                "inspection.completed", by: "MSA", ship("S1") + #","orders":["m"],"result":"no-finding""#) == nil)
        #expect(try await board("CUS", "S1") == nil)
        try await order("m2", "MSA", "S1", #","from":"2026-03-02T00:00:00Z","to":"2026-03-03T00:00:00Z""#)
        #expect(try await board("CUS", "S1") != nil, "its own order is for any time")
        try await order("c", "CUS", "S1", #","from":"2026-03-03T00:00:00Z","to":"2026-03-04T00:00:00Z""#)
        #expect(try await board("CUS", "S1") == nil)
        try await order("m2", "MSA", "S1", #","from":"2026-03-03T12:00:00Z""#)
        #expect(try await board("CUS", "S1") != nil)
        try await order("m2", "MSA", "S1", #","status":"cancelled""#)
        #expect(try await board("CUS", "S1") == nil)
        // From an infected area: quarantine first.
        try await order("q", "CUS", "S2", #","exclusions":["infected-area"]"#)
        try await order("m3", "MSA", "S2")
        #expect(try await board("MSA", "S2")?.contains("infected area") == true)
        #expect(try await board("CUS", "S2") == nil)
        #expect(
            try await stand.append(
                "inspection.completed", by: "CUS", ship("S2") + #","orders":["q"],"result":"no-finding""#) == nil)
        #expect(try await board("MSA", "S2") == nil)
    }

    @Test("S60 On arrival is released what nothing stands against, by hand as well")
    func arrival() async throws {
        let stand = try await RuleStand()
        defer { stand.close() }
        var number = 0
        func declare(_ more: String = #","conveyance":"S1""#) async throws -> String {
            number += 1
            let name = #""declaration":"\#(number)""#
            let data = name + #","kind":"goods","preLodged":true"# + more
            let tags = ["container:C\(number)", "enterprise:E\(number)"]
            #expect(try await stand.append("declaration.lodged", by: "DEC", tags: tags, data) == nil)
            #expect(try await stand.append("declaration.accepted", by: "CUS", name) == nil)
            return name
        }
        func release(_ name: String, tags: [String]? = nil, by agency: String = "CUS") async throws -> String? {
            let all = tags ?? ["container:C\(number)", "enterprise:E\(number)"]
            let data = name + #","basis":"arrival","conveyance":"S1""#
            return try await stand.append("release.granted", by: agency, tags: all, data)
        }
        func arrive(_ more: String = "") async throws {
            #expect(try await stand.append("conveyance.arrived", by: "MSA", #""conveyance":"S1""# + more) == nil)
        }
        try await arrive()
        let early = try await declare()
        #expect(try await release(early)?.contains("has not arrived") == true, "that was another call")
        try await arrive(#","direction":"departure""#)
        #expect(try await release(early)?.contains("has not arrived") == true)
        try await arrive()
        #expect(try await release(early, tags: ["container:C1"])?.contains("enterprise:E1") == true)
        #expect(try await release(early) == nil)
        #expect(try await release(early)?.contains("released it already") == true)
        // A voyage is known: its arrival counts whenever it was recorded.
        let ship = #","conveyance":"S1","voyage":"7""#
        let voyage = try await declare(ship)
        #expect(try await release(voyage)?.contains("on voyage 7") == true)
        try await arrive(#","voyage":"6""#)
        #expect(try await release(voyage)?.contains("on voyage 7") == true)
        try await arrive(#","voyage":"7""#)
        #expect(try await release(voyage) == nil)
        #expect(try await release(try await declare(ship)) == nil, "the arrival was recorded before")
        // One voyage calls at two ports.
        let second = try await declare(#","conveyance":"S1","voyage":"8","port":"CNSHA""#)
        try await arrive(#","voyage":"8","port":"CNNSA""#)
        #expect(try await release(second)?.contains("on voyage 8") == true, "it arrived elsewhere")
        try await arrive(#","voyage":"8","port":"CNSHA""#)
        #expect(try await release(second) == nil)
        // What stands in the way, and how it goes away.
        func obstacle(
            _ text: String, _ type: String, _ agency: String, _ more: String, about: String? = nil,
            then: (type: String, agency: String, more: String)?
        ) async throws {
            let name = try await declare(ship)
            func data(_ more: String) -> String {
                (about ?? name).replacing("#", with: "\(number)") + more.replacing("#", with: "\(number)")
            }
            #expect(try await stand.append(type, by: agency, id: "\(type) \(number)", data(more)) == nil)
            #expect(try await release(name)?.contains(text) == true, "\(type)")
            guard let then else { return }
            #expect(try await stand.append(then.type, by: then.agency, data(then.more)) == nil)
            #expect(try await release(name) == nil, "\(then)")
        }
        let cleared = #","flag":"risk.flagged #","outcome":"lifted""#
        for about in [nil, #""container":"C#""#, #""enterprise":"E#""#] {
            try await obstacle(
                "risk flag", "risk.flagged", "CUS", #","reasonClass":"a","action":"b""#, about: about,
                then: ("risk.cleared", "CUS", cleared))
        }
        try await obstacle(
            "must complete", "inspection.ordered", "BOR", #","kind":"nii","order":"o#""#,
            then: ("inspection.completed", "BOR", #","orders":["o#"],"result":"no-finding""#))
        try await obstacle("found something", "inspection.completed", "BOR", #","result":"finding""#, then: nil)
        try await obstacle(
            "must lift", "hold.placed", "MSA", #","scope":"all","legalBasis":"Art. 1""#, about: #""container":"C#""#,
            then: ("hold.lifted", "MSA", #","hold":"hold.placed #""#))
        try await obstacle(
            "Pay the bill", "duty.assessed", "CUS", #","bill":"B""#, then: ("duty.paid", "TRE", #","bill":"B""#))
        try await obstacle(
            "has refused", "declaration.examined", "CUS", #","result":"returned""#, then: nil)
        // Guaranteed is not paid: it leaves an obligation, and is drawn on the guarantee.
        let owed = try await declare(ship)
        #expect(try await stand.append("duty.assessed", by: "CUS", owed + #","bill":"B""#) == nil)
        #expect(try await stand.append("guarantee.lodged", by: "TRE", owed + #","bill":"B","guarantee":"G""#) == nil)
        #expect(try await release(owed)?.contains("under a guarantee release by condition") == true)
        #expect(try await stand.append("duty.paid", by: "TRE", owed + #","bill":"B""#) == nil)
        #expect(try await release(owed) == nil)
        // Another agency's release on arrival is its own.
        #expect(try await release(owed, by: "MSA") == nil)
    }
}
