import Clearance
import EventLog
import Exchange
import TestSupport
import Testing
import Views

@Suite("What is taken back, and by whom it is gone on with", .fewAtOnce)
struct CorrectionTests {
    private static let money = #""currency":"CNY"}"#

    private static func release(_ stand: RuleStand, _ declaration: Int, _ amount: Int) async throws -> String? {
        try await stand.append(
            "release.granted", by: "CUS", id: "r\(declaration)",
            #""declaration":"\#(declaration)","condition":"guarantee","guarantee":"G1","bills":["T\#(declaration)"],"secured":{"amount":\#(amount),"#
                + money)
    }

    private static func correct(
        _ stand: RuleStand, _ event: String, by agency: String, _ tags: String...
    ) async throws -> String? {
        try await stand.append("record.corrected", by: agency, tags: tags, #""event":"\#(event)""#)
    }

    @Test("S61 A release that is corrected secures nothing, and after a corrected payment it is secured again")
    func guarantee() async throws {
        let stand = try await RuleStand()
        defer { stand.close() }
        let limit = #""guarantee":"G1","enterprise":"E1","limit":{"amount":100,"# + Self.money
        #expect(try await stand.append("guarantee.lodged", by: "INS", id: "g", limit) == nil)
        #expect(try await Self.release(stand, 1, 100) == nil)
        #expect(try await Self.release(stand, 2, 1) != nil)
        #expect(try await Self.correct(stand, "r1", by: "CUS", "declaration:1", "guarantee:G1") == nil)
        #expect(try await Self.release(stand, 2, 100) == nil)
        let paid = #""declaration":"2","guarantee":"G1","bill":"T2""#
        #expect(try await stand.append("duty.paid", by: "TRE", id: "p", paid) == nil)
        #expect(try await Self.correct(stand, "p", by: "TRE", "declaration:2", "guarantee:G1") == nil)
        #expect(try await Self.release(stand, 3, 1) != nil, "the payment was none")
        #expect(try await stand.append("duty.paid", by: "TRE", id: "q", paid) == nil)
        #expect(try await Self.correct(stand, "g", by: "INS", "enterprise:E1", "guarantee:G1") == nil)
        let refusal = try await Self.release(stand, 3, 1)
        #expect(refusal?.contains("guarantee-limit") == true, "\(refusal ?? "")")
    }

    @Test("S61 A guarantee that is lodged for declarations is for no others, until it is lodged in general")
    func bound() async throws {
        let stand = try await RuleStand()
        defer { stand.close() }
        let limit = #""guarantee":"G1","declaration":"2","limit":{"amount":100,"# + Self.money
        #expect(try await stand.append("guarantee.lodged", by: "INS", limit) == nil)
        let refusal = try await Self.release(stand, 1, 1)
        #expect(refusal?.contains("lodged for declarations is for no others") == true, "\(refusal ?? "")")
        #expect(try await Self.release(stand, 2, 1) == nil)
        #expect(
            try await stand.append(
                "guarantee.lodged", by: "INS", limit.replacing(#""declaration":"2""#, with: #""declaration":"3""#))
                == nil)
        #expect(try await Self.release(stand, 3, 1) == nil)
        #expect(try await Self.release(stand, 1, 1) != nil)
        let general = limit.replacing(#""declaration":"2","#, with: "")
        #expect(try await stand.append("guarantee.lodged", by: "INS", general) == nil)
        #expect(try await Self.release(stand, 1, 1) == nil)
    }

    @Test("A correction is about all that the corrected event is about: else it is not seen by who looks at that")
    func tags() async throws {
        let stand = try await RuleStand()
        defer { stand.close() }
        let limit = #""guarantee":"G1","enterprise":"E1","limit":{"amount":100,"# + Self.money
        #expect(try await stand.append("guarantee.lodged", by: "INS", limit) == nil)
        #expect(try await Self.release(stand, 1, 100) == nil)
        let refusal = try #require(try await Self.correct(stand, "r1", by: "CUS", "declaration:1"))
        #expect(refusal.contains("Tag it as what it corrects: guarantee:G1"))
        // What is sealed as a whole has tags that nobody compares.
        let flag = #""declaration":"1","container":"C1","reasonClass":"a","action":"b""#
        #expect(try await stand.append("risk.flagged", by: "CUS", id: "f", flag) == nil)
        #expect(try await Self.correct(stand, "f", by: "CUS", "declaration:1") == nil)
    }

    @Test("S26 A power list that was published by mistake is taken back by who published it")
    func policy() async throws {
        let stand = try await RuleStand()
        defer { stand.close() }
        let powers = #""powers":[{"code":"P1","agency":"CUS","act":"disposition.decided"}]"#
        func dispose() async throws -> String? {
            try await stand.append(
                "disposition.decided", by: "CUS",
                #""declaration":"1","matter":"m","powerItem":"P1","decision":"pass""#)
        }
        let list = RuleStand.policy("power-list", "1", powers)
        #expect(try await stand.append("policy.published", by: "POO", id: "l", list) == nil)
        #expect(try await dispose() == nil)
        #expect(try await Self.correct(stand, "l", by: "POO", "policy:power-list") == nil)
        #expect(try await dispose()?.contains("No power list is in force") == true)
    }

    @Test("S29 An agency goes on with the lists of one that has become it: who is struck off is accredited no more")
    func lists() async throws {
        let stand = try await RuleStand()
        defer { stand.close() }
        let known =
            #"{"institution":"L1","accreditation":"A1","methods":["M"],"scopes":["x"],"from":"2026-01-01","to":"2027-01-01"}"#
        func report() async throws -> String? {
            try await stand.append(
                "lab.reported", by: "LAB",
                #""sample":"S1","declaration":"1","laboratory":"L1","accreditation":"A1","method":"M","scope":"x","sampledOn":"2026-03-01","result":"pass""#
            )
        }
        let first = RuleStand.policy("laboratory-list", "1", #""laboratories":[\#(known)]"#)
        #expect(try await stand.append("policy.published", by: "MKT", first) == nil)
        #expect(try await report() == nil)
        let second = RuleStand.policy("laboratory-list", "2", #""laboratories":[],"supersedes":"1""#)
        #expect(try await stand.append("policy.published", by: "CUS", id: "before", second) == nil)
        #expect(try await report() == nil, "it was another agency's list")
        try await stand.lab.amend(
            #"{"op":"end","kind":"agency","value":{"code":"MKT","into":"CUS"}}"#, id: "merger")
        let third = RuleStand.policy("laboratory-list", "3", #""laboratories":[],"supersedes":"1""#)
        #expect(try await stand.append("policy.published", by: "CUS", id: "after", third) == nil)
        #expect(try await report()?.contains("is not on the list") == true)
    }

    @Test("S80 Who has become a charger of the list charges as that one did")
    func chargers() async throws {
        let stand = try await RuleStand()
        defer { stand.close() }
        let fees =
            #""fees":[{"code":"LIFT","name":"Lifting","unit":"TEU","maximum":100,"currency":"CNY","service":"lifting","chargers":["CAA"]}]"#
        #expect(try await stand.append("policy.published", by: "POO", RuleStand.policy("fee-list", "1", fees)) == nil)
        func charge() async throws -> Int {
            let before = try stand.breaches().count
            let fee = #""code":"LIFT","payer":"E1","amount":{"amount":1,"# + Self.money
            #expect(try await stand.append("fee.charged", by: "TER", fee) == nil)
            return try stand.breaches().count - before
        }
        #expect(try await charge() == 1)
        try await stand.lab.amend(
            #"{"op":"end","kind":"agency","value":{"code":"CAA","into":"TER"}}"#, id: "merger")
        #expect(try await charge() == 0)
    }

    @Test("S21 To name a declaration beside the conveyance makes a boarding no inspection of goods")
    func boarding() async throws {
        let stand = try await RuleStand()
        defer { stand.close() }
        func order(_ agency: String, _ name: String, _ object: String) async throws {
            let data = object + #","kind":"physical","order":"\#(name)""#
            #expect(try await stand.append("inspection.ordered", by: agency, data) == nil)
        }
        func board(_ more: String) async throws -> String? {
            try await stand.append(
                "inspection.started", by: "BOR", #""conveyance":"S1","declaration":"1","participants":["BOR"]"# + more)
        }
        try await order("BOR", "ship", #""conveyance":"S1""#)
        try await order("MSA", "theirs", #""conveyance":"S1""#)
        try await order("BOR", "goods", #""declaration":"1""#)
        #expect(try await board("")?.contains("Board together with MSA") == true)
        #expect(try await board(#","orders":["ship","goods"]"#)?.contains("Board together with MSA") == true)
        #expect(try await board(#","orders":["goods"]"#) == nil)
    }
}
