import EventLog
import Exchange
import Foundation
import Interchange
import TestSupport
import Testing

/// The imported corpora in a ledger with the port's charter, with rules and grants beyond it so that not all is denied, and
/// beside it the naive port that knows the same.
///
/// `SANHU_CORPORA=full` takes all of the Korean declarations; without it every fortieth row is a sample of them.
final class CorpusWorld {
    static let isFull = ProcessInfo.processInfo.environment["SANHU_CORPORA"] == "full"
    static let isPresent = SharedFolder.has("corpus/kcs/declarations.csv") && SharedFolder.has("corpus/hmrc")

    let lab: PortLab
    let naive: NaivePort
    /// Times at which something changed, for reading as of then.
    private(set) var moments: [Timestamp] = []
    /// The tags by which enterprises are named.
    private(set) var enterprises: [EventLog.Tag] = []
    /// The tags of ``naming()``.
    let persons = ["person:LI-1980", "person:WANG-1970", "passport:E1"].compactMap { try? EventLog.Tag($0) }

    init() async throws {
        lab = try await PortLab()
        naive = try NaivePort()
    }

    static func batches() -> [ImportBatch] {
        let root = SharedFolder.url.appendingPathComponent("corpus").path
        return Array(WCOImporter(paths: [root + "/hmrc"]).batches())
            + Array(KCSImporter(paths: [root + "/kcs/declarations.csv"]).batches())
    }

    /// The events, those of an agency that follow one another together.
    static func runs(_ batches: [ImportBatch]) -> [[PlainEvent]] {
        var runs: [[PlainEvent]] = []
        for batch in batches {
            // Rows are independent of each other, so what an agency says of them goes together.
            let rows = zip(batch.drafts, batch.origins).filter { draft, origin in
                isFull || origin.line.map { $0 % 40 == 0 } ?? true
            }.map(\.0)
            if batch.origins.first?.line == nil {
                for draft in rows {
                    if runs.last?.last?.agency == draft.agency, runs.last?.count ?? 0 < 500 {
                        runs[runs.count - 1].append(PlainEvent(draft))
                    } else {
                        runs.append([PlainEvent(draft)])
                    }
                }
            } else {
                for agency in ["DEC", "CUS"] {
                    runs.append(rows.filter { $0.agency == agency }.map(PlainEvent.init))
                }
            }
        }
        return runs.filter { !$0.isEmpty }
    }

    /// Puts the corpora in.
    func fill() async throws {
        for run in Self.runs(Self.batches()) { try await append(run) }
        var named: Set<EventLog.Tag> = []
        for event in lab.plain.values { named.formUnion(event.tags.filter { $0.kind == "enterprise" }) }
        enterprises = named.sorted()
    }

    func append(_ events: [PlainEvent]) async throws {
        let receipts = try await lab.append(events)
        for (receipt, event) in zip(receipts, events) {
            guard case .appended(let position) = receipt else {
                Issue.record("\(receipt) for \(String(decoding: event.bytes.prefix(200), as: UTF8.self))")
                continue
            }
            try naive.take(event, at: position)
        }
    }

    /// Events that name persons, which the corpora have none of.
    func naming() -> [PlainEvent] {
        (0..<30).map { number in
            let event = PlainEvent(
                "release.completed", agency: "SW", id: "named-\(number)", data: #"{"declaration":"n-\#(number)"}"#)
            return PlainEvent(agency: event.agency, tags: [persons[number % persons.count]], event.bytes)
        }
    }

    /// Tells the naive port what the charter says.
    func settle() throws {
        for event in lab.charterEvents { try naive.take(charter: event.data, recorded: event.recorded) }
    }

    private func recorded(_ position: Position) throws -> Timestamp {
        let time = try lab.ledger.log.entry(at: position).recorded
        moments.append(time)
        return time
    }

    // Chance.

    static let agencies = [
        "CUS", "CIQ", "BOR", "TRA", "MSA", "TAX", "TRE", "COM", "MKT", "ASB", "POO", "SW", "TER", "CAR", "DEC", "LAB",
        "FOR", "AUD",
    ]
    static let purposes = [
        "clearance", "duty-assessment", "duty-collection", "refund", "risk-analysis", "joint-inspection",
        "investigation", "assistance", "statistics", "audit",
    ]
    static let cases = ["A-1", "T-7"]
    static let roles = ["assessor", "inspector", "border-officer", "investigator", "cashier", "auditor"]
    private static let compartments = ["trade-secret", "personal", "tax-secret", "investigation", "method", "security"]

    private static func some<Element>(_ all: [Element], _ dice: inout Dice) -> [Element] {
        dice.oneIn(2) ? [] : (0...dice.below(2)).map { _ in dice.pick(all) }
    }

    private static func names(_ member: String, _ all: [String], _ dice: inout Dice) -> String? {
        let chosen = Set(some(all, &dice))
        return chosen.isEmpty ? nil : "\"\(member)\":[\(chosen.sorted().map { "\"\($0)\"" }.joined(separator: ","))]"
    }

    private func selector(_ dice: inout Dice, forGrant: Bool) -> String {
        let schema = dice.pick(PortSchemas.all.filter { !$0.governs })
        let pointers = ((try? schema.marks()) ?? []).map(\.pointer).filter { !$0.isEmpty }
        let types = PortSchemas.all.map(\.type)
        let classes = forGrant ? ["conditional", "restricted"] : ["public", "shared", "conditional", "restricted"]
        var parts = [
            Self.names("types", dice.oneIn(2) ? types : [schema.type, "sanhu.declaration.lodged"], &dice),
            Self.names("compartments", Self.compartments, &dice), Self.names("classes", classes, &dice),
            pointers.isEmpty || dice.oneIn(2) ? nil : Self.names("pointers", pointers, &dice),
        ].compactMap { $0 }
        if !forGrant, let owners = Self.names("owners", ["CUS", "ASB", "BOR"], &dice) { parts.append(owners) }
        if parts.isEmpty { parts = [#""compartments":["trade-secret"]"#] }
        return "{\(parts.joined(separator: ","))}"
    }

    /// Adds sharing rules by an amendment.
    func addRules(_ count: Int, _ dice: inout Dice) async throws {
        let rules = (0..<count).map { number in
            let readers = [
                Self.names("kinds", ["authority", "participant", "party", "auditor", "public"], &dice),
                dice.oneIn(2) ? Self.names("agencies", Self.agencies, &dice) : nil,
                dice.oneIn(4) ? Self.names("roles", Self.roles, &dice) : nil,
            ].compactMap { $0 }
            let purposes = Self.names("purposes", Self.purposes, &dice).map { "," + $0 } ?? ""
            let effect = dice.oneIn(4) ? "prohibit" : "permit"
            let needsCase = dice.oneIn(4) && effect == "permit" ? #","needsCase":true"# : ""
            return CharterLab.put(
                "rule",
                #"{"id":"chance-\#(dice.seed)-\#(number)-\#(moments.count)","effect":"\#(effect)","readers":{\#(readers.joined(separator: ","))},"fields":\#(selector(&dice, forGrant: false))\#(purposes)\#(needsCase)}"#
            )
        }
        try await lab.amend(rules, id: "rules-\(moments.count)")
        moments.append(lab.charterEvents.last?.recorded ?? .now())
    }

    /// Lets agencies ask for fields of some objects, and their owners grant that; some grants are revoked.
    func addGrants(_ count: Int, _ dice: inout Dice) async throws {
        let objects = lab.plain.values.flatMap { $0.tags.filter { ["declaration", "enterprise"].contains($0.kind) } }
            .sorted()
        for number in 0..<count {
            let agency = dice.pick(["TAX", "BOR", "MSA", "ASB", "COM", "MKT", "TRA"])
            let owner = dice.oneIn(8) && agency != "ASB" ? "ASB" : "CUS"
            let fields = selector(&dice, forGrant: true)
            let roles = dice.oneIn(4) ? #""roles":["\#(dice.pick(Self.roles))"],"# : ""
            let chosen = Set((0..<200).map { _ in dice.pick(objects).text }).sorted()
            let named = chosen.map { "\"\($0)\"" }.joined(separator: ",")
            let (purpose, caseName) = (dice.pick(Self.purposes), dice.pick(Self.cases))
            let id = "\(dice.seed)-\(moments.count)-\(number)"
            let request = PlainEvent(
                "disclosure.requested", agency: agency, id: "request-" + id,
                data:
                    #"{"owner":"\#(owner)","fields":\#(fields),\#(roles)"objects":[\#(named)],"purpose":"\#(purpose)","case":"\#(caseName)","to":"2099-01-01T00:00:00Z"}"#
            )
            do {
                try await append([request])
            } catch let error as ExchangeError where error.code == .notOwner {
                // By chance, fields of which it owns none.
                continue
            }
            let asked = try #require(naive.entries.last?.position)
            try await append([
                PlainEvent(
                    "disclosure.decided", agency: owner, id: "decision-" + id,
                    data: #"{"request":\#(asked),"outcome":"granted","reasons":["chance"]}"#)
            ])
            let position = try #require(naive.entries.last?.position)
            let data = try NaivePort.object(request.bytes)["data"] as? NaivePort.Object ?? [:]
            naive.take(
                Grant(
                    position: position, owner: owner, agency: agency, roles: data["roles"] as? [String] ?? [],
                    fields: NaivePort.selector(data["fields"] as? NaivePort.Object ?? [:]),
                    objects: try chosen.map { try EventLog.Tag($0) }, purpose: purpose, caseName: caseName,
                    validity: Validity(from: try recorded(position), to: Timestamp("2099-01-01T00:00:00Z"))))
            guard dice.oneIn(5) else { continue }
            try await append([
                PlainEvent(
                    "disclosure.revoked", agency: owner, id: "revocation-" + id,
                    data: #"{"grant":\#(position),"reasons":["chance"]}"#)
            ])
            let revoked = try #require(naive.entries.last?.position)
            naive.revoke(position, at: try recorded(revoked))
        }
    }

    /// A reader of any kind, with or without a purpose and a case, now or as of an earlier time.
    func reader(_ dice: inout Dice) -> (claim: Reader, asOf: Timestamp?) {
        let agency: String? =
            dice.oneIn(10) ? nil : dice.oneIn(12) ? dice.pick(["XXX", "GHOST", ""]) : dice.pick(Self.agencies)
        let purpose: String? = dice.oneIn(5) ? nil : dice.oneIn(15) ? "curiosity" : dice.pick(Self.purposes)
        let claim = Reader(
            agency == nil ? dice.pick([.party, .public]) : .authority, agency: agency,
            role: dice.oneIn(3) ? dice.pick(Self.roles) : nil,
            identities: (dice.oneIn(3) ? [] : (0..<dice.below(40)).map { _ in dice.pick(enterprises) })
                + (dice.oneIn(3) ? [dice.pick(persons)] : []),
            purpose: purpose, caseName: dice.oneIn(2) ? nil : dice.pick(Self.cases))
        return (claim, dice.oneIn(3) ? dice.pick(moments) : nil)
    }
}
