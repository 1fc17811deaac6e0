import EventLog
import Exchange
import Foundation
import JSON
import TestSupport
import Testing
import Transparency

// One after the other: each ledger maps terabytes of addresses.
@Suite("Reading in pages", .fewAtOnce, .serialized)
struct PageTests {
    private static let reader = LedgerLab.investigator
    private static let query = Query(types: ["sanhu.declaration.lodged"])

    private static func page(
        _ lab: LedgerLab, _ size: Int = 2, after cursor: PageCursor? = nil, for reader: Reader = reader
    ) async throws -> ReadPage {
        // As a client does, by its text.
        let cursor = try cursor.map { try PageCursor($0.text) }
        return try await lab.ledger.page(query, ReadRange(limit: size), for: reader, after: cursor)
    }

    private static func fault(_ lab: LedgerLab, after page: ReadPage) async throws -> ExchangeError? {
        let cursor = try #require(page.next)
        return try await LedgerLab.fault { _ = try await self.page(lab, after: cursor) }
    }

    @Test("Pages together are what a read gives, forwards and backwards, whatever their size", arguments: 0..<8)
    func together(_ seed: UInt64) async throws {
        var dice = Dice(seed: seed)
        let lab = try await LedgerLab()
        try await lab.declare(1 + dice.below(12))
        let head = try lab.ledger.log.head
        for isBackwards in [false, true] {
            let from = Position(dice.below(Int(head)))
            let to = dice.oneIn(2) ? nil : from + Position(dice.below(Int(head - from) + 1))
            let range = ReadRange(from: from, to: to, isBackwards: isBackwards, limit: 1 + dice.below(5))
            let query = dice.oneIn(2) ? Query.all : Self.query
            var cursor: PageCursor?
            var seen: [SeenEntry] = []
            var pages = 0
            repeat {
                let page = try await lab.ledger.page(query, range, for: Self.reader, after: cursor)
                #expect(page.entries.count <= range.limit)
                seen += page.entries
                cursor = try page.next.map { try PageCursor($0.text) }
                pages += 1
            } while cursor != nil && pages < 50
            var whole = range
            whole.limit = .max
            #expect(try await lab.ledger.read(query, whole, for: Self.reader) == seen, "seed \(seed)")
        }
    }

    @Test("A read ends at the head of its first page; one with an open end goes on with what comes")
    func ends() async throws {
        let lab = try await LedgerLab()
        try await lab.declare(3)
        let closed = try await Self.page(lab)
        let open = try await lab.ledger.page(
            Self.query, ReadRange(limit: 2), for: Self.reader, isOpenEnded: true)
        _ = try await lab.ledger.append([LedgerLab.declaration("4")], as: "CUS")
        let last = try await Self.page(lab, after: closed.next)
        #expect(last.entries.map(\.position) == [3] && last.next == nil)
        var cursor = open.next
        var positions: [[Position]] = []
        for _ in 0..<3 {
            let page = try await lab.ledger.page(
                Self.query, ReadRange(limit: 2), for: Self.reader, after: cursor, isOpenEnded: true)
            positions.append(page.entries.map(\.position))
            cursor = page.next
            #expect(cursor != nil)
            if positions.count == 2 { _ = try await lab.ledger.append([LedgerLab.declaration("5")], as: "CUS") }
        }
        #expect(positions == [[3, 4], [], [5]])
    }

    @Test("Revoking a grant stops the next page, and says which and how; a new read withholds")
    func revoked() async throws {
        let lab = try await LedgerLab()
        try await lab.declare(4)
        let grant = try await lab.grant(LedgerLab.scope(["declaration:1", "declaration:4"]))
        let first = try await Self.page(lab)
        #expect(LedgerLab.buyers(first.entries) == ["Buyer 1"])
        let revocation = try await lab.revoke(grant)
        let recorded = try lab.ledger.accessLog.head
        let error = try await Self.fault(lab, after: first)
        #expect(error?.code == .grantEnded)
        #expect(error?.reason.contains("position \(grant)") == true)
        #expect(error?.reason.contains("revoked at position \(revocation)") == true)
        #expect(try lab.ledger.accessLog.head == recorded, "nothing was disclosed, so nothing is recorded")
        let again = try await Self.page(lab, 10)
        #expect(again.entries.count == 4 && LedgerLab.buyers(again.entries) == [])
        try lab.reopen()
        #expect(try await Self.fault(lab, after: first)?.code == .grantEnded)
    }

    @Test("A grant that expires between two pages stops the second, noted or not")
    func expired() async throws {
        let lab = try await LedgerLab()
        try await lab.declare(4)
        let end = LedgerLab.soon(8)
        let grant = try await lab.grant(LedgerLab.scope(to: end))
        let first = try await Self.page(lab)
        #expect(LedgerLab.buyers(first.entries) == ["Buyer 1"])
        try await LedgerLab.wait(until: end)
        let error = try await Self.fault(lab, after: first)
        #expect(error?.code == .grantEnded && error?.reason.contains("position \(grant)") == true)
        #expect(error?.reason.contains("expired at \(end)") == true)
        let noted = try await lab.ledger.settle()
        let after = try await Self.fault(lab, after: first)
        #expect(after?.code == .grantEnded && after?.reason.contains("expired at position \(noted[0])") == true)
    }

    @Test("What ended without having been relied on stops nothing")
    func unrelated() async throws {
        let lab = try await LedgerLab()
        try await lab.declare(4)
        let used = try await lab.grant()
        let unused = try await lab.grant(LedgerLab.scope(["declaration:4"]))
        let first = try await Self.page(lab)
        _ = try await lab.revoke(unused)
        let second = try await Self.page(lab, after: first.next)
        #expect(second.entries.count == 2)
        #expect(try await Self.page(lab, after: second.next).entries.isEmpty, "nothing but declarations is asked for")
        // A page that relies on nothing hands on what the ones before relied on.
        let one = try await Self.page(lab, 1)
        let two = try await Self.page(lab, 1, after: one.next)
        _ = try await lab.revoke(used)
        #expect(try await Self.fault(lab, after: two)?.code == .grantEnded)
        let anew = try await Self.page(lab)
        #expect(try await Self.page(lab, after: anew.next).entries.count == 2)
    }

    @Test("A case that is closed stops the next page as well")
    func closed() async throws {
        let lab = try await LedgerLab()
        try await lab.declare(4)
        let assistance = try await lab.ledger.append(
            .assistanceRequested(
                AssistanceRequest(.smuggling, LedgerLab.scope(), deadline: LedgerLab.soon(60))), as: "TAX"
        ).position
        _ = try await lab.decide(assistance)
        let first = try await Self.page(lab)
        #expect(LedgerLab.buyers(first.entries) == ["Buyer 1"])
        _ = try await lab.ledger.append(.assistanceClosed(assistance: assistance, reasons: []), as: "TAX")
        let error = try await Self.fault(lab, after: first)
        #expect(error?.code == .grantEnded && error?.reason.contains("closed at position") == true)
    }

    @Test(
        "A sharing rule or a purpose that ends, and a prohibition that comes, stop the next page",
        arguments: [
            ("end", "rule", #"{"id":"price"}"#), ("end", "purpose", #"{"code":"duty"}"#),
            ("end", "agency", #"{"code":"TAX"}"#),
            (
                "put", "rule",
                #"{"id":"closed","effect":"prohibit","readers":{"agencies":["TAX"]},"fields":{"compartments":["trade-secret"]}}"#
            ),
        ])
    func rules(_ change: String, _ kind: String, _ value: String) async throws {
        let lab = try await LedgerLab()
        try await lab.declare(4)
        let tax = Reader(.authority, agency: "TAX", purpose: "duty")
        let first = try await Self.page(lab, for: tax)
        let changes = change == "end" ? CharterLab.end(kind, value) : CharterLab.put(kind, value)
        let data = String(decoding: try CharterLab.amendment(changes, by: ["CUS-1", "BOR-1"]).text, as: UTF8.self)
        _ = try await lab.ledger.amend(
            Array(
                #"{"specversion":"1.0","id":"a","source":"/charter","type":"sanhu.charter.amended","data":\#(data)}"#
                    .utf8))
        let cursor = try #require(first.next)
        let error = try await LedgerLab.fault { _ = try await Self.page(lab, after: cursor, for: tax) }
        #expect(error?.code == .ruleEnded, "\(String(describing: error))")
        // One that relied on nothing goes on.
        let border = Reader(.authority, agency: "BOR")
        let page = try await Self.page(lab, for: border)
        #expect(try await Self.page(lab, after: page.next, for: border).entries.count == 2)
    }

    @Test("A cursor of another reader, case, query or direction is refused, and what is none")
    func foreign() async throws {
        let lab = try await LedgerLab()
        try await lab.declare(4)
        let cursor = try #require(try await Self.page(lab).next)
        for reader in [
            Reader(.authority, agency: "BOR", purpose: "case", caseName: "T-7"),
            Reader(.authority, agency: "TAX", purpose: "case", caseName: "T-8"),
            Reader(.authority, agency: "TAX", purpose: "duty", caseName: "T-7"), .public,
        ] {
            let error = try await LedgerLab.fault { _ = try await Self.page(lab, after: cursor, for: reader) }
            #expect(error?.code == .invalidCursor)
        }
        for (query, isBackwards, asOf) in [
            (Query.all, false, nil), (Self.query, true, nil), (Self.query, false, Timestamp.now()),
        ] {
            let error = try await LedgerLab.fault {
                _ = try await lab.ledger.page(
                    query, ReadRange(isBackwards: isBackwards), for: Self.reader, asOf: asOf, after: cursor)
            }
            #expect(error?.code == .invalidCursor)
        }
        for text in ["", "x", "e30", String(repeating: "A", count: 40_000)] {
            let error = #expect(throws: ExchangeError.self) { try PageCursor(text) }
            #expect(error?.code == .invalidCursor)
        }
    }

    @Test(
        "A forged cursor opens nothing: whatever it says, a page shows at most what a new read shows", arguments: 0..<12
    )
    func forged(_ seed: UInt64) async throws {
        var dice = Dice(seed: seed)
        let lab = try await LedgerLab()
        try await lab.declare(4)
        let grant = try await lab.grant(LedgerLab.scope(["declaration:1", "declaration:2"]))
        let cursor = try #require(try await Self.page(lab, 1).next)
        let isRevoked = dice.oneIn(2)
        if isRevoked { _ = try await lab.revoke(grant) }
        let decoded = try #require(Base64.decode(cursor.text, .url))
        let text = String(decoding: decoded, as: UTF8.self)
        // What each is answered with; nil: a page.
        let standing: ExchangeError.Code? = isRevoked ? .grantEnded : nil
        let end = dice.below(9)
        let forgeries: [(text: String, code: ExchangeError.Code?)] = [
            (text.replacing(#""grants":[\#(grant)]"#, with: #""grants":[]"#), nil),
            // The third entry is a declaration.
            (text.replacing(#""grants":[\#(grant)]"#, with: #""grants":[\#(dice.below(8)),3]"#), .invalidCursor),
            (text.replacing(#""from":2"#, with: #""from":\#(dice.pick([0, 1, 3, 4, 5, 6, 7, 8]))"#), standing),
            // A number does not begin with a zero.
            (text.replacing(#""to":"#, with: #""to":\#(end)"#), end == 0 ? .invalidCursor : standing),
            (text.replacing(#""rules":[]"#, with: #""rules":["price"]"#), standing),
            (text.replacing(#""began":"20"#, with: #""began":"19"#), standing),
            (text.replacing(#""read":""#, with: #""read":"A"#), .invalidCursor),
        ]
        let open = try await lab.ledger.read(Self.query, for: Self.reader)
        #expect(LedgerLab.buyers(open).count == (isRevoked ? 0 : 2))
        for (forged, code) in forgeries {
            try #require(forged != text, "seed \(seed): nothing is forged in \(text)")
            let error = try await LedgerLab.fault {
                let cursor = try PageCursor(Base64.encode(Array(forged.utf8), .url))
                let page = try await Self.page(lab, 10, after: cursor)
                #expect(page.entries.allSatisfy(open.contains), "seed \(seed): \(forged)")
            }
            #expect(error?.code == code, "seed \(seed): \(forged)")
        }
        // With one letter changed it is a cursor or none, and never a crash.
        var refused = 0
        for _ in 0..<100 {
            var bytes = Array(cursor.text.utf8)
            bytes[dice.below(bytes.count)] = dice.pick(Array("ABCxyz019-_=!".utf8))
            let changed = String(decoding: bytes, as: UTF8.self)
            let error = try await LedgerLab.fault {
                let page = try await Self.page(lab, 10, after: try PageCursor(changed))
                #expect(page.entries.allSatisfy(open.contains), "seed \(seed)")
            }
            guard let error else { continue }
            refused += 1
            #expect(error.code == .invalidCursor || error.code == standing, "seed \(seed): \(error) for \(changed)")
        }
        #expect(refused > 0)
    }
}
