import Clearance
import EventLog
import Exchange
import TestSupport
import Testing
import Views

@Suite("Ways round the rules that are none", .fewAtOnce)
struct RuleEvasionTests {
    private static let one = #""declaration":"1""#

    @Test("S51 A draw says of how many it is drawn, tells a small pool, and draws the officers it promised")
    func draws() async throws {
        let stand = try await RuleStand()
        defer { stand.close() }
        let seed = Array(UInt8(0)..<32)
        let hex = seed.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        func list(_ names: [String]) -> String { "[" + names.map { "\"\($0)\"" }.joined(separator: ",") + "]" }
        func ids(_ names: [String]) -> String { "[" + names.map { #"{"id":"\#($0)"}"# }.joined(separator: ",") + "]" }
        func stage(_ draw: String, _ stage: String, _ more: String) async throws -> String? {
            try await stand.append("selection.drawn", by: "CUS", #""draw":"\#(draw)","stage":"\#(stage)","# + more)
        }
        let commitment = #""commitment":"\#(Draw.commitment(to: seed))","poolRule":"all","#
        let pool = (0..<300).map { "container:C\($0)" }
        let hash = try Draw.hash(ofPool: pool)
        // As many as no counter can hold.
        #expect(try await stage("huge", "committed", commitment + #""rate":10000"#) == nil)
        let huge = #""poolHash":"\#(hash)","poolSize":922337203685477,"picks":["container:C1"]"#
        #expect(try await stage("huge", "drawn", huge)?.contains("1 to 100000 objects") == true)
        // A pool of three that nobody is told.
        let three = Array(pool.prefix(3))
        let picks = try Draw(seed: seed, pool: three).picks(1)
        #expect(try await stage("small", "committed", commitment + #""count":1"#) == nil)
        let small = #""poolHash":"\#(try Draw.hash(ofPool: three))","poolSize":3,"#
        #expect(try await stage("small", "drawn", small + #""picks":["container:C0"]"#) == nil)
        let hidden = #""seed":"\#(hex)","poolReference":"archive","# + small.dropLast()
        #expect(try await stage("small", "revealed", hidden)?.contains("Give the pool") == true)
        #expect(picks != ["container:C0"], "it was not by chance")
        // Two officers were promised.
        let eligible = (1...4).map { "531602\($0)" }
        let drawn = try Draw(seed: seed, pool: pool)
        let officers = try drawn.officers(2, of: eligible)
        let wrong = eligible.filter { !officers.contains($0) }
        let size = #""poolHash":"\#(hash)","poolSize":300,"picks":\#(list(drawn.picks(1)))"#
        func more(_ officers: [String]) -> String {
            #","officers":\#(ids(officers)),"officerPool":\#(ids(eligible))"#
        }
        for draw in ["wrong", "right"] {
            #expect(try await stage(draw, "committed", commitment + #""count":1,"officerCount":2"#) == nil)
            #expect(try await stage(draw, "drawn", size)?.contains("officers who were drawn") == true)
            #expect(try await stage(draw, "drawn", size + #","officerCount":1"#)?.contains("2 officers") == true)
            #expect(try await stage(draw, "drawn", size + more(draw == "wrong" ? wrong : officers)) == nil)
        }
        let revealed =
            #""seed":"\#(hex)","poolHash":"\#(hash)","poolReference":"archive","officerPool":\#(ids(eligible))"#
        #expect(try await stage("wrong", "revealed", revealed)?.contains("other officers") == true)
        let another = revealed + #","selected":["container:C1000"]"#
        #expect(try await stage("right", "revealed", another)?.contains("what was picked") == true)
        #expect(try await stage("right", "revealed", revealed) == nil)
    }

    @Test("S61 What is secured for several bills is freed when all are paid")
    func bills() async throws {
        let stand = try await RuleStand()
        defer { stand.close() }
        func release(_ declaration: Int, _ bills: String) async throws -> String? {
            try await stand.append(
                "release.granted", by: "CUS",
                #""declaration":"\#(declaration)","condition":"guarantee","guarantee":"G1","bills":[\#(bills)],"secured":{"amount":100,"currency":"CNY"}"#
            )
        }
        func pay(_ bill: String) async throws {
            let data = Self.one + #","guarantee":"G1","bill":"\#(bill)""#
            #expect(try await stand.append("duty.paid", by: "TRE", data) == nil)
        }
        let lodged = #""guarantee":"G1","enterprise":"E1","limit":{"amount":100,"currency":"CNY"}"#
        #expect(try await stand.append("guarantee.lodged", by: "INS", lodged) == nil)
        #expect(try await release(1, #""T1","T2""#) == nil)
        try await pay("T1")
        #expect(try await release(2, #""T3""#) != nil, "the other bill is not paid")
        try await pay("T2")
        #expect(try await release(2, #""T3""#) == nil)
    }

    @Test("S60 On arrival is released what came by the conveyance that arrived, with all that it names by now")
    func arrival() async throws {
        let stand = try await RuleStand()
        defer { stand.close() }
        let lodged = Self.one + #","kind":"goods","preLodged":true,"conveyance":"A","voyage":"1""#
        #expect(try await stand.append("declaration.lodged", by: "DEC", tags: ["container:C1"], lodged) == nil)
        #expect(try await stand.append("declaration.accepted", by: "CUS", Self.one) == nil)
        func release(_ ship: String, _ tags: [String]) async throws -> String? {
            try await stand.append(
                "release.granted", by: "CUS", tags: tags, Self.one + #","basis":"arrival","conveyance":"\#(ship)""#)
        }
        // Voyages are counted alike.
        #expect(try await stand.append("conveyance.arrived", by: "MSA", #""conveyance":"B","voyage":"1""#) == nil)
        let disguised = try await release("B", ["container:C1", "conveyance:A"])
        #expect(disguised?.contains("comes by A") == true)
        #expect(try await stand.append("conveyance.arrived", by: "MSA", #""conveyance":"A","voyage":"1""#) == nil)
        let amended = Self.one + #","stage":"decided","decision":"granted""#
        #expect(try await stand.append("declaration.amended", by: "CUS", tags: ["container:C2"], amended) == nil)
        #expect(try await release("A", ["container:C1"])?.contains("container:C2") == true)
        let flag = #""container":"C2","reasonClass":"a","action":"b""#
        #expect(try await stand.append("risk.flagged", by: "CUS", id: "f", flag) == nil)
        let both = ["container:C1", "container:C2"]
        #expect(try await release("A", both)?.contains("risk flag") == true)
        let clearing = #""container":"C2","flag":"f","outcome":"lifted""#
        #expect(try await stand.append("risk.cleared", by: "CUS", clearing) == nil)
        #expect(try await release("A", both) == nil)
    }

    @Test("S21 Nobody boards alone in others' time, nor by closing an order that has the number of another's")
    func boarding() async throws {
        let stand = try await RuleStand()
        defer { stand.close() }
        let ship = #""conveyance":"S1""#
        func order(_ agency: String, _ name: String, _ day: String) async throws {
            let window = #","from":"2026-03-\#(day)T08:00:00+08:00","to":"2026-03-\#(day)T10:00:00+08:00""#
            let data = ship + #","kind":"boarding","order":"\#(name)""# + window
            #expect(try await stand.append("inspection.ordered", by: agency, data) == nil)
        }
        func board(_ day: String) async throws -> String? {
            try await stand.append(
                "inspection.started", by: "BOR", time: "2026-03-\(day)T09:00:00+08:00",
                ship + #","participants":["BOR"]"#)
        }
        try await order("BOR", "7", "02")
        try await order("MSA", "7", "03")
        #expect(try await board("02") == nil)
        #expect(try await board("03")?.contains("Board together with MSA") == true)
        let done = ship + #","orders":["7"],"result":"no-finding""#
        #expect(try await stand.append("inspection.completed", by: "BOR", done) == nil)
        #expect(try await board("03")?.contains("Board together with MSA") == true, "MSA's order 7 stands")
        #expect(try await stand.append("inspection.completed", by: "MSA", done) == nil)
        #expect(try await board("03") == nil)
    }

    @Test("S28 What does not say that it is good is not recognised, nor are two results by one recognition")
    func recognition() async throws {
        let stand = try await RuleStand()
        defer { stand.close() }
        func recognise(_ more: String) async throws -> String? {
            try await stand.append("result.recognised", by: "CUS", Self.one + more)
        }
        let form = CaseLab.event(
            "inspection.completed", by: "MSA", id: "form", schema: "inspection.completed+wco",
            "{\(Self.one),\"findings\":[{\"code\":\"X\"}]}")
        _ = try await stand.book.append([form], as: "MSA")
        #expect(try await recognise(#","event":"form""#)?.contains("not said") == true)
        let good = Self.one + #","result":"no-finding""#
        #expect(try await stand.append("inspection.completed", by: "MSA", id: "i", good) == nil)
        let two = #","event":"form","recognised":{"source":"/MSA/1","id":"i"}"#
        #expect(try await recognise(two)?.contains("names two events") == true)
        #expect(try await recognise(#","event":"i","recognised":{"source":"/MSA/1","id":"i"}"#) == nil)
    }

    @Test("S28 One clearing ends one flag, also where an agency has given two of them one id")
    func flags() async throws {
        let stand = try await RuleStand()
        defer { stand.close() }
        let (book, flag) = (stand.book, Self.one + #","reasonClass":"a","action":"b""#)
        let good = Self.one + #","result":"no-finding""#
        #expect(try await stand.append("inspection.completed", by: "MSA", id: "i", good) == nil)
        for source in 1...2 {
            let event = CaseLab.event("risk.flagged", by: "CUS", id: "f", source: source, "{\(flag)}")
            _ = try await book.append([event], as: "CUS")
        }
        let clearing = Self.one + #","flag":"f","outcome":"lifted""#
        #expect(try await stand.append("risk.cleared", by: "CUS", clearing) == nil)
        let recognition = Self.one + #","event":"i""#
        #expect(try await stand.append("result.recognised", by: "CUS", recognition) != nil, "the other flag stands")
        let second = CaseLab.event("risk.cleared", by: "CUS", id: "c2", source: 2, "{\(clearing)}")
        _ = try await book.append([second], as: "CUS")
        #expect(try await stand.append("result.recognised", by: "CUS", recognition) == nil)
    }

    @Test("S20 S28 No release rests on a recognition that has run out")
    func expiry() async throws {
        let stand = try await RuleStand()
        defer { stand.close() }
        #expect(try await stand.append("declaration.lodged", by: "DEC", Self.one + #","kind":"goods""#) == nil)
        #expect(try await stand.append("declaration.accepted", by: "CUS", Self.one) == nil)
        let good = Self.one + #","result":"no-finding""#
        #expect(try await stand.append("inspection.completed", by: "MSA", id: "i", good) == nil)
        let recognition = Self.one + #","event":"i","validUntil":"2026-03-01""#
        #expect(try await stand.append("result.recognised", by: "CUS", recognition) == nil)
        func release(_ time: String) async throws -> String? {
            try await stand.append("release.completed", by: "SW", time: time, Self.one)
        }
        #expect(
            try await release("2026-03-01T16:00:00Z")?.contains("until 2026-03-01") == true, "the day is the port's")
        #expect(try await release("2026-03-01T15:59:59Z") == nil)
        var file = try await stand.lab.whole("1", at: nil)
        file.expire(at: try #require(Timestamp("2026-03-02T00:00:00+08:00")))
        #expect(file.requirements.map(\.state) == [.open])
    }

    @Test("S64 A move that says itself that the seal is broken or another is not direct")
    func seals() async throws {
        let stand = try await RuleStand()
        defer { stand.close() }
        func affix(_ container: String) async throws {
            let data = #""container":"\#(container)","act":"affixed","number":"S1""#
            #expect(try await stand.append("seal.recorded", by: "CAR", data) == nil)
        }
        func move(_ container: String, _ more: String) async throws -> String? {
            try await stand.append("equipment.moved", by: "CAR", #""container":"\#(container)","# + more)
        }
        let direct = #""move":"transship","direct":true"#
        try await affix("C1")
        #expect(try await move("C1", direct + #","sealIntact":false"#)?.contains("The move itself") == true)
        #expect(try await move("C1", direct + #","seal":"S2""#)?.contains("The move itself") == true)
        #expect(try await move("C1", direct + #","seal":"S1","sealIntact":true"#) == nil)
        try await affix("C2")
        #expect(try await move("C2", #""move":"gate-in","sealIntact":false"#) == nil)
        #expect(try await move("C2", direct)?.contains("broken or changed") == true)
    }

    @Test("S98 A number that is written otherwise is not another name")
    func spellings() async throws {
        let stand = try await RuleStand()
        defer { stand.close() }
        func move(_ container: String) async throws -> String? {
            try await stand.append("equipment.moved", by: "CAR", #""container":"\#(container)","move":"gate-in""#)
        }
        for spelling in ["csqu3054383", "CSQU 305438 3", "CSQU305438-3"] {
            #expect(try await move(spelling)?.contains("is CSQU3054383: write it so") == true, "\(spelling)")
        }
        #expect(try await move("CSQU3054383") == nil)
        #expect(try await move("csqu3054384") == nil, "that is no number, but for its form")
        func arrive(_ ship: String) async throws -> String? {
            try await stand.append("conveyance.arrived", by: "MSA", #""conveyance":"\#(ship)""#)
        }
        #expect(try await arrive("imo 9074729")?.contains("is IMO9074729") == true)
        #expect(try await arrive("闽A 12345") == nil)
    }

    @Test("S52 An officer of one agency who inspects in another's event is the one who selected")
    func jointOfficers() async throws {
        let stand = try await RuleStand()
        defer { stand.close() }
        func act(_ type: String, _ agency: String, _ officers: String, _ more: String) async throws {
            let data = Self.one + #","officers":[\#(officers)]"# + more
            #expect(try await stand.append(type, by: agency, data) == nil)
        }
        try await act("inspection.ordered", "BOR", #"{"id":"7"}"#, #","kind":"physical""#)
        try await act("inspection.completed", "CUS", #"{"id":"7"}"#, #","result":"no-finding""#)
        #expect(try stand.breaches().isEmpty, "customs' own officer of that number is another")
        let both = #"{"id":"1","agency":"CUS"},{"id":"7","agency":"BOR"}"#
        try await act("inspection.completed", "CUS", both, #","result":"no-finding""#)
        #expect(try stand.breaches() == ["separation 1"])
    }

    @Test("S29 No sample is of a day to come")
    func samples() async throws {
        let stand = try await RuleStand()
        defer { stand.close() }
        let list =
            #""laboratories":[{"institution":"L1","accreditation":"A1","methods":["m"],"from":"2026-06-01"}]"#
        let policy = RuleStand.policy("laboratory-list", "1", list)
        #expect(try await stand.append("policy.published", by: "CUS", policy) == nil)
        func report(_ time: String) async throws -> String? {
            try await stand.append(
                "lab.reported", by: "LAB", time: time,
                #""sample":"s","laboratory":"L1","accreditation":"A1","method":"m","sampledOn":"2026-06-01","result":"pass""#
            )
        }
        #expect(try await report("2026-05-31T15:59:59Z")?.contains("is not taken yet") == true)
        #expect(try await report("2026-05-31T16:00:00Z") == nil)
    }

    @Test("S02 An order without a number is named by its event; a lift that might mean two holds means none")
    func references() async throws {
        let stand = try await RuleStand()
        defer { stand.close() }
        #expect(
            try await stand.append("inspection.ordered", by: "CUS", id: "o1", Self.one + #","kind":"physical""#) == nil)
        func start(_ order: String) async throws -> String? {
            try await stand.append(
                "inspection.started", by: "CUS", Self.one + #","participants":["CUS"],"orders":["\#(order)"]"#)
        }
        #expect(try await start("o1") == nil)
        #expect(try await start("o2") != nil)
        let hold = Self.one + #","scope":"all","legalBasis":"Art. 1""#
        for source in 2...3 {
            let event = CaseLab.event("hold.placed", by: "MSA", id: "h", source: source, "{\(hold)}")
            _ = try await stand.book.append([event], as: "MSA")
        }
        func lift(_ more: String = "") async throws -> String? {
            try await stand.append("hold.lifted", by: "MSA", Self.one + #","hold":"h""# + more)
        }
        #expect(try await lift()?.contains("name the source") == true)
        #expect(try await lift(#","source":"/MSA/3""#) == nil)
    }
}
