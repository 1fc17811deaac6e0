import EventLog
import Exchange
import Foundation
import Interchange
import TestSupport
import Testing

/// A year of notifications, imported into a ledger of the authorities concerned, and read as each of them.
@Suite(
    "Alerts are read in full by those they address and by the notifier, and are stubs to others",
    .enabled(if: SharedFolder.has("corpus/rasff"), "the corpus is not there (SANHU_SHARED)"))
struct RASFFSharingTests {
    private static let path = "corpus/rasff/notifications-2024.csv"
    /// How many authorities are read as, beside those who are named most and least; all if `SANHU_RASFF_ALL` is set.
    private static let sampled = 3

    private static func imported() async throws -> LedgerLab {
        let lab = try await LedgerLab(charter: RASFFCharter.founding())
        let file = SharedFolder.url.appendingPathComponent(path).path
        for batch in RASFFImporter(paths: [file]).batches() {
            #expect(batch.refusals == [] && batch.warnings == [])
            for (agency, drafts) in Dictionary(grouping: batch.drafts, by: \.agency).sorted(by: { $0.key < $1.key }) {
                let events = drafts.map { AgencyEvent($0.event, tags: $0.tags) }
                let receipts = try await lab.ledger.append(events, as: agency)
                #expect(receipts.count == drafts.count)
            }
        }
        return lab
    }

    private static func reader(_ code: String, purpose: String? = RASFFCharter.purpose) -> Reader {
        Reader(.authority, agency: code, purpose: purpose)
    }

    private static func chosen() -> [String] {
        let codes = RASFFAuthority.all.map(\.code)
        if ProcessInfo.processInfo.environment["SANHU_RASFF_ALL"] != nil { return codes }
        var dice = Dice(seed: .random(in: 0...UInt64(UInt32.max)))
        print("authorities by seed \(dice.seed)")
        return ["DE", "BQ", "EU"] + (0..<sampled).map { _ in dice.pick(codes) }
    }

    @Test("Each reader gets every position; in full what the file addresses to it, and requests that ask it")
    func sharing() async throws {
        let lab = try await Self.imported()
        let naive = try RASFFReading(
            notifications: SharedFolder.bytes(Self.path), charter: CharterLab.file(RASFFCharter.file))
        #expect(try lab.ledger.log.head == Position(naive.eventCount) + 1)
        for code in Self.chosen() {
            let seen = try await lab.ledger.read(.all, ReadRange(from: 1), for: Self.reader(code))
            #expect(seen.count == naive.eventCount, "\(code)")
            let isSame = try RASFFReading.given(seen) == naive.readable(by: code)
            #expect(isSame, "\(code)")
            // Of a query nobody gets what it may not see, not even as a stub.
            for type in ["sanhu.alert.notified", "sanhu.alert.amended", "sanhu.assistance.requested"] {
                let found = try await lab.ledger.read(Query(types: [type]), for: Self.reader(code))
                let readable = naive.readable(by: code).filter { $0.key.type == type }
                #expect(found.count == readable.count, "\(code) \(type)")
                let isSame = try RASFFReading.given(found) == readable
                #expect(isSame, "\(code) \(type)")
            }
        }
        // Without a purpose an authority sees what it sent.
        let silent = try await lab.ledger.read(.all, ReadRange(from: 1), for: Self.reader("MT", purpose: nil))
        let isOwn = try RASFFReading.given(silent) == naive.readable(by: "MT", isAddressee: false)
        #expect(isOwn)
        let nobody = [
            Reader.public, Reader(.auditor, agency: RASFFCharter.auditor, purpose: RASFFCharter.purpose),
            Self.reader("ZZ"), Reader(.party, identities: [tag("agency:DE")], purpose: RASFFCharter.purpose),
        ]
        for reader in nobody {
            let seen = try await lab.ledger.read(.all, ReadRange(from: 1), for: reader)
            #expect(seen.count == naive.eventCount)
            #expect(try RASFFReading.given(seen)?.isEmpty == true)
            let found = try await lab.ledger.read(Query(types: ["sanhu.alert.notified"]), for: reader)
            #expect(found.isEmpty)
        }
        let owned = try await lab.ledger.read(.all, ReadRange(from: 1), for: Self.reader(RASFFCharter.owner))
        #expect(try RASFFReading.given(owned)?.count == naive.eventCount)
    }
}
