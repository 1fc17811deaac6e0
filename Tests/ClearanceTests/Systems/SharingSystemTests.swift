import Clearance
import EventLog
import Exchange
import JSON
import TestSupport
import Testing
import Views

/// What the port's systems ask of sharing, one test a system, each with a declaration of its own in one ledger.
@Suite("The port's systems: sharing and competence", .serialized, .fewAtOnce)
struct SharingSystemTests {
    private static let stand = Task { try await RuleStand() }
    private static let lodged =
        #","kind":"goods","flow":"import","commercial":{"totalPrice":{"amount":5,"currency":"USD"}}"#

    private static func number(_ number: Int) -> String { #""declaration":"\#(number)""# }

    /// Some time that is not over.
    private static let nextYear = Timestamp(microseconds: Timestamp.now().microseconds + 31_536_000_000_000).description

    /// What a reader is told of the price of a declaration.
    private static func price(
        _ number: Int, for reader: Reader, asOf: Timestamp? = nil
    ) async throws -> FactValue? {
        let lab = try await stand.value.lab
        try await lab.reach()
        let file: DeclarationCase = try await lab.cases.read(
            of: "declaration:\(number)", for: reader, asOf: asOf)
        return file.lodgement?["commercial"]
    }

    private static func isGiven(_ value: FactValue?) -> Bool { value?.value?["totalPrice"] != nil }

    private static let assessor = Reader(
        .authority, agency: "TAX", role: "assessor", purpose: "duty-assessment", caseName: "T-1")

    @Test("S04 A price is given for a purpose and a case, withheld with whom to ask otherwise, and by grant to others")
    func conditions() async throws {
        let stand = try await Self.stand.value
        try await stand.append("declaration.lodged", by: "DEC", Self.number(4) + Self.lodged)
        #expect(Self.isGiven(try await Self.price(4, for: Self.assessor)))
        for reader in [
            Reader(.authority, agency: "TAX"),
            Reader(.authority, agency: "TAX", role: "assessor", purpose: "statistics"),
            Reader(.authority, agency: "MKT", purpose: "duty-assessment"),
        ] {
            guard case .withheld(let reason) = try await Self.price(4, for: reader) else {
                Issue.record("\(reader) was given the price")
                continue
            }
            #expect(reason.owner == "CUS" && reason.compartment == "trade-secret", "it says whom to ask")
        }
        let ask = Reader(.authority, agency: "MKT", purpose: "investigation", caseName: "M-7")
        #expect(!Self.isGiven(try await Self.price(4, for: ask)))
        let ledger = stand.lab.ledger
        let request = try await ledger.append(
            [
                CaseLab.event(
                    "disclosure.requested", by: "MKT", id: "q4",
                    #"{"owner":"CUS","fields":{"types":["sanhu.declaration.lodged"],"pointers":["/commercial"]},"objects":["declaration:4"],"purpose":"investigation","case":"M-7","to":"\#(Self.nextYear)"}"#
                )
            ], as: "MKT")[0].position
        _ = try await ledger.append(
            [
                CaseLab.event(
                    "disclosure.decided", by: "CUS", id: "a4",
                    #"{"request":\#(request),"outcome":"granted","reasons":["Art. 5"]}"#)
            ], as: "CUS")
        #expect(Self.isGiven(try await Self.price(4, for: ask)))
    }

    @Test("S05 Every reading of a price is on record under the rule in force; by an old policy the old answer is given")
    func policies() async throws {
        let stand = try await Self.stand.value
        try await stand.append("declaration.lodged", by: "DEC", Self.number(5) + Self.lodged)
        let ledger = stand.lab.ledger
        let market = Reader(.authority, agency: "MKT", purpose: "clearance", caseName: "M-5")
        #expect(!Self.isGiven(try await Self.price(5, for: market)))
        let before = try ledger.log.entry(at: ledger.log.head - 1).recorded
        try await stand.lab.amend(
            #"{"op":"put","kind":"rule","value":{"id":"price-to-market","effect":"permit","readers":{"agencies":["MKT"]},"fields":{"types":["sanhu.declaration.lodged"],"pointers":["/commercial"]},"purposes":["clearance"]}}"#,
            id: "price-to-market")
        #expect(Self.isGiven(try await Self.price(5, for: market)))
        #expect(!Self.isGiven(try await Self.price(5, for: market, asOf: before)), "by the policy of that time")
        let query = AccessQuery(pointers: ["/commercial"], tags: [CaseLab.tag("declaration:5")], readers: ["MKT"])
        let seen = try await ledger.accesses(query, for: Reader(.authority, agency: "CUS"))
        #expect(seen.count == 1, "one reading gave it, one record says so")
        var writer = JSONWriter()
        try #require(seen.first).record.write(to: &writer)
        let record = String(decoding: writer.bytes, as: UTF8.self)
        #expect(record.contains("price-to-market") && record.contains("M-5"), "\(record)")
    }

    @Test("S33 After the merger one authority orders and inspects: quarantine appends nothing, customs goes on")
    func merged() async throws {
        let stand = try await Self.stand.value
        try await stand.append("declaration.lodged", by: "DEC", Self.number(33) + Self.lodged)
        for (type, data) in [
            ("inspection.ordered", #","kind":"physical""#), ("release.granted", ""),
            ("inspection.completed", #","result":"no-finding""#),
        ] {
            do {
                try await stand.append(type, by: "CIQ", Self.number(33) + data)
                Issue.record("\(type) came in of an agency that is no more")
            } catch let error as ExchangeError {
                #expect([.noPower, .unknownAgency].contains(error.code), "\(error)")
            }
            #expect(try await stand.append(type, by: "CUS", Self.number(33) + data) == nil)
        }
    }

    @Test("S36 A declaration is filed at one office, inspected and released at another; a permit is bound to no port")
    func anyOffice() async throws {
        let stand = try await Self.stand.value
        let office = #","office":"8601","port":"CNNSA","permits":["P36"]"#
        try await stand.append("permit.issued", by: "COM", #""permit":"P36","kind":"import","quantity":5"#)
        #expect(
            try await stand.append("declaration.lodged", by: "DEC", Self.number(36) + Self.lodged + office) == nil)
        #expect(try await stand.append("declaration.accepted", by: "CUS", Self.number(36)) == nil)
        let verified = Self.number(36) + #","permit":"P36","item":1,"result":"match""#
        #expect(try await stand.append("permit.verified", by: "CUS", verified) == nil)
        let used = Self.number(36) + #","permit":"P36","item":1,"quantity":5"#
        #expect(try await stand.append("permit.writtenoff", by: "CUS", used) == nil)
        #expect(try await stand.append("release.granted", by: "CUS", Self.number(36) + #","office":"5316""#) == nil)
        #expect(try await stand.append("release.completed", by: "SW", Self.number(36)) == nil)
        try await stand.lab.reach()
        let file = try await stand.lab.declaration("36")
        #expect(file.status == .released)
        #expect(file.lodgement?.text("office") == "8601", "where it was filed")
        #expect(file.steps.first { $0.type == "release.granted" }?.text("office") == "5316", "where it was released")
    }

    @Test("S41 Intelligence is shared with those named for it, its source with nobody; a flag derives from it")
    func intelligence() async throws {
        let stand = try await Self.stand.value
        let ledger = stand.lab.ledger
        let told =
            #""intelligence":"I-41","kind":"smuggling","grading":"B2","content":"Behind the pallets","container":"C41","recipients":["BOR"]"#
        try await stand.append("intelligence.shared", by: "CUS", id: "shared-41", tags: ["agency:BOR"], told)
        try await stand.append(
            "intelligence.sourced", by: "CUS", id: "sourced-41", #""intelligence":"I-41","source":"A driver""#)
        let flag =
            #","container":"C41","reasonClass":"intelligence","action":"inspect","cause":"shared-41""#
        #expect(try await stand.append("risk.flagged", by: "CUS", Self.number(41) + flag) == nil)
        func read(_ type: String, _ reader: Reader) async throws -> Int {
            try await ledger.read(Query(types: ["sanhu." + type]), for: reader).filter { $0.event != nil }.count
        }
        for reader in [
            Reader(.authority, agency: "TAX", purpose: "statistics"), Reader(.participant, agency: "TER"), .public,
        ] {
            #expect(try await read("intelligence.shared", reader) == 0)
            #expect(try await read("risk.flagged", reader) == 0)
        }
        #expect(try await read("intelligence.shared", CaseLab.customs) == 1)
        // Whom it names knows that there is some, of what and how good; what it says is for a case, by grant.
        let border = Reader(.authority, agency: "BOR", purpose: "risk-analysis")
        #expect(try await read("intelligence.shared", Reader(.authority, agency: "MSA", purpose: "risk-analysis")) == 0)
        let shared = try await ledger.read(Query(types: ["sanhu.intelligence.shared"]), for: border)
        let seen = try #require(shared.lazy.compactMap(\.event).first)
        let data = try JSONDocument(parsing: seen.event).root["data"]
        #expect(data?["container"]?.string == "C41" && data?["content"] == nil)
        #expect(seen.withheld.map(\.pointer) == ["/person", "/content"], "there may be a person or not")
        #expect(
            try await read("risk.flagged", Reader(.authority, agency: "ASB", purpose: "risk-analysis", caseName: "A-1"))
                >= 1)
        for agency in ["POL", "SW", "AUD", "TAX"] {
            #expect(
                try await read("intelligence.sourced", Reader(.authority, agency: agency)) == 0,
                "the source for \(agency)")
        }
    }

    @Test("S48 What is handed over goes to the agency named, by the competent one, and is acknowledged")
    func handOver() async throws {
        let stand = try await Self.stand.value
        try await stand.append(
            "policy.published", by: "POO",
            RuleStand.policy(
                "power-list", "48",
                #""powers":[{"code":"H1","agency":"CUS","act":"sanhu.disposition.decided","matter":"smuggling"}]"#))
        let decided = Self.number(48) + #","matter":"smuggling","decision":"hand-over","to":"ASB","powerItem":"H1""#
        #expect(try await stand.append("disposition.decided", by: "CUS", id: "h48", decided) == nil)
        #expect(
            try await stand.append("disposition.decided", by: "MSA", id: "h48", decided)?.contains("competence") == true
        )
        let received = Self.number(48) + #","stage":"received","event":{"source":"/CUS/1","id":"h48"}"#
        #expect(try await stand.append("notice.acknowledged", by: "ASB", received) == nil)
    }

    @Test("S62, trap 4: What was released before its test stays bound until the result; one that failed keeps it so")
    func testPending() async throws {
        let stand = try await Self.stand.value
        try await stand.append("declaration.lodged", by: "DEC", Self.number(62) + Self.lodged)
        try await stand.append("declaration.accepted", by: "CUS", Self.number(62))
        try await stand.append("release.granted", by: "CUS", Self.number(62) + #","condition":"test-pending""#)
        #expect(try await stand.append("release.completed", by: "SW", Self.number(62)) == nil, "the goods may go")
        func tests() async throws -> [Obligation.State] {
            try await stand.lab.reach()
            return try await stand.lab.declaration("62").obligations.filter { $0.kind == .test }.map(\.state)
        }
        #expect(try await tests() == [.open])
        try await stand.append(
            "lab.reported", by: "CUS",
            Self.number(62) + #","sample":"s62","laboratory":"CUS","result":"fail","sampledOn":"2026-05-01""#)
        #expect(try await tests() == [.open], "a test that failed ends nothing")
        try await stand.append("inspection.completed", by: "CUS", Self.number(62) + #","result":"no-finding""#)
        #expect(try await tests() == [.done])
    }
}
