import Clearance
import EventLog
import Exchange
import TestSupport
import Testing
import Views

@Suite("The rules of the port, system by system", .fewAtOnce)
struct PortSystemRuleTests {
    private static let one = #""declaration":"1""#

    @Test("S26 S90, trap 1: Only the agency disposes to which the power list in force gives the matter")
    func competence() async throws {
        let stand = try await RuleStand()
        defer { stand.close() }
        func dispose(_ agency: String, _ item: String, _ matter: String = "waste", _ day: String = "2026-05-01")
            async throws
            -> String?
        {
            try await stand.append(
                "disposition.decided", by: agency, time: day + "T10:00:00+08:00",
                Self.one + #","matter":"\#(matter)","decision":"return","powerItem":"\#(item)""#)
        }
        #expect(try await dispose("CUS", "C1")?.contains("No power list is in force") == true)
        func publish(_ agency: String, _ edition: String, _ items: String, _ from: String = "2026-01-01") async throws {
            let list = RuleStand.policy("power-list", edition, #""powers":[\#(items)]"#, from: from)
            #expect(try await stand.append("policy.published", by: agency, list) == nil)
        }
        // Nobody gives itself a power.
        try await publish(
            "CUS", "own", #"{"code":"C1","agency":"CUS","act":"sanhu.disposition.decided","matter":"waste"}"#)
        #expect(try await dispose("CUS", "C1")?.contains("No power list is in force") == true)
        try await publish(
            "POO", "2026-1",
            #"{"code":"C1","agency":"CUS","act":"sanhu.disposition.decided","matter":"waste"},{"code":"C2","agency":"CUS","act":"sanhu.hold.placed","matter":"waste"}"#
        )
        #expect(try await dispose("CUS", "C1") == nil)
        #expect(try await dispose("MSA", "C1")?.contains("The item C1 is of CUS") == true)
        #expect(try await dispose("CUS", "C2")?.contains("is about sanhu.hold.placed") == true)
        #expect(try await dispose("CUS", "C3")?.contains("have no item C3") == true)
        #expect(try await dispose("CUS", "C1", "weapons")?.contains("about the matter") == true)
        #expect(try await dispose("CUS", "C1", "waste", "2025-12-31")?.contains("No power list") == true)
        // A list that takes the place of another.
        let next =
            #""supersedes":"2026-1","powers":[{"code":"C1","agency":"MSA","act":"sanhu.disposition.decided","matter":"waste"}]"#
        let list = RuleStand.policy("power-list", "2026-2", next, from: "2026-04-01")
        #expect(try await stand.append("policy.published", by: "POO", list) == nil)
        #expect(try await dispose("CUS", "C1")?.contains("is of MSA") == true)
        #expect(try await dispose("CUS", "C1", "waste", "2026-03-31") == nil, "that list is not in force yet")
        // A port's own list counts there and nowhere else, beside the others: their codes may be the same.
        let port =
            #""ports":["CNNSA"],"powers":[{"code":"C1","agency":"CUS","act":"sanhu.disposition.decided","matter":"waste"}]"#
        let own = RuleStand.policy("power-list", "NSA-1", port, from: "2026-04-01")
        #expect(try await stand.append("policy.published", by: "POO", own) == nil)
        func disposeAt(_ port: String, _ agency: String) async throws -> String? {
            try await stand.append(
                "disposition.decided", by: agency, time: "2026-05-01T10:00:00+08:00",
                Self.one + #","matter":"waste","decision":"return","powerItem":"C1","port":"\#(port)""#)
        }
        #expect(try await disposeAt("CNNSA", "CUS") == nil)
        #expect(try await disposeAt("CNNSA", "MSA") == nil)
        #expect(try await disposeAt("CNSHA", "CUS")?.contains("is of MSA") == true)
    }

    @Test("S28 A result is recognised that is another's, good, and not overtaken by a flag; a flag ends recognition")
    func recognition() async throws {
        let stand = try await RuleStand()
        defer { stand.close() }
        func recognise(_ event: String, _ more: String = "") async throws -> String? {
            try await stand.append("result.recognised", by: "CUS", Self.one + #","event":"\#(event)"\#(more)"#)
        }
        try await stand.append("declaration.lodged", by: "DEC", Self.one + #","kind":"goods""#)
        try await stand.append("declaration.accepted", by: "CUS", Self.one)
        #expect(try await recognise("i")?.contains("No result i") == true)
        try await stand.append("inspection.completed", by: "MSA", id: "i", Self.one + #","result":"no-finding""#)
        try await stand.append("inspection.completed", by: "MSA", id: "bad", Self.one + #","result":"finding""#)
        try await stand.append("inspection.completed", by: "CUS", id: "own", Self.one + #","result":"no-finding""#)
        #expect(try await recognise("bad")?.contains("nothing to recognise") == true)
        #expect(try await recognise("own")?.contains("own result") == true)
        #expect(try await recognise("i") == nil)
        #expect(
            try await stand.append("risk.flagged", by: "CUS", id: "f", Self.one + #","reasonClass":"a","action":"b""#)
                == nil)
        #expect(try await recognise("i")?.contains("refuses") == true)
        // The release rule sees the flag, whoever else does not: what was recognised before it counts no more.
        #expect(try await stand.append("release.completed", by: "SW", Self.one) != nil)
        #expect(try await stand.append("risk.cleared", by: "CUS", Self.one + #","flag":"f","outcome":"lifted""#) == nil)
        #expect(
            try await stand.append("release.completed", by: "SW", Self.one) != nil,
            "cleared or not, it is to be looked at")
        #expect(try await recognise("i") == nil)
        #expect(try await stand.append("release.completed", by: "SW", Self.one) == nil)
    }

    @Test("S29 A laboratory's report counts if it was accredited for method and scope on the day of sampling")
    func laboratories() async throws {
        let stand = try await RuleStand()
        defer { stand.close() }
        func report(
            _ day: String, _ method: String = "m1", _ laboratory: String = "L1", by agency: String = "LAB"
        ) async throws -> String? {
            try await stand.append(
                "lab.reported", by: agency,
                Self.one
                    + #","sample":"s1","laboratory":"\#(laboratory)","accreditation":"A1","method":"\#(method)","scope":"pesticides","sampledOn":"\#(day)","result":"pass""#
            )
        }
        #expect(try await report("2026-05-01")?.contains("No list of laboratories") == true)
        let list =
            #""laboratories":[{"institution":"L1","accreditation":"A1","methods":["m1"],"scopes":["pesticides"],"from":"2026-02-01","to":"2026-06-30"}]"#
        #expect(
            try await stand.append("policy.published", by: "CUS", RuleStand.policy("laboratory-list", "1", list)) == nil
        )
        #expect(try await report("2026-05-01") == nil)
        #expect(try await report("2026-07-01")?.contains("was not valid") == true)
        #expect(try await report("2026-01-31")?.contains("was not valid") == true)
        #expect(try await report("2026-05-01", "m2")?.contains("not accredited for this method") == true)
        #expect(try await report("2026-05-01", "m1", "L2")?.contains("is not on the list") == true)
        #expect(try await report("2026-07-01", by: "CUS") == nil, "an agency's own laboratory")
    }

    @Test("S51 A draw is committed to, drawn and revealed as it was")
    func draws() async throws {
        let stand = try await RuleStand()
        defer { stand.close() }
        let seed = Array(UInt8(0)..<32)
        let hex = seed.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        let pool = (0..<10).map { "container:C\($0)" }
        func list(_ names: [String]) -> String { "[" + names.map { "\"\($0)\"" }.joined(separator: ",") + "]" }
        let picks = try Draw(seed: seed, pool: pool).picks(3)
        func stage(_ stage: String, by agency: String = "CUS", _ more: String) async throws -> String? {
            try await stand.append("selection.drawn", by: agency, #""draw":"d1","stage":"\#(stage)","# + more)
        }
        let hash = try Draw.hash(ofPool: pool)
        let drawn = #""poolHash":"\#(hash)","poolSize":10,"picks":\#(list(picks))"#
        let revealed = #""seed":"\#(hex)","pool":\#(list(pool)),"selected":\#(list(picks))"#
        #expect(try await stage("drawn", drawn)?.contains("committed to its seed") == true)
        let commitment = #""commitment":"\#(Draw.commitment(to: seed))","poolRule":"all of 1 May","rate":2500"#
        #expect(try await stage("committed", commitment) == nil)
        #expect(try await stage("committed", commitment)?.contains("committed already") == true)
        #expect(try await stage("revealed", revealed)?.contains("not drawn yet") == true)
        let few = #""poolHash":"\#(hash)","poolSize":10,"picks":\#(list(Array(picks.dropLast())))"#
        #expect(try await stage("drawn", few)?.contains("3 of 10 are picked") == true)
        #expect(try await stage("drawn", by: "MSA", drawn) != nil, "it is a draw of customs")
        #expect(try await stage("drawn", drawn) == nil)
        let other = revealed.replacing(hex, with: String(hex.reversed()))
        #expect(try await stage("revealed", other)?.contains("not that of the commitment") == true)
        let smaller = #""seed":"\#(hex)","pool":\#(list(Array(pool.dropLast())))"#
        #expect(try await stage("revealed", smaller)?.contains("not the one that was drawn from") == true)
        let wrong = #""seed":"\#(hex)","pool":\#(list(pool)),"selected":\#(list(picks.reversed()))"#
        #expect(try await stage("revealed", wrong)?.contains("what was picked") == true)
        #expect(try await stage("revealed", revealed) == nil)
    }

    @Test(
        "S52 The same unit, or the same officer, in two of selection, inspection and disposition is a breach on record")
    func separation() async throws {
        let stand = try await RuleStand()
        defer { stand.close() }
        let list =
            #""powers":[{"code":"C1","agency":"CUS","act":"sanhu.disposition.decided"},{"code":"M1","agency":"MSA","act":"sanhu.disposition.decided"}]"#
        try await stand.append("policy.published", by: "POO", RuleStand.policy("power-list", "1", list))
        func act(_ type: String, _ agency: String, _ unit: String, officer: String? = nil, _ more: String) async throws
        {
            let officers = officer.map { #","officers":[{"id":"\#($0)"}]"# } ?? ""
            let data = Self.one + #","unit":"\#(unit)""# + officers + more
            #expect(try await stand.append(type, by: agency, time: "2026-05-01T10:00:00+08:00", data) == nil)
        }
        let dispose = #","matter":"x","decision":"return","powerItem":"#
        try await act("inspection.ordered", "CUS", "risk", #","kind":"physical""#)
        try await act("inspection.completed", "CUS", "yard", officer: "officer-7", #","result":"finding""#)
        try await act("disposition.decided", "CUS", "law", officer: "officer-8", dispose + #""C1""#)
        #expect(try stand.breaches().isEmpty)
        try await act("disposition.decided", "MSA", "yard", dispose + #""M1""#)
        #expect(try stand.breaches().isEmpty, "another agency's unit of that name is another")
        try await act("disposition.decided", "CUS", "yard", dispose + #""C1""#)
        #expect(try stand.breaches() == ["separation 1"])
        try await act("disposition.decided", "CUS", "court", officer: "officer-7", dispose + #""C1""#)
        #expect(try stand.breaches().count == 2)
    }

    @Test("S61 A guarantee secures up to its limit, and again what was paid")
    func guarantees() async throws {
        let stand = try await RuleStand()
        defer { stand.close() }
        func release(_ declaration: Int, _ amount: String, _ currency: String = "CNY", day: String = "2026-05-01")
            async throws
            -> String?
        {
            try await stand.append(
                "release.granted", by: "CUS", time: day + "T10:00:00+08:00",
                #""declaration":"\#(declaration)","condition":"guarantee","guarantee":"G1","secured":{"amount":\#(amount),"currency":"\#(currency)"}"#
            )
        }
        #expect(try await release(1, "5")?.contains("No guarantee.lodged of G1") == true)
        let lodged =
            #""guarantee":"G1","enterprise":"E1","validFrom":"2026-01-01","validUntil":"2026-12-31","limit":{"amount":100.5,"currency":"CNY"}"#
        #expect(try await stand.append("guarantee.lodged", by: "INS", lodged) == nil)
        #expect(try await release(1, "60.25") == nil)
        // The limit is the treasury's to know: customs is told what is required, not how much is left.
        #expect(try await release(2, "40.2501")?.contains("never more than its limit") == true)
        #expect(try await release(2, "40.2501")?.contains("40.25") == false)
        #expect(try await release(2, "40.25") == nil)
        #expect(try await release(3, "0.0001") != nil)
        #expect(try await release(3, "1", "USD") != nil)
        #expect(try await release(3, "1", day: "2027-01-01") != nil)
        #expect(
            try await stand.append("duty.paid", by: "TRE", #""declaration":"1","guarantee":"G1","bill":"B""#) == nil)
        #expect(try await release(3, "60.25") == nil)
        #expect(
            try await stand.append("release.granted", by: "CUS", #""declaration":"4","condition":"guarantee""#)?
                .contains("names no guarantee") == true)
        #expect(try await stand.append("release.granted", by: "CUS", #""declaration":"4","condition":"none""#) == nil)
    }

    @Test("S64 A container goes on directly while its seal is whole and the same")
    func seals() async throws {
        let stand = try await RuleStand()
        defer { stand.close() }
        func seal(_ act: String, _ number: String, _ more: String = "") async throws {
            let data = #""container":"MSKU1234565","act":"\#(act)","number":"\#(number)"\#(more)"#
            #expect(try await stand.append("seal.recorded", by: "CAR", data) == nil)
        }
        func pass() async throws -> String? {
            try await stand.append(
                "equipment.moved", by: "CAR", #""container":"MSKU1234565","move":"transship","direct":true"#)
        }
        #expect(try await pass()?.contains("No seal of the container is known") == true)
        try await seal("affixed", "S1")
        try await seal("checked", "S1", #","intact":true"#)
        #expect(try await pass() == nil)
        try await seal("checked", "S1", #","intact":false"#)
        #expect(try await pass()?.contains("broken or changed") == true)
        try await seal("affixed", "S2")
        #expect(try await pass()?.contains("broken or changed") == true, "a new seal hides nothing")
        try await seal("removed", "S1")
        #expect(try await pass()?.contains("was removed") == true)
        try await seal("affixed", "S3")
        #expect(try await pass() == nil)
        try await seal("checked", "S4", #","intact":true"#)
        #expect(try await pass()?.contains("broken or changed") == true)
    }

    @Test("S80 S81 A charge that is on no list, above it, by another, or to be waived is on record as a breach")
    func charges() async throws {
        let stand = try await RuleStand()
        defer { stand.close() }
        let fees =
            #""ports":["CNNSA"],"fees":[{"code":"LIFT","name":"Lifting","unit":"TEU","maximum":120.5,"currency":"CNY","chargers":["TER"],"service":"lifting"},{"code":"CRANE","name":"Crane","unit":"TEU","maximum":500,"currency":"CNY","service":"crane"}]"#
        #expect(try await stand.append("policy.published", by: "POO", RuleStand.policy("fee-list", "1", fees)) == nil)
        func charge(_ code: String, _ amount: String, by agency: String = "TER", _ more: String = "") async throws
            -> String?
        {
            let before = try stand.breaches().count
            let data =
                #""code":"\#(code)","payer":"E1","container":"C1","port":"CNNSA","amount":{"amount":\#(amount),"currency":"CNY"}\#(more)"#
            #expect(
                try await stand.append("fee.charged", by: agency, time: "2026-05-01T10:00:00+08:00", data) == nil,
                "it is recorded all the same")
            return try stand.breaches().dropFirst(before).first
        }
        #expect(try await charge("LIFT", "120.5") == nil)
        #expect(try await charge("LIFT", "241", #","quantity":2"#) == nil)
        #expect(try await charge("LIFT", "120.51") == "charges 1")
        #expect(try await charge("LIFT", "1", by: "CAR") == "charges 1")
        #expect(try await charge("EXTRA", "1") == "charges 1")
        #expect(try await charge("CRANE", "1") == nil)
        try await stand.append(
            "inspection.ordered", by: "CUS", #""declaration":"1","containers":["C1"],"kind":"physical""#)
        #expect(try await charge("CRANE", "1") == "charges 1")
        #expect(try await charge("CRANE", "1", #","waived":true"#) == nil)
        #expect(try await charge("LIFT", "1") == nil, "nobody knows yet what is found")
        try await stand.append(
            "inspection.completed", by: "CUS", #""declaration":"1","containers":["C1"],"result":"no-finding""#)
        #expect(try await charge("LIFT", "1") == "charges 1")
        #expect(try await charge("LIFT", "1", #","treasury":true"#) == nil)
    }
}
