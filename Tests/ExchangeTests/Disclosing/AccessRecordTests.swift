import EventLog
import Exchange
import JSON
import TestSupport
import Testing

@Suite("Access records")
struct AccessRecordTests {
    private static let tax = Reader(
        .authority, agency: "TAX", role: "assessor", purpose: "assessment", caseName: "case-1")
    private static let price = AccessRecord.AccessedField(type: "sanhu.declaration.lodged", pointer: "/price")

    private static func record(
        _ ranges: [ClosedRange<Position>], _ fields: [AccessRecord.AccessedField] = [price],
        basis: AccessRecord.Basis = .disclosed(.rule("r")), at time: Int = 1, by reader: Reader = tax
    ) -> AccessRecord {
        AccessRecord(
            reader: .init(reader), purpose: reader.purpose, caseName: reader.caseName, basis: basis, owner: "CUS",
            extent: .fields(fields, at: ranges), from: hour(time))
    }

    private static func entry(
        _ fields: [(String, SharingClass)], whole: SharingClass? = nil, type: String = "sanhu.declaration.lodged"
    ) -> ReadableEntry {
        func mark(_ sharingClass: SharingClass) -> SharingMark {
            SharingMark(sharingClass, compartment: "trade-secret", owner: "CUS", bytes: 64)
        }
        return ReadableEntry(
            agency: "SW", type: type, tags: [tag("declaration:1")], wholeEvent: whole.map(mark),
            fields: fields.map { Field(pointer: $0.0, mark: mark($0.1)) })
    }

    private static func read(_ entry: ReadableEntry, _ terms: SharingTerms, by reader: Reader = tax) -> [AccessRecord] {
        let decision = DisclosureDecision.decide(entry, for: reader, under: terms, at: hour(1))
        return AccessRecord.records(of: decision, entry, for: reader, at: [7...7], hour(1))
    }

    @Test("Classified fields that are disclosed are recorded, one record for each basis, and others are not")
    func disclosed() {
        let rule = SharingRule(
            id: "r", .permit, readers: ReaderSelector(), fields: FieldSelector(pointers: ["/price", ""]))
        let grant = Grant(
            position: 3, owner: "CUS", agency: "TAX", fields: FieldSelector(), objects: [tag("declaration:1")],
            purpose: "assessment", caseName: "case-1", validity: Validity())
        let fields: [(String, SharingClass)] = [
            ("/name", .public), ("/office", .shared), ("/price", .conditional), ("/score", .restricted),
        ]
        var terms = SharingTerms(rules: [rule], purposes: ["assessment"])
        #expect(Self.read(Self.entry(fields), terms) == [Self.record([7...7])])
        terms.grants = [grant]
        let score = AccessRecord.AccessedField(type: Self.price.type, pointer: "/score")
        let granted = Self.record([7...7], [score], basis: .disclosed(.grant(3)))
        #expect(Self.read(Self.entry(fields), terms) == [Self.record([7...7]), granted])
        let whole = AccessRecord.AccessedField(type: Self.price.type, pointer: "")
        #expect(Self.read(Self.entry([], whole: .restricted), terms).first?.extent == .fields([whole], at: [7...7]))
        // Whoever owns them, too.
        let customs = Reader(.authority, agency: "CUS")
        #expect(Self.read(Self.entry(fields), terms, by: customs).map(\.basis) == [.disclosed(.owner)])
        // A stub discloses nothing.
        #expect(Self.read(Self.entry([], whole: .restricted), SharingTerms()).isEmpty)
        #expect(Self.read(Self.entry(fields + [("/source", .withheld)]), terms).isEmpty)
    }

    @Test("Reading access records makes one record, never more")
    func reading() {
        // They are no entries of whose fields there could be records.
        let classified = Self.entry([("/reader", .restricted)], type: AccessRecord.eventType)
        #expect(Self.read(classified, SharingTerms(), by: Reader(.authority, agency: "CUS")).isEmpty)
        let auditor = Reader(.auditor, agency: "AUD", purpose: "audit")
        let readings = (0..<100).map { page in
            AccessRecord.reading(
                Position(page * 10)...Position(page * 10 + 5), for: auditor, basis: .sharingClass, at: hour(page))
        }
        let all = AccessRecord.coalesced(readings)
        #expect(all.count == 1 && all.first?.extent == .accessRecords(0...995))
        #expect(all.first?.from == hour(0) && all.first?.to == hour(99))
    }

    @Test("Denials of what was asked for by name are recorded, in as many records as they need")
    func denials() throws {
        let fields = (0..<70).map { AccessRecord.AccessedField(type: "t", pointer: "/\($0)") }
        let records = AccessRecord.denials(fields, for: Self.tax, at: [1...1, 2...3, 9...9], hour(1))
        #expect(records.count == 3 && records.allSatisfy { $0.basis == .denied })
        let told = records.flatMap { record -> [AccessRecord.AccessedField] in
            guard case .fields(let fields, [1...3, 9...9]) = record.extent else { return [] }
            #expect(fields.count <= AccessRecord.maximumFields)
            return fields
        }
        #expect(told == fields.sorted())
        #expect(AccessRecord.denials([], for: Self.tax, at: [1...1], hour(1)).isEmpty)
    }

    @Test("Records of the same reader, purpose, case, basis and fields become one; others stay apart")
    func coalescing() {
        let other = AccessRecord.AccessedField(type: "t", pointer: "/other")
        let same = (0..<10).map { Self.record([$0...$0], at: Int($0)) }
        let apart = [
            Self.record([5...5], [other]), Self.record([5...5], basis: .denied),
            Self.record([5...5], basis: .disclosed(.rule("s"))), Self.record([5...5], by: Reader(.auditor)),
            Self.record([5...5], by: Reader(.authority, agency: "TAX", role: "assessor", purpose: "assessment")),
        ]
        let result = AccessRecord.coalesced(zip(same, apart).flatMap { [$0, $1] } + same + apart)
        #expect(result.count == 6)
        #expect(result.first?.extent == .fields([Self.price], at: [0...9]))
        #expect(result.first?.from == hour(0) && result.first?.to == hour(9))
        #expect(Array(result.dropFirst()) == apart)
    }

    /// What records tell, piece by piece.
    private static func told(_ records: [AccessRecord]) -> Set<[String]> {
        var pieces: Set<[String]> = []
        for record in records {
            guard case .fields(let fields, let ranges) = record.extent else { continue }
            for field in fields {
                for position in ranges.flatMap(Array.init) {
                    pieces.insert(["\(record.basis)", field.pointer, "\(position)"])
                }
            }
        }
        return pieces
    }

    @Test("Put together, records tell the same, are not more, and none has too many ranges", arguments: 0..<20)
    func bounded(_ seed: UInt64) {
        var dice = Dice(seed: seed)
        let other = AccessRecord.AccessedField(type: "t", pointer: "/other")
        let records = (0..<2000).map { _ in
            let first = Position(dice.below(6000))
            return Self.record(
                [first...first + Position(dice.below(2))], dice.oneIn(3) ? [other, Self.price] : [Self.price],
                basis: dice.oneIn(5) ? .denied : .disclosed(.owner))
        }
        let result = AccessRecord.coalesced(records)
        #expect(Self.told(result) == Self.told(records), "seed \(seed)")
        #expect(result.count <= records.count && result.count < 20, "seed \(seed)")
        for record in result {
            guard case .fields(_, let ranges) = record.extent else { continue }
            #expect((1...AccessRecord.maximumRanges).contains(ranges.count), "seed \(seed)")
            #expect(record.event(id: "1", source: "/sanhu/access").count < 65_000, "seed \(seed)")
        }
        #expect(AccessRecord.coalesced(result) == result, "seed \(seed)")
    }
}
