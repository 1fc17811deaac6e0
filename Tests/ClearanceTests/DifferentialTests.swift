import Clearance
import EventLog
import Exchange
import Foundation
import Interchange
import JSON
import TestSupport
import Testing
import Views

@Suite("What readers see of cases", .fewAtOnce)
struct DifferentialTests {
    static let readers: [Reader] = [
        CaseLab.customs, CaseLab.platform, Reader(.authority, agency: "TAX"),
        Reader(.authority, agency: "TAX", role: "assessor", purpose: "duty-assessment"),
        Reader(.authority, agency: "TAX", purpose: "refund", caseName: "T-7"),
        Reader(.authority, agency: "TRE", purpose: "duty-collection"), Reader(.authority, agency: "BOR"),
        Reader(.authority, agency: "ASB", role: "investigator", purpose: "investigation", caseName: "A-1"),
        Reader(.authority, agency: "MSA", purpose: "joint-inspection"), Reader(.auditor, agency: "AUD"), .public,
        Reader(.participant, agency: "TER", identities: [CaseLab.tag("container:C1")]),
        Reader(.participant, agency: "DEC", identities: [CaseLab.tag("declaration:2"), CaseLab.tag("enterprise:E0")]),
        Reader(.party, identities: [CaseLab.tag("enterprise:E1")]),
    ]

    /// The kinds of gaps and what they name; the words are not compared.
    private static func plain(_ bytes: [UInt8]) throws -> NaiveCase.Object {
        var file = try #require(JSONSerialization.jsonObject(with: Data(bytes)) as? NaiveCase.Object)
        if var release = file["release"] as? NaiveCase.Object {
            let missing = release["missing"] as? [NaiveCase.Object] ?? []
            release["missing"] = missing.map { "\($0["kind"] as? String ?? "") \($0["what"] as? String ?? "")" }
            file["release"] = release
        }
        return file
    }

    private static func text(_ value: Any?) throws -> String {
        String(
            decoding: try JSONSerialization.data(withJSONObject: [value ?? NSNull()], options: .sortedKeys),
            as: UTF8.self)
    }

    static func json(
        _ object: String, _ lab: CaseLab, for reader: Reader, asOf: Timestamp?, at position: Position?
    ) async throws -> [UInt8] {
        func read<File: CaseFile>(_ kind: File.Type) async throws -> [UInt8] {
            try await lab.cases.read(kind, of: object, for: reader, asOf: asOf, at: position).json
        }
        switch String(object.prefix { $0 != ":" }) {
        case "container": return try await read(ContainerCase.self)
        case "enterprise": return try await read(EnterpriseCase.self)
        case "permit": return try await read(PermitBalance.self)
        default: return try await read(DeclarationCase.self)
        }
    }

    /// Compares what some readers see of some objects at some positions.
    private static func compare(
        _ lab: CaseLab, _ objects: [String], _ dice: inout Dice, _ count: Int, _ phase: String,
        asOf: Timestamp? = nil
    ) async throws {
        let head = Int(try lab.ledger.log.head)
        var full = 0
        for number in 0..<count {
            let reader = dice.pick(readers)
            let object = dice.pick(objects)
            let position = dice.oneIn(3) ? Position(head) : Position(dice.below(head + 1))
            let events = try await lab.ledger.read(
                Query(tags: [CaseLab.tag(object)]), ReadRange(to: position), for: reader, asOf: asOf)
            let naive = try NaiveCase(object, events)
            let seen = try plain(try await json(object, lab, for: reader, asOf: asOf, at: position))
            if !naive.steps.isEmpty { full += 1 }
            guard try text(seen) == text(naive.file) else {
                let wrong = try Set(seen.keys).union(naive.file.keys).filter {
                    try text(seen[$0]) != text(naive.file[$0])
                }
                Issue.record(
                    """
                    \(phase), seed \(dice.seed), number \(number): \(reader) of \(object) at \(position): \
                    \(wrong.sorted().map { "\($0): \(seen[$0] ?? "none") is not \(naive.file[$0] ?? "none")" })
                    """)
                return
            }
        }
        #expect(full * 3 > count, "\(phase): most files have something in them, seed \(dice.seed)")
    }

    @Test(
        "Of made-up ledgers: it equals folding the events as disclosed; grants, revocations and erasures count at once")
    func madeUp() async throws {
        let lab = try await CaseLab()
        defer { lab.close() }
        var dice = LongForm.dice("cases made up")
        var plot = CasePlot()
        let share = LongForm.scaled(40, full: 125)
        try await plot.append(LongForm.scaled(150, full: 400), to: lab, &dice)
        try await Self.compare(lab, CasePlot.objects, &dice, share, "at first")

        let tax = Self.readers[4]
        // What is asked for must exist.
        let price = try await lab.append(
            "declaration.lodged", by: "DEC",
            #"{"declaration":"1","kind":"goods","commercial":{"price":"CANARY-GRANTED"}}"#)
        func value() async throws -> FactValue? {
            try await lab.declaration("1", for: tax).steps.first { $0.position == price }?["commercial"]
        }
        guard case .withheld(let reason) = try await value() else {
            Issue.record("the price is not withheld")
            return
        }
        #expect(reason.owner == "CUS")
        let before = Timestamp.now()
        let scope = DisclosureScope(
            owner: "CUS", fields: FieldSelector(owners: ["CUS"], compartments: ["trade-secret"]),
            objects: (0..<3).map { CaseLab.tag("declaration:\($0)") }, purpose: "refund", caseName: "T-7",
            to: Timestamp(microseconds: Timestamp.now().microseconds + 86_400_000_000))
        let asked = try await lab.ledger.append(.requested(DisclosureRequest(scope)), as: "TAX").position
        let grant = try await lab.ledger.append(
            .decided(DisclosureRuling(on: asked, .granted, reasons: ["tax case"])), as: "CUS"
        ).position
        #expect(try await value()?.value?["price"]?.string == "CANARY-GRANTED")
        try await plot.append(30, to: lab, &dice)
        try await Self.compare(lab, CasePlot.objects, &dice, share, "after a grant")
        try await Self.compare(lab, CasePlot.objects, &dice, share / 2, "as of before", asOf: before)
        _ = try await lab.ledger.append(.revoked(grant: grant, reasons: ["closed"]), as: "CUS")
        #expect(try await value() == .withheld(reason))
        try await lab.reach()
        try await Self.compare(lab, CasePlot.objects, &dice, share, "after the revocation")

        let held = try await lab.append(
            "hold.placed", by: "CUS",
            #"{"declaration":"1","scope":"all","legalBasis":"Art. 1","officer":{"id":"officer-0","name":"CANARY"}}"#)
        func officer() async throws -> FactValue? {
            try await lab.declaration("1").steps.first { $0.position == held }?["officer"]
        }
        #expect(try await officer()?.value?["name"]?.string == "CANARY")
        let order = ErasureOrder(subject: "officer-0", grounds: ErasureGrounds(basis: "PIPL 47"))
        _ = try await lab.ledger.erase(order, as: "POO")
        #expect(try await officer() == .erased)
        try await lab.reach()
        try await Self.compare(lab, CasePlot.objects, &dice, share, "after an erasure")
    }

    @Test(
        "Of the imported corpora: it equals folding the events as disclosed",
        .enabled(
            if: SharedFolder.has("corpus/kcs/declarations.csv") && SharedFolder.has("corpus/hmrc"),
            "skipped: no corpus (hmrc, kcs) under SANHU_SHARED or ../shared"))
    func corpora() async throws {
        let lab = try await CaseLab()
        defer { lab.close() }
        var dice = LongForm.dice("cases corpora")
        let root = SharedFolder.url.appendingPathComponent("corpus").path
        var drafts = WCOImporter(paths: [root + "/hmrc"]).batches().flatMap(\.drafts)
        let part = LongForm.scaled(200, full: 20)
        for batch in KCSImporter(paths: [root + "/kcs/declarations.csv"]).batches() {
            drafts += zip(batch.drafts, batch.origins).filter { ($0.1.line ?? 0) % part == 0 }.map(\.0)
        }
        try await lab.append(drafts)
        let kinds = ["declaration", "container", "enterprise", "permit", "lrn"]
        let objects = Set(drafts.flatMap(\.tags).filter { kinds.contains(String($0.kind)) }.map(\.text)).sorted()
        #expect(objects.count > 500)
        try await Self.compare(lab, objects, &dice, LongForm.scaled(150, full: 500), "corpora")
    }
}
