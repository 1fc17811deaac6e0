import Audit
import Clearance
import EventLog
import Exchange
import JSON
import TestSupport
import Testing
import Views

@Suite("Could see", .fewAtOnce)
struct SightTests {
    private static func query() throws -> Query { Query(tags: [try Tag("declaration:1")]) }

    private static func field(
        _ lab: ReplayLab, of other: Reader, _ moment: Moment = .present, askedBy asker: Reader, at position: Position
    ) async throws -> Sighting.Field? {
        let (_, sightings) = try await lab.replay.sightings(of: other, in: query(), moment, askedBy: asker)
        return sightings.first { $0.position == position }?.fields.first { $0.pointer == "/commercial" }
    }

    @Test
    func `what an agency could see then is told with the rule or grant that opened it, and values to the entitled`()
        async throws
    {
        let lab = try await ReplayLab()
        defer { lab.close() }
        lab.set(minutes: 1)
        let lodged = try await lab.lodge()
        lab.set(minutes: 2)
        let grant = try await lab.grant(until: ReplayLab.time(100))
        lab.set(minutes: 3)
        let treasury = ReplayLab.treasury()
        func told(_ moment: Moment, _ asker: Reader) async throws -> Sighting.Field? {
            try await Self.field(lab, of: treasury, moment, askedBy: asker, at: lodged)
        }
        // Customs owns the field: it is told, with the value.
        #expect(try await told(Moment(position: grant), ReplayLab.customs)?.basis == .nothing)
        let open = try await told(Moment(position: grant + 1), ReplayLab.customs)
        #expect(open?.basis == .opened(.grant(grant)) && open?.isOpen == true)
        #expect(open?.value == .json(Array(#"{"price":"CANARY-1"}"#.utf8)))
        // An auditor is told the mask, and no value.
        let audited = try await told(Moment(position: grant + 1), ReplayLab.auditor)
        #expect(audited?.basis == .opened(.grant(grant)) && audited?.value == .withheld)
        // By a rule, for another reader.
        let commerce = Reader(.authority, agency: "COM", purpose: "statistics")
        let byRule = try await Self.field(lab, of: commerce, askedBy: ReplayLab.auditor, at: lodged)
        #expect(byRule?.basis == .opened(.rule("trade-to-commerce")))
        let aimless = Reader(.authority, agency: "COM")
        let closed = try await Self.field(lab, of: aimless, askedBy: ReplayLab.auditor, at: lodged)
        #expect(closed?.basis == .nothing && closed?.value == nil)
        let abroad = Reader(.authority, agency: "FOR", purpose: "statistics")
        let prohibited = try await Self.field(lab, of: abroad, askedBy: ReplayLab.auditor, at: lodged)
        #expect(prohibited == nil || prohibited?.basis == .prohibited("no-third-country-abroad"))

        // When the grant is over, the treasury could still see it then, and is told so itself, but the value no more.
        lab.set(minutes: 200)
        let then = Moment(position: grant + 1, recorded: ReplayLab.time(3))
        #expect(try await told(then, treasury)?.basis == .opened(.grant(grant)))
        #expect(try await told(then, treasury)?.value == .withheld)
        #expect(try await told(Moment(position: grant + 1, recorded: ReplayLab.time(200)), treasury)?.basis == .nothing)
    }

    @Test func `only auditors, the agency itself and owners of fields are told, and owners of their own fields`()
        async throws
    {
        let lab = try await ReplayLab()
        defer { lab.close() }
        let lodged = try await lab.lodge()
        let other = Reader(.authority, agency: "COM", purpose: "statistics")
        func ask(_ asker: Reader) async throws -> [Sighting] {
            try await lab.replay.sightings(of: other, in: Self.query(), askedBy: asker).sightings
        }
        #expect(try await ask(ReplayLab.auditor).first { $0.position == lodged }?.isSeen == true)
        #expect(try await ask(other).first { $0.position == lodged }?.isSeen == true)
        let owner = try #require(try await ask(ReplayLab.customs).first { $0.position == lodged })
        #expect(owner.isSeen == nil && owner.fields.allSatisfy { $0.owner == "CUS" } && !owner.fields.isEmpty)
        #expect(try await ask(Reader(.authority, agency: "MKT")).isEmpty, "it owns nothing there")
        for stranger in [Reader.public, Reader(.authority, agency: "NOBODY")] {
            let error = await #expect(throws: ReplayError.self) { _ = try await ask(stranger) }
            #expect(error?.code == .denied)
        }
        await #expect(throws: ReplayError.self) {
            _ = try await lab.replay.sightings(
                of: other, in: Self.query(), Moment(occurred: ReplayLab.time(0)), askedBy: ReplayLab.auditor)
        }
    }

    @Test func `of a sealed event an auditor is told whether an agency saw it, and nobody what it is about`()
        async throws
    {
        let lab = try await ReplayLab()
        defer { lab.close() }
        let flag = try await lab.append(
            "risk.flagged", by: "BOR", id: "f-1", #""declaration":"1","reasonClass":"smuggling","action":"physical""#)
        func ask(_ other: Reader, _ asker: Reader, at positions: [Position]) async throws -> [Sighting] {
            try await lab.replay.sightings(
                of: other, in: positions.isEmpty ? Self.query() : .all, at: positions, askedBy: asker
            )
            .sightings
        }
        let risk = Reader(.authority, agency: "MSA", purpose: "risk-analysis")
        let market = Reader(.authority, agency: "MKT")
        let known = try #require(try await ask(risk, ReplayLab.auditor, at: [flag]).first)
        #expect(known.isSeen == true && known.type == nil && known.fields.isEmpty)
        #expect(try await ask(market, ReplayLab.auditor, at: [flag]).first?.isSeen == false)
        #expect(try await ask(risk, ReplayLab.auditor, at: []).isEmpty, "no tag leads to it")
        #expect(try await ask(risk, market, at: [flag]).isEmpty)
    }

    /// The mask of then is what a read then gave: for random readers and positions, each field that is open in the mask was
    /// disclosed by a read at that moment, and no other.
    @Test func `the mask is what reads disclose`() async throws {
        let lab = try await ReplayLab()
        defer { lab.close() }
        lab.set(minutes: 1)
        try await lab.lodge()
        try await lab.append("duty.assessed", by: "CUS", #""declaration":"1","bill":"B-1""#)
        _ = try await lab.grant()
        try await lab.append("declaration.accepted", by: "CUS", #""declaration":"1","version":1"#)
        let readers = [
            ReplayLab.treasury(), ReplayLab.treasury(case: "D-2"), ReplayLab.tax, ReplayLab.customs,
            Reader(.authority, agency: "COM", purpose: "statistics"), Reader(.authority, agency: "FOR"),
            Reader(.authority, agency: "MKT"), ReplayLab.auditor,
        ]
        let head = try lab.ledger.log.head
        let about = try lab.ledger.log.read(Self.query(), ReadRange()).map(\.position)
        for reader in readers {
            let read = try await lab.ledger.read(Self.query(), for: reader)
            let (_, sightings) = try await lab.replay.sightings(
                of: reader, in: Self.query(), askedBy: ReplayLab.auditor)
            let masks = Dictionary(uniqueKeysWithValues: sightings.map { ($0.position, $0) })
            for position in about where position < head {
                guard let mask = masks[position] else { continue }
                let event = read.compactMap { entry -> SeenEntry.Event? in
                    if case .entry(let event) = entry { event } else { nil }
                }.first { $0.position == position }
                #expect(mask.isSeen == (event != nil))
                let withheld = Set(event?.withheld.map(\.pointer) ?? mask.fields.map(\.pointer))
                #expect(Set(mask.fields.filter { !$0.isOpen }.map(\.pointer)) == withheld, "\(position) for \(reader)")
            }
        }
    }
}
