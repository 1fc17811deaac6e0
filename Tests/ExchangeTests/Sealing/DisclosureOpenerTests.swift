import EventLog
import Foundation
import JSON
import TestSupport
import Testing

@testable import Exchange

@Suite("Opening the rows of many keys with one opener")
struct DisclosureOpenerTests {
    private static let schema = """
        {"type":"object","properties":{
          "who":{"type":"string","x-sharing":{"class":"conditional","compartment":"personal","owner":"CUS",
            "subject":"/who","bytes":40}},
          "price":{"x-sharing":{"class":"conditional","compartment":"trade-secret","owner":"CUS",
            "subject":"/who","bytes":40}},
          "note":{"x-sharing":{"class":"restricted","compartment":"method","owner":"TAX","bytes":40}}}}
        """

    /// A row, where it belongs and what it holds.
    private struct Row {
        var bytes: [UInt8]
        var ordinal: Int
        var place: EventPlace
        let subject: Int
        /// With brackets and salt left out; nil for a decoy.
        let value: String?
    }

    /// Events of several subjects sealed with the keys of a store.
    private struct Sealed {
        let folder: TemporaryFolder
        let keys: KeyStore
        let plan: SealingPlan
        var rows: [Row] = []

        init(subjects: Int) throws {
            folder = try TemporaryFolder()
            keys = try KeyStore.create(
                path: folder.path("keys"), wrappingKey: WrappingKeyFile(path: folder.path("wrapping.json")))
            plan = try SealingFixture.plan(schema)
            var sealer = EventSealer()
            for subject in 0..<subjects {
                for number in 0..<2 {
                    let id = "\(subject)-\(number)"
                    // The second has no note, so that there is a decoy in its place.
                    let note = number == 0 ? #","note":"n\#(id)""# : ""
                    let event = try SealingFixture.event(
                        #"{"who":"\#(DisclosureOpenerTests.name(subject))","price":"p\#(id)"\#(note)}"#, id: id)
                    let sealable = try SealableEvent(event, agency: "CUS", tags: [], plan: plan)
                    let sealed = try sealer.seal(sealable, keys: keys.keys(for: sealable.references))
                    let place = EventPlace(agency: "CUS", source: "/cus/a", id: id)
                    let values = [
                        #""who","\#(DisclosureOpenerTests.name(subject))""#, #""price","p\#(id)""#,
                        number == 0 ? #""note","n\#(id)""# : nil,
                    ]
                    for (ordinal, row) in sealed.rows.enumerated() {
                        rows.append(
                            Row(
                                bytes: row, ordinal: ordinal, place: place, subject: subject, value: values[ordinal]))
                    }
                }
            }
        }

        func open(_ row: Row, with opener: inout DisclosureOpener) throws(ExchangeError) -> FieldContent {
            try opener.open(row.bytes, ordinal: row.ordinal, of: plan, at: row.place, keys: keys)
        }

        func openAlone(_ row: Row) throws(ExchangeError) -> FieldContent {
            var opener = DisclosureOpener()
            return try open(row, with: &opener)
        }

        func erase(_ subject: Int, fence: UInt64) throws {
            let name = KeySubject.named(DisclosureOpenerTests.name(subject))
            try keys.finishErasure(try keys.beginErasure(of: name, logFence: fence))
        }
    }

    private static func name(_ subject: Int) -> String { "subject-\(subject)" }

    private static func isSound(_ content: FieldContent, _ row: Row) -> Bool {
        switch content {
        case .value(let json, _): row.value.map { String(decoding: json, as: UTF8.self).hasSuffix(",\($0)]") } ?? false
        case .decoy: row.value == nil
        case .erased, .lost: false
        }
    }

    /// A row that does not open.
    private static func spoilt(_ row: Row, _ others: [Row], _ dice: inout Dice) -> Row {
        var spoilt = row
        switch dice.below(5) {
        case 0: spoilt.bytes[dice.below(row.bytes.count)] ^= 1 << UInt8(dice.below(8))
        case 1: spoilt.bytes = Array(row.bytes.prefix(SealedRow.headerBytes))
        case 2: spoilt.bytes = Array(row.bytes.prefix(dice.below(row.bytes.count)))
        case 3: spoilt.ordinal = (row.ordinal + 1 + dice.below(3)) % 4
        default: spoilt.place = EventPlace(agency: "CUS", source: "/cus/a", id: "of no event")
        }
        return spoilt
    }

    @Test(
        "Whatever rows come in turn, of fewer keys than it keeps or of more, each opens as with an opener of its own",
        arguments: UInt64(1)...12)
    func agrees(seed: UInt64) throws {
        var dice = Dice(seed: seed)
        let sealed = try Sealed(subjects: dice.pick([1, 2, 3, 9]))
        var opener = DisclosureOpener()
        var opened = 0
        for step in 0..<400 {
            let row = dice.pick(sealed.rows)
            if dice.oneIn(4) {
                let spoilt = Self.spoilt(row, sealed.rows, &dice)
                let content = try sealed.open(spoilt, with: &opener)
                #expect(content == .lost, "seed \(seed), step \(step)")
                #expect(try content == sealed.openAlone(spoilt), "seed \(seed), step \(step)")
            }
            let content = try sealed.open(row, with: &opener)
            #expect(Self.isSound(content, row), "seed \(seed), step \(step): \(content)")
            #expect(try content == sealed.openAlone(row), "seed \(seed), step \(step)")
            if case .value = content { opened += 1 }
        }
        #expect(opened > 200, "seed \(seed)")
    }

    @Test("Of many keys that come round and round, none is taken for another", arguments: [4, 5, 6, 12])
    func round(subjects: Int) throws {
        let sealed = try Sealed(subjects: subjects)
        var opener = DisclosureOpener()
        let prices = sealed.rows.filter { $0.ordinal == 1 }
        #expect(Set(prices.map(\.subject)).count == subjects)
        for row in prices + prices + prices.reversed() + sealed.rows {
            #expect(Self.isSound(try sealed.open(row, with: &opener), row))
        }
    }

    @Test("A row whose key was erased before the opener was made is erased, beside keys that it keeps or lets go of")
    func erased() throws {
        let sealed = try Sealed(subjects: 7)
        // The keys are in memory when they are destroyed.
        var before = DisclosureOpener()
        for row in sealed.rows { #expect(Self.isSound(try sealed.open(row, with: &before), row)) }
        var erased: Set<Int> = []
        for (fence, subject) in [2, 5].enumerated() {
            try sealed.erase(subject, fence: UInt64(fence))
            erased.insert(subject)
            var opener = DisclosureOpener()
            for row in sealed.rows + sealed.rows.reversed() {
                let content = try sealed.open(row, with: &opener)
                // What an agency owns is not about the subject.
                if erased.contains(row.subject), row.ordinal < 2 {
                    #expect(content == .erased, "\(row.subject), \(row.ordinal)")
                    // Also of one that is cut down to what names its key.
                    var cut = row
                    cut.bytes = Array(row.bytes.prefix(SealedRow.headerBytes))
                    #expect(try sealed.open(cut, with: &opener) == .erased)
                } else {
                    #expect(Self.isSound(content, row), "\(row.subject), \(row.ordinal)")
                }
            }
        }
    }
}
