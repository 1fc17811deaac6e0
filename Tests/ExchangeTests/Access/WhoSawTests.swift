import EventLog
import Exchange
import JSON
import TestSupport
import Testing

@Suite("Who saw which fields", .fewAtOnce)
struct WhoSawTests {
    private static let owner = Reader(.authority, agency: "CUS")
    private static let auditor = Reader(.auditor, agency: "AUD")
    private static let tax = Reader(.authority, agency: "TAX", purpose: "duty", caseName: "T-7")
    private static let probe = Reader(.authority, agency: "BOR", purpose: "probe", caseName: "B-1")

    private static func positions(_ accesses: [Access]) -> [Position] {
        accesses.flatMap { access -> [Position] in
            guard case .fields(_, let ranges) = access.record.extent else { return [] }
            return ranges.flatMap(Array.init)
        }
    }

    @Test("The owner is told who saw its field in which case, under which rule and at which positions")
    func owner() async throws {
        let lab = try await LedgerLab.withProbe()
        let position = try await lab.declare("220020260000000001")
        _ = try await lab.seen(by: Self.tax, from: 2)
        let found = try await lab.ledger.accesses(
            AccessQuery(pointers: ["/commercial"], caseName: "T-7"), for: Self.owner)
        let access = try #require(found.first)
        #expect(found.count == 1 && access.position == 0)
        #expect(access.record.reader == .init(.authority, agency: "TAX") && access.record.purpose == "duty")
        #expect(access.record.basis == .disclosed(.rule("price")) && access.record.owner == "CUS")
        #expect(Self.positions(found) == [position])
        #expect(try await lab.ledger.accesses(AccessQuery(caseName: "T-8"), for: Self.owner).isEmpty)
        #expect(try await lab.ledger.accesses(AccessQuery(caseName: "T-7"), for: Self.owner).count == 1)
        let byTag = AccessQuery(tags: [try Tag("declaration:220020260000000001")])
        #expect(Self.positions(try await lab.ledger.accesses(byTag, for: Self.owner)) == [position])
        #expect(try await lab.ledger.accesses(AccessQuery(pointers: ["/buyer"]), for: Self.owner).isEmpty)
        #expect(try await lab.ledger.accesses(AccessQuery(positions: [0...1, 9...99]), for: Self.owner).isEmpty)
    }

    @Test("Who looks is told by the time it was recorded, and the latest are told if there are many")
    func times() async throws {
        let lab = try await LedgerLab.withProbe()
        _ = try await lab.declare("220020260000000001")
        for _ in 0..<5 { _ = try await lab.seen(by: Self.tax, from: 2) }
        let all = try await lab.ledger.accesses(for: Self.owner)
        #expect(all.compactMap(\.position) == [0, 1, 2, 3, 4])
        let since = AccessQuery(since: all[3].recorded)
        #expect(try await lab.ledger.accesses(since, for: Self.owner).compactMap(\.position) == [3, 4])
        let until = AccessQuery(until: all[3].recorded)
        #expect(try await lab.ledger.accesses(until, for: Self.owner).compactMap(\.position) == [0, 1, 2])
        let last = AccessQuery(limit: 2)
        #expect(try await lab.ledger.accesses(last, for: Self.owner).compactMap(\.position) == [3, 4])
        let future = AccessQuery(since: Timestamp(microseconds: 9_000_000_000_000_000))
        #expect(try await lab.ledger.accesses(future, for: Self.owner).isEmpty)
        for limit in [0, -1, 10_001] {
            let fault = try await exchangeFault {
                _ = try await lab.ledger.accesses(AccessQuery(limit: limit), for: Self.owner)
            }
            #expect(fault?.code == .limitExceeded)
        }
    }

    @Test("Reading makes exactly one record, however much is read; and to read that makes one again")
    func oneRecord() async throws {
        let lab = try await LedgerLab.withProbe()
        _ = try await lab.declare("220020260000000001")
        for _ in 0..<7 { _ = try await lab.seen(by: Self.tax, from: 2) }
        for round in 0..<5 {
            let before = try lab.ledger.accessLog.head
            let seen = try await lab.ledger.accesses(for: Self.auditor)
            #expect(seen.count == Int(before) && before == Position(7 + round))
            #expect(try lab.ledger.accessLog.head == before + 1)
        }
        let readings = try await lab.ledger.accesses(AccessQuery(readers: ["AUD"]), for: Self.auditor)
        #expect(readings.map(\.record.extent) == (0..<5).map { .accessRecords(0...Position(6 + $0)) })
    }

    @Test("Auditors are told all, and nothing of what the fields say")
    func auditor() async throws {
        let lab = try await LedgerLab.withProbe()
        _ = try await lab.declare("220020260000000001", buyer: "CANARY-7")
        _ = try await lab.seen(by: Self.owner, from: 2)
        _ = try await lab.seen(by: Self.probe, from: 2)
        let seen = try await lab.ledger.accesses(for: Self.auditor)
        #expect(seen.map(\.record.reader.agency) == ["CUS", "BOR"] && seen.map(\.record.isSecret) == [false, true])
        for entry in try lab.ledger.accessLog.read(.all, ReadRange()) {
            let text = String(decoding: entry.bytes, as: UTF8.self)
            for value in ["CANARY", "91310000MA", "220020260000000001", ":100"] { #expect(!text.contains(value)) }
        }
    }

    @Test(
        "An agency is told what it read itself, but not what it was denied; others are denied, which is recorded once")
    func denied() async throws {
        let lab = try await LedgerLab.withProbe()
        _ = try await lab.declare("220020260000000001")
        _ = try await lab.ledger.read(.all, ReadRange(from: 2), for: Self.tax, naming: ["/commercial", "/buyer"])
        #expect(try lab.ledger.accessLog.head == 2)
        let own = try await lab.ledger.accesses(AccessQuery(readers: ["TAX"]), for: Self.tax)
        #expect(own.map(\.record.basis) == [.disclosed(.rule("price"))])
        let others: [(Reader, AccessQuery)] = [
            (Self.tax, AccessQuery()), (Self.tax, AccessQuery(readers: ["TAX", "BOR"])),
            (Self.tax, AccessQuery(pointers: ["/commercial"])), (Self.tax, AccessQuery(readers: ["BOR"])),
            (.public, AccessQuery()), (Reader(.party), AccessQuery()),
            (Reader(.authority, agency: "XXX"), AccessQuery()),
            (Reader(.auditor, agency: "AUD", role: "chief"), AccessQuery()),
            (Self.owner, AccessQuery(types: ["sanhu.release.granted"])),
            (Self.owner, AccessQuery(pointers: ["/office"], types: ["sanhu.declaration.lodged"])),
        ]
        for (reader, query) in others {
            let before = try lab.ledger.accessLog.head
            let fault = try await exchangeFault { _ = try await lab.ledger.accesses(query, for: reader) }
            #expect(fault?.code == .accessDenied, "\(reader) \(query)")
            #expect(try lab.ledger.accessLog.head == before + 1)
        }
        let denials = try await lab.ledger.accesses(for: Self.auditor).filter { $0.record.basis == .denied }
        #expect(denials.count == others.count + 1, "and what TAX was denied when it read")
    }

    @Test("Whom entries name is told who looked at those, and at nothing else")
    func party() async throws {
        let lab = try await LedgerLab.withProbe()
        let own = try await lab.declare("220020260000000001")
        _ = try await lab.declare("220020260000000002", of: "enterprise:B")
        let last = try await lab.declare("220020260000000003")
        _ = try await lab.seen(by: Self.tax, from: 2)
        let told = try await lab.ledger.accesses(for: LedgerLab.party())
        #expect(told.count == 1 && Self.positions(told) == [own, last])
        #expect(told.map(\.record.reader.agency) == ["TAX"] && told.allSatisfy { $0.position == nil })
        let one = AccessQuery(positions: [last...last])
        #expect(Self.positions(try await lab.ledger.accesses(one, for: LedgerLab.party())) == [last])
        #expect(try await lab.ledger.accesses(for: LedgerLab.party("enterprise:C")).isEmpty)
        // A participant that entries name, too.
        let terminal = Reader(.participant, agency: "TER", identities: [try Tag("enterprise:B")])
        #expect(Self.positions(try await lab.ledger.accesses(for: terminal)) == [own + 1])
    }

    @Test("That someone looked at an event that is sealed from it is not told to whom it names")
    func sealed() async throws {
        let lab = try await LedgerLab.withProbe()
        var flag = LedgerLab.event("sanhu.risk.flagged", LedgerLab.flagged, id: "f1", #"{"object":"CSQU3054383"}"#)
        flag.tags = [try Tag(LedgerLab.enterprise)]
        _ = try await lab.ledger.append([flag], as: "CUS")
        _ = try await lab.seen(by: Self.owner, from: 2)
        #expect(try await lab.ledger.accesses(for: LedgerLab.party()).isEmpty)
        #expect(try await lab.ledger.accesses(for: Self.owner).count == 1)
    }

    @Test("A person is told who looked, though its tags are blinded")
    func person() async throws {
        let lab = try await LedgerLab.withProbe()
        let position = try await lab.declare("220020260000000001", of: "person:110101199003077715")
        _ = try await lab.seen(by: Self.tax, from: 2)
        let told = try await lab.ledger.accesses(for: LedgerLab.party("person:110101199003077715"))
        #expect(Self.positions(told) == [position])
        for entry in try lab.ledger.accessLog.read(.all, ReadRange()) {
            #expect(!String(decoding: entry.bytes, as: UTF8.self).contains("1101"))
        }
    }

    @Test("A suspect is not told of a secret search until who searched releases it, and then of that alone")
    func suspect() async throws {
        let lab = try await LedgerLab.withProbe()
        let position = try await lab.declare("220020260000000001")
        _ = try await lab.seen(by: Self.probe, from: 2)
        _ = try await lab.seen(by: Self.tax, from: 2)
        func told() async throws -> [String?] {
            try await lab.ledger.accesses(for: LedgerLab.party()).map(\.record.reader.agency)
        }
        #expect(try await told() == ["TAX"])
        let own = try await lab.ledger.accesses(AccessQuery(readers: ["BOR"]), for: Self.probe)
        let record = try #require(own.first?.position)
        #expect(own.count == 1 && own[0].record.isSecret && !own[0].isReleased && record == 0)
        #expect(try await lab.ledger.accesses(for: Self.owner).map(\.record.reader.agency) == ["BOR", "TAX"])
        // Not by others, and not something else.
        try await lab.release(1...40, id: "r0")
        #expect(try await told() == ["TAX"])
        try await lab.release(0...record, id: "r1")
        #expect(try await told() == ["BOR", "TAX"])
        let released = try await lab.ledger.accesses(for: LedgerLab.party())
        #expect(released[0].isReleased && Self.positions([released[0]]) == [position])
        // What is searched after a release was not in it, though its range goes on.
        try await lab.release(0...10_000, id: "r2")
        _ = try await lab.seen(by: Self.probe, from: 2)
        #expect(try await told() == ["BOR", "TAX"])
        try lab.reopen()
        #expect(try await told() == ["BOR", "TAX"])
        // A purpose whose meaning is changed later does not tell what was secret before.
        let fault = try await exchangeFault { try await lab.release(0...1, id: "r3", as: "TAX") }
        #expect(fault?.code == .noPower)
    }

    @Test("Nobody but the ledger says that someone looked, or anchors it")
    func reserved() async throws {
        let lab = try await LedgerLab.withProbe()
        let power = CharterLab.put("power", #"{"id":"all","agency":"CUS","types":["sanhu.access.*"]}"#)
        let source = CharterLab.put("source", #"{"prefix":"/access","agency":"CUS"}"#)
        let data = try CharterLab.amendment([power, source].joined(separator: ","), basis: 1, by: ["CUS-1", "TAX-1"])
        _ = try await lab.ledger.amend(
            Array(#"{"specversion":"1.0","id":"a2","source":"/charter","type":"sanhu.charter.amended","data":"#.utf8)
                + Array(data.text) + Array("}".utf8))
        for (type, source) in [
            ("sanhu.access.recorded", "/CUS/1"), ("sanhu.access.anchored", "/CUS/1"),
            ("sanhu.declaration.lodged", "/access"),
        ] {
            let event = LedgerLab.event(type, LedgerLab.lodged, id: "x", source: source, #"{"number":"1"}"#)
            let fault = try await exchangeFault { _ = try await lab.ledger.append([event], as: "CUS") }
            #expect(fault?.code == .reservedName)
        }
    }
}
