import Clearance
import EventLog
import Exchange
import TestSupport
import Testing
import Views

@Suite("Charges and the inspections that they are for", .fewAtOnce)
struct ChargeTests {
    private static let fees =
        #""fees":[{"code":"LIFT","name":"Lifting","unit":"TEU","maximum":100,"currency":"CNY","service":"lifting"},{"code":"CRANE","name":"Crane","unit":"hour","maximum":500,"currency":"CNY","service":"crane"}]"#

    /// Charges, and tells how many breaches that adds.
    private static func charge(
        _ stand: RuleStand, _ code: String, _ amount: String = "1", _ more: String = ""
    ) async throws -> Int {
        let before = try stand.breaches().count
        let data =
            #""code":"\#(code)","payer":"E1","container":"C1","amount":{"amount":\#(amount),"currency":"CNY"}"# + more
        #expect(try await stand.append("fee.charged", by: "TER", time: "2026-05-01T10:00:00+08:00", data) == nil)
        return try stand.breaches().count - before
    }

    @Test("S81 A container comes back: what was inspected in another call, of other goods, waives nothing")
    func calls() async throws {
        let stand = try await RuleStand()
        defer { stand.close() }
        #expect(
            try await stand.append("policy.published", by: "POO", RuleStand.policy("fee-list", "1", Self.fees)) == nil)
        func inspect(_ declaration: String, _ result: String) async throws {
            let goods = #""declaration":"\#(declaration)","containers":["C1"]"#
            #expect(try await stand.append("inspection.ordered", by: "CUS", goods + #","kind":"physical""#) == nil)
            #expect(
                try await stand.append("inspection.completed", by: "CUS", goods + #","result":"\#(result)""#) == nil)
        }
        func move(_ name: String) async throws {
            #expect(try await stand.append("equipment.moved", by: "CAR", #""container":"C1","move":"\#(name)""#) == nil)
        }
        try await move("discharge")
        try await inspect("1", "finding")
        #expect(try await Self.charge(stand, "CRANE") == 1)
        #expect(try await Self.charge(stand, "LIFT") == 0, "something was found")
        try await move("gate-out")
        // What is ordered before the ship is in is of the call that begins.
        #expect(
            try await stand.append(
                "inspection.ordered", by: "CUS", #""declaration":"2","containers":["C1"],"kind":"nii""#) == nil)
        try await move("discharge")
        #expect(try await Self.charge(stand, "CRANE", "1", #","declaration":"3""#) == 0, "nobody inspects these goods")
        #expect(try await Self.charge(stand, "CRANE", "1", #","declaration":"1""#) == 1, "charged for late")
        #expect(try await Self.charge(stand, "CRANE") == 1)
        try await inspect("2", "no-finding")
        #expect(try await Self.charge(stand, "LIFT") == 1, "the finding was in another call")
        try await move("gate-out")
        try await move("gate-in")
        #expect(try await Self.charge(stand, "CRANE") == 0)
        #expect(try await Self.charge(stand, "LIFT") == 0)
    }

    @Test("S80 A quantity may be a part of a unit, or a text")
    func quantities() async throws {
        let stand = try await RuleStand()
        defer { stand.close() }
        #expect(
            try await stand.append("policy.published", by: "POO", RuleStand.policy("fee-list", "1", Self.fees)) == nil)
        #expect(try await Self.charge(stand, "CRANE", "1250", #","quantity":2.5"#) == 0)
        #expect(try await Self.charge(stand, "CRANE", "1250.0001", #","quantity":2.5"#) == 1)
        #expect(try await Self.charge(stand, "CRANE", "1000", #","quantity":"2""#) == 0)
        #expect(try await Self.charge(stand, "CRANE", "500.01", #","quantity":0.5"#) == 1)
        #expect(try await Self.charge(stand, "CRANE", "500", #","quantity":0"#) == 0)
        #expect(try await Self.charge(stand, "CRANE", "9007199254740991", #","quantity":9007199254740991"#) == 0)
    }
}
