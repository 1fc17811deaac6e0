import TestSupport
import Testing
import Transparency

@testable import EventLog
@testable import LMDB

/// Entries that are stored compressed, and the dictionaries by which they are.
@Suite(.fewAtOnce)
struct CompressionTests {
    private static func events(_ ids: Range<Int>, type: String = "test.noted") -> AppendRequest {
        AppendRequest(
            ids.map { id in
                draft(
                    "e\(id)", type: type, tags: ["container:C\(id % 100)"],
                    data: #"{"container":"C\#(id % 100)","terminal":"NSA-3","carrier":"COSU","weight":\#(id * 37)}"#)
            })
    }

    /// A log of some thousand entries, the first of them as they are.
    private static func ledger(_ count: Int = 2_400) async throws -> TestLedger {
        let ledger = try TestLedger(tuning: .standard)
        for start in stride(from: 0, to: count, by: 300) {
            _ = try await ledger.log.append(events(start..<start + 300))
        }
        return ledger
    }

    private static func headers(_ log: Log) throws -> [EntryHeader] {
        let transaction = try log.store.beginRead()
        return try (0..<log.head).map { try log.store.header(at: $0, in: transaction) }
    }

    private static func value(at position: Position, _ store: LogStore) throws -> [UInt8] {
        let transaction = try store.beginRead()
        return try store.value(at: position, in: transaction).copied
    }

    /// What a value is refused for, read as that of a position.
    private static func refused(_ value: [UInt8], at position: Position, _ store: LogStore) -> LogError? {
        refusal {
            let transaction = try store.beginRead()
            let header = try EntryHeader(of: value.span, at: position)
            var bytes: [UInt8] = []
            try store.codec.append(entryOf: value.span, header, at: position, to: &bytes, in: transaction)
            guard MerkleHash.leaf(bytes.span) != header.leafHash else { return }
            throw LogError(.corrupted, "it has another hash")
        }
    }

    @Test("After a thousand entries the next are stored compressed, and all read as they were written")
    func compressed() async throws {
        let ledger = try await Self.ledger()
        let headers = try Self.headers(ledger.log)
        #expect(headers.prefix(1_200).allSatisfy { $0.codec == .plain })
        #expect(headers.dropFirst(1_200).allSatisfy { $0.codec == .zstandard && $0.dictionary == 1 })
        let value = try Self.value(at: 2_000, ledger.log.store)
        #expect(value.count - EntryHeader.byteCount < headers[2_000].length / 3, "\(value.count)")
        for isReopened in [false, true] {
            if isReopened { try ledger.reopen() }
            let entries = try ledger.log.read(.all, ReadRange())
            #expect(entries.count == 2_400)
            var scanned: [[UInt8]] = []
            try ledger.log.scan { _, _, entry in
                scanned.append(entry.copied)
                return true
            }
            #expect(scanned == entries.map(\.bytes))
            for (number, entry) in entries.enumerated() {
                #expect(
                    MerkleHash.leaf(entry.bytes.span) == entry.leafHash && entry.leafHash == headers[number].leafHash)
                #expect(String(decoding: entry.bytes, as: UTF8.self).contains(#""weight":\#(number * 37)}"#))
            }
            #expect(try ledger.log.read(.tagged("container:C7"), ReadRange()).count == 24)
            #expect(ledger.log.verify().isSound)
        }
        ledger.close()
        let reading = try Log.open(readingAt: ledger.path)
        #expect(try reading.read(.all, ReadRange(from: 2_399)).count == 1)
    }

    @Test("Lines from where entries are stored are those of the entries, page by page, plain and compressed ones")
    func lines() async throws {
        let ledger = try await Self.ledger()
        var expected: [UInt8] = []
        for entry in try ledger.log.read(.all, ReadRange(from: 1_000)) {
            entry.appendLine(to: &expected)
            expected.append(0x0A)
        }
        for size in [1, 300, 20_000, 1 << 20] {
            var (all, position, pages): ([UInt8], Position, Int) = ([], 1_000, 0)
            while position < 2_400 {
                var text: [UInt8] = []
                let next = try ledger.log.appendLines(from: position, to: 2_400, maximumBytes: size, to: &text)
                #expect(next > position && text.count < size + 400)
                all += text
                (position, pages) = (next, pages + 1)
            }
            #expect(all == expected, "\(size)")
            #expect(size > 1 || pages == 1_400)
        }
        var text: [UInt8] = []
        #expect(
            refusal { _ = try ledger.log.appendLines(from: 0, to: 2_401, maximumBytes: 9, to: &text) }?.code
                == .positionBeyondHead)
    }

    @Test("What does not shrink is stored as it is, and the same events give the same tree either way")
    func incompressible() async throws {
        let ledger = try await Self.ledger()
        var dice = Dice(seed: 4)
        let noise = (0..<20).map { id in draft("n\(id)", data: #"{"n":"\#(Self.noise(&dice))"}"#) }
        _ = try await ledger.log.append(AppendRequest(noise))
        let headers = try Self.headers(ledger.log)
        #expect(headers.suffix(20).allSatisfy { $0.length > 9_000 })
        let entries = try ledger.log.read(.all, ReadRange())
        var frontier = MerkleFrontier()
        for entry in entries { frontier.append(MerkleHash.leaf(entry.bytes.span)) }
        let checkpoint = try Checkpoint(ledger.log.checkpoint(), verifiedBy: ledger.signer.verifier)
        #expect(checkpoint.root == frontier.root && checkpoint.size == 2_420)
    }

    /// Text that no dictionary knows.
    private static func noise(_ dice: inout Dice) -> String {
        String((0..<9_000).map { _ in Character(Unicode.Scalar(UInt8(dice.within(0x23..<0x5B)))) })
    }

    @Test("A dictionary that no longer fits is followed by another; what was written stays readable")
    func renewed() async throws {
        let ledger = try await Self.ledger(1_200)
        for start in stride(from: 1_200, to: 20_000, by: 2_100) {
            let kind = "sanhu.other.kind.of.event.\(start % 4)"
            let drafts = (start..<start + 2_100).map { id in
                draft("e\(id)", type: kind, data: #"{"permit":"P-\#(id)","issuer":"CIQ","goods":"frozen fish"}"#)
            }
            _ = try await ledger.log.append(AppendRequest(drafts))
        }
        #expect(Set(try Self.headers(ledger.log).map(\.dictionary)) == [0, 1, 2])
        try ledger.reopen()
        _ = try await ledger.log.append(Self.events(90_000..<90_010))
        #expect(try Self.headers(ledger.log).suffix(10).allSatisfy { $0.dictionary == 2 })
        #expect(ledger.log.verify().isSound)
    }

    @Test("Each changed bit of what is stored is refused when it is read, and verify says where")
    func changedBits() async throws {
        let ledger = try await Self.ledger()
        let store = ledger.log.store
        let value = try Self.value(at: 1_999, store)
        #expect(Self.refused(value, at: 1_999, store) == nil)
        for bit in 0..<value.count * 8 {
            // The time in the header is in the entry, too, and so in its hash.
            var changed = value
            changed[bit / 8] ^= 1 << UInt8(bit % 8)
            let code = Self.refused(changed, at: 1_999, store)?.code
            #expect(code == .corrupted || code == .newerFormat && bit < 8, "bit \(bit)")
        }
        #expect(Self.refused(value, at: 1_998, store)?.code == .corrupted, "at another position it is another's")
    }

    @Test("A dictionary that is damaged or missing is named, by who reads and by verify")
    func damagedDictionary() async throws {
        for isMissing in [false, true] {
            let ledger = try await Self.ledger()
            ledger.close()
            try Self.damageDictionary(ledger.path + "/log", isMissing)
            let log = try Log.open(readingAt: ledger.path)
            let error = refusal { _ = try log.read(.all, ReadRange(from: 2_000)) }
            #expect(error?.code == .corrupted && error?.reason.contains("dictionary 1") == true)
            var text: [UInt8] = []
            let unread = refusal { _ = try log.appendLines(from: 2_000, to: 2_001, maximumBytes: 9, to: &text) }
            #expect(unread?.code == .corrupted)
            let report = log.verify()
            #expect(!report.isSound && report.problems.contains { $0.reason.contains("dictionary 1") })
            #expect(try log.read(.all, ReadRange(from: 0, to: 1_000)).count == 1_000)
        }
    }

    private static func damageDictionary(_ path: String, _ isMissing: Bool) throws {
        let store = try LogStore(path: path, isReadOnly: false)
        var transaction = try store.beginWrite()
        let key = EntryCodec.key(1)
        var value = try transaction.value(for: key.span, in: store.codec.database)?.copied ?? []
        value[900] ^= 1
        if isMissing {
            _ = try transaction.delete(key.span, in: store.codec.database)
        } else {
            try transaction.put(value.span, for: key.span, in: store.codec.database)
        }
        try transaction.commit()
    }
}
