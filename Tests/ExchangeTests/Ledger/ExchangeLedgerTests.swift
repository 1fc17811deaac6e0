import EventLog
import Exchange
import Foundation
import TestSupport
import Testing

/// From an agency's hand to a reader's eyes.
@Suite("A ledger that agencies share", .fewAtOnce)
struct ExchangeLedgerTests {
    private static let tax = Reader(.authority, agency: "TAX", purpose: "duty")
    private static let border = Reader(.authority, agency: "BOR", purpose: "duty")
    private static let owner = Reader(.authority, agency: "CUS")

    @Test("Each reader sees what it may, and everyone the same leaf")
    func readers() async throws {
        let lab = try await LedgerLab()
        let receipts = try await lab.ledger.append(
            [
                LedgerLab.declaration("220020260000000001", buyer: "Li Hua"),
                LedgerLab.declaration("220020260000000002"),
            ],
            as: "CUS")
        #expect(receipts == [.appended(1), .appended(2)])
        let owner = try await lab.seen(by: Self.owner)
        #expect(owner[0].contains(#""commercial":{"price":100}"#) && owner[0].contains(#""buyer":"Li Hua""#))
        #expect(!owner[1].contains("buyer") && !owner[1].contains("_sd"))
        let tax = try await lab.seen(by: Self.tax)
        #expect(tax.allSatisfy { $0.contains(#""price":100"#) && !$0.contains("buyer") && !$0.contains("Li Hua") })
        let border = try await lab.seen(by: Self.border)
        #expect(border.allSatisfy { $0.contains("2248") && !$0.contains("price") && !$0.contains("Li Hua") })
        #expect(try await lab.seen(by: .public) == ["stub", "stub"])
        // A purpose that is none, a role that nobody holds, an agency that is none.
        #expect(try await lab.seen(by: Reader(.authority, agency: "TAX")) == border)
        let other = Reader(.authority, agency: "TAX", role: "chief", purpose: "duty")
        #expect(try await lab.seen(by: other) == ["stub", "stub"])
        #expect(try await lab.seen(by: Reader(.authority, agency: "XXX", purpose: "duty")) == ["stub", "stub"])
        // Two that differ only in whether a field is there look alike to who may not see it.
        let seen = try await lab.ledger.read(.all, ReadRange(from: 1), for: Self.border)
        let withheld = seen.map { entry -> [SeenEntry.Withheld] in
            if case .entry(let event) = entry { event.withheld } else { [] }
        }
        #expect(withheld[0].map(\.pointer) == ["/commercial", "/buyer"] && withheld[0] == withheld[1])
        let rows = try (1...2).map { try lab.ledger.log.disclosures(at: $0).map(\.count) }
        #expect(rows[0] == rows[1] && rows[0].count == 2)
        #expect(lab.ledger.log.verify().isSound)
    }

    @Test("What is classified stands in no file of the ledger, plain or in base64")
    func canaries() async throws {
        let lab = try await LedgerLab()
        let canary = "CANARY-0123456789-XYZ"
        _ = try await lab.ledger.append([LedgerLab.declaration("220020260000000001", buyer: canary)], as: "CUS")
        _ = try await lab.seen(by: Self.owner)
        lab.close()
        let forms = [canary, Data(canary.utf8).base64EncodedString()].map { String($0.prefix(20)) }
        let files = try #require(FileManager.default.enumerator(atPath: lab.path))
        var looked = 0
        for case let name as String in files where name.hasSuffix(".mdb") {
            let data = try Data(contentsOf: URL(fileURLWithPath: lab.path + "/" + name))
            for form in forms { #expect(data.range(of: Data(form.utf8)) == nil, "\(name)") }
            looked += 1
        }
        #expect(looked > 4)
    }

    @Test("An event comes in only by power, from an own source, against its schema; each refusal has its own error")
    func refusals() async throws {
        let lab = try await LedgerLab()
        let sound = LedgerLab.declaration("220020260000000001")
        func refused(_ event: AgencyEvent, as agency: String = "CUS") async throws -> ExchangeError? {
            try await LedgerLab.fault { _ = try await lab.ledger.append([event], as: agency) }
        }
        #expect(try await refused(sound, as: "XXX")?.code == .unknownAgency)
        #expect(try await refused(sound, as: "TAX")?.code == .foreignSource)
        let elsewhere = LedgerLab.event(
            "sanhu.declaration.lodged", LedgerLab.lodged, id: "1", source: "/TAX/1", #"{"number":"1"}"#)
        #expect(try await refused(elsewhere, as: "TAX")?.code == .noPower)
        let schemaless = LedgerLab.event("sanhu.declaration.lodged", "urn:none", id: "1", #"{"number":"1"}"#)
        #expect(try await refused(schemaless)?.code == .unknownSchema)
        let wrongType = LedgerLab.event("sanhu.declaration.accepted", LedgerLab.lodged, id: "1", #"{"number":"1"}"#)
        #expect(try await refused(wrongType)?.code == .unknownSchema)
        let invalid = LedgerLab.event("sanhu.declaration.lodged", LedgerLab.lodged, id: "1", #"{"number":7}"#)
        #expect(try await refused(invalid)?.pointer == "/data/number")
        let reserved = LedgerLab.event(
            "sanhu.declaration.lodged", LedgerLab.lodged, id: "1", #"{"number":"1","_sd":[]}"#)
        #expect([.eventInvalid, .reservedName].contains(try await refused(reserved)?.code))
        let long = LedgerLab.declaration("1", buyer: String(repeating: "x", count: 70))
        #expect(try await refused(long)?.code == .valueTooLarge)
        let tagged = AgencyEvent(sound.event, tags: [try EventLog.Tag("charter:all")])
        #expect(try await refused(tagged)?.code == .reservedName)
        #expect(try await refused(AgencyEvent(Array("{".utf8)))?.code == .eventInvalid)
        let second = try await LedgerLab.fault { _ = try await lab.ledger.append([sound, invalid], as: "CUS") }
        #expect(second?.reason.hasPrefix("Event 2 of 2") == true)
        #expect(try lab.ledger.log.head == 1)
        // A reused id.
        _ = try await lab.ledger.append([sound], as: "CUS")
        let reused = try await refused(LedgerLab.declaration("220020260000000001", price: 7))
        #expect(reused?.code == .log && reused?.reason.contains("position 1") == true)
    }

    @Test("A retried event is a duplicate, also after the ledger was opened again")
    func retries() async throws {
        let lab = try await LedgerLab()
        let events = (1...3).map { LedgerLab.declaration("22002026000000000\($0)", buyer: "b\($0)") }
        _ = try await lab.ledger.append(events, as: "CUS")
        #expect(try await lab.ledger.append(events, as: "CUS") == [.duplicate(1), .duplicate(2), .duplicate(3)])
        try lab.reopen()
        let more = events + [LedgerLab.declaration("220020260000000009")]
        #expect(
            try await lab.ledger.append(more, as: "CUS") == [
                .duplicate(1), .duplicate(2), .duplicate(3), .appended(4),
            ])
        #expect(try await lab.seen(by: Self.owner).count == 4)
    }

    @Test("A whole event that is withheld is a stub to all but its owner")
    func wholeEvents() async throws {
        let lab = try await LedgerLab()
        let flag = LedgerLab.event("sanhu.risk.flagged", LedgerLab.flagged, id: "f1", #"{"object":"CSQU3054383"}"#)
        _ = try await lab.ledger.append([flag], as: "CUS")
        #expect(try await lab.seen(by: Self.owner)[0].contains(#""data":{"object":"CSQU3054383"}"#))
        for reader in [Self.tax, Self.border, Reader(.auditor, agency: "AUD"), .public] {
            #expect(try await lab.seen(by: reader) == ["stub"])
        }
    }

    @Test("Every disclosure of what is classified is in the access log before it is seen, and nothing else is")
    func accessRecords() async throws {
        let lab = try await LedgerLab()
        _ = try await lab.ledger.append((1...5).map { LedgerLab.declaration("22002026000000000\($0)") }, as: "CUS")
        _ = try await lab.seen(by: Self.border)
        #expect(try lab.ledger.accessLog.head == 0)
        _ = try await lab.seen(by: Self.tax)
        let records = try lab.ledger.accessLog.read(.all, ReadRange())
        #expect(records.count == 1, "what is read together is recorded together")
        let text = String(decoding: try #require(records.first).bytes, as: UTF8.self)
        #expect(text.contains("TAX") && text.contains("price") && text.contains("duty"))
    }

    @Test("A grant opens what it names for its case, and no longer than it holds")
    func grants() async throws {
        let lab = try await LedgerLab()
        _ = try await lab.ledger.append(
            [
                LedgerLab.declaration("220020260000000001", buyer: "Li Hua"),
                LedgerLab.declaration("220020260000000002", buyer: "Wu"),
            ],
            as: "CUS")
        let reader = Reader(.authority, agency: "TAX", purpose: "case", caseName: "T-7")
        #expect(try await lab.seen(by: reader).allSatisfy { !$0.contains("buyer") })
        let scope = #"""
            "fields":{"pointers":["/buyer"]},"objects":["declaration:220020260000000001"],"purpose":"case","case":"T-7",
            "to":"2099-01-01T00:00:00Z"
            """#
        let request = LedgerLab.event(
            "sanhu.disclosure.requested", "urn:sanhu:schema:disclosure.requested:1", id: "r1", source: "/TAX/1",
            #"{"owner":"CUS",\#(scope)}"#)
        let asked = try await lab.ledger.append([request], as: "TAX")[0].position
        let decision = LedgerLab.event(
            "sanhu.disclosure.decided", "urn:sanhu:schema:disclosure.decided:1", id: "d1",
            #"{"request":\#(asked),"outcome":"granted","reasons":["tax case"]}"#)
        let byAnother = try await LedgerLab.fault {
            let own = LedgerLab.event(
                "sanhu.disclosure.decided", "urn:sanhu:schema:disclosure.decided:1", id: "d1", source: "/TAX/1",
                #"{"request":\#(asked),"outcome":"granted","reasons":["mine"]}"#)
            _ = try await lab.ledger.append([own], as: "TAX")
        }
        #expect(byAnother?.code == .notOwner)
        let granted = try await lab.ledger.append([decision], as: "CUS")[0].position
        let open = try await lab.seen(by: reader)
        #expect(open[0].contains("Li Hua") && !open[1].contains("Wu"))
        #expect(
            try await lab.seen(by: Reader(.authority, agency: "TAX", purpose: "case", caseName: "T-8")).allSatisfy {
                !$0.contains("Li Hua")
            })
        // As of a time before the grant nothing could be seen.
        let before = try lab.ledger.log.entry(at: 2).recorded
        let past = try await lab.ledger.read(.all, ReadRange(from: 1, to: 2), for: reader, asOf: before)
        #expect(
            past.allSatisfy {
                if case .entry(let event) = $0 {
                    !String(decoding: event.event, as: UTF8.self).contains("Li Hua")
                } else {
                    false
                }
            })
        let revocation = LedgerLab.event(
            "sanhu.disclosure.revoked", "urn:sanhu:schema:disclosure.revoked:1", id: "x1",
            #"{"grant":\#(granted),"reasons":["closed"]}"#)
        _ = try await lab.ledger.append([revocation], as: "CUS")
        #expect(try await lab.seen(by: reader).allSatisfy { !$0.contains("Li Hua") })
    }

    @Test("Whom an event is about is found by members and by that person alone; to others there is nothing")
    func personalQueries() async throws {
        let lab = try await LedgerLab()
        var event = LedgerLab.declaration("220020260000000001")
        event.tags = [try Tag("person:LI-1980")]
        _ = try await lab.ledger.append([event], as: "CUS")
        let query = Query(tags: [try Tag("person:LI-1980")])
        func found(_ reader: Reader) async throws -> Int {
            try await lab.ledger.read(query, for: reader).count
        }
        #expect(try await found(Self.border) == 1)
        #expect(try await found(Reader(.party, identities: [try Tag("person:LI-1980")])) == 1)
        #expect(try await found(Reader(.party, identities: [try Tag("person:WANG-1970")])) == 0)
        #expect(try await found(.public) == 0)
        #expect(try await found(Reader(.authority, agency: "XXX")) == 0)
        #expect(try await found(Reader(.participant, agency: "TER")) == 0)
    }

    @Test("An id that another agency used is not told to whoever names it")
    func foreignIDs() async throws {
        let lab = try await LedgerLab()
        _ = try await lab.ledger.append([LedgerLab.declaration("220020260000000001")], as: "CUS")
        for agency in ["TAX", "NOBODY"] {
            for number in ["220020260000000001", "220020260000000002"] {
                let fault = try await LedgerLab.fault {
                    _ = try await lab.ledger.append([LedgerLab.declaration(number, price: 7)], as: agency)
                }
                #expect(fault?.code == (agency == "TAX" ? .foreignSource : .unknownAgency), "\(agency) \(number)")
            }
        }
    }

    @Test("The values of tags that the charter calls personal are blinded, whatever their kind")
    func personalKinds() async throws {
        let data = String(decoding: try LedgerLab.charterData(), as: UTF8.self)
        let lab = try await LedgerLab(
            charter: LedgerLab.founding(data.replacing(#"{"kind": "person"}"#, with: #"{"kind": "passport"}"#)))
        var event = LedgerLab.declaration("220020260000000001")
        event.tags = [try Tag("passport:E12345678")]
        _ = try await lab.ledger.append([event], as: "CUS")
        #expect(!String(decoding: try lab.ledger.log.entry(at: 1).bytes, as: UTF8.self).contains("E12345678"))
        let query = Query(tags: [try Tag("passport:E12345678")])
        #expect(try await lab.ledger.read(query, for: Self.border).map(\.position) == [1])
        #expect(try await lab.ledger.read(query, for: .public).isEmpty)
    }

    @Test("What matches a query and may not be seen is not told of; of a range each position is given")
    func queriesOfStubs() async throws {
        let lab = try await LedgerLab()
        let object = try Tag("container:CMAU9592883")
        var events = (0..<5).map { number in
            LedgerLab.event(
                "sanhu.risk.flagged", LedgerLab.flagged, id: "r\(number)", #"{"rule":"R-\#(number)"}"#)
        }
        events.insert(LedgerLab.declaration("220020260000000001"), at: 2)
        for index in events.indices { events[index].tags = [object] }
        _ = try await lab.ledger.append(events, as: "CUS")
        let flags = Query(types: ["sanhu.risk.flagged"])
        for reader in [Reader.public, Self.tax, Reader(.participant, agency: "TER")] {
            #expect(try await lab.ledger.read(flags, for: reader).isEmpty)
            #expect(try await lab.ledger.page(flags, ReadRange(limit: 1), for: reader).next == nil)
            #expect(
                try await lab.ledger.read(.all, ReadRange(from: 1), for: reader).map(\.position) == [1, 2, 3, 4, 5, 6])
        }
        let page = try await lab.ledger.page(Query(tags: [object]), ReadRange(limit: 1), for: Self.tax)
        #expect(page.entries.map(\.position).allSatisfy { $0 == 3 })
        #expect(try await lab.ledger.read(flags, for: Self.owner).count == 5)
    }
}
