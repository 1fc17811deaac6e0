import EventLog
import Exchange
import Foundation
import JSON
import Testing

/// The catalogue of events, the matrix and the charter, held against one another.
@Suite("The catalogue of the port")
struct PortCatalogueTests {
    /// The catalogue's types, with the agencies that produce them.
    private static let producers: [String: String] = [
        "conveyance.declared": "CAR RAIL CAA", "conveyance.arrived": "TER MSA BOR RAIL TRA",
        "conveyance.departed": "TER MSA BOR RAIL TRA", "manifest.lodged": "CAR DEC", "manifest.decided": "CUS",
        "equipment.moved": "TER RAIL CAR", "seal.recorded": "CUS TER CAR", "declaration.lodged": "DEC",
        "declaration.accepted": "CUS CIQ", "declaration.rejected": "CUS CIQ", "declaration.amended": "DEC CUS",
        "declaration.withdrawn": "DEC CUS", "declaration.examined": "CUS", "permit.issued": "COM ENV AGR DRUG CIQ FOR",
        "permit.verified": "CUS", "permit.writtenoff": "CUS", "risk.assessed": "CUS BOR CIQ MSA",
        "risk.flagged": "CUS BOR CIQ MSA TRA ASB POL", "risk.cleared": "CUS BOR CIQ MSA TRA ASB POL",
        "selection.drawn": "CUS", "intelligence.shared": "ASB CUS BOR POL", "intelligence.sourced": "ASB CUS BOR POL",
        "inspection.ordered": "CUS CIQ BOR MSA TRA", "inspection.notified": "SW MSA",
        "inspection.started": "CUS CIQ BOR MSA TRA", "image.reviewed": "CUS BOR", "lab.reported": "CIQ LAB",
        "inspection.completed": "CUS CIQ BOR MSA TRA", "result.recognised": "CUS CIQ", "recognition.revoked": "CUS CIQ",
        "disposition.decided": "CUS CIQ BOR MSA ASB", "duty.assessed": "CUS TAX", "guarantee.lodged": "INS TRE",
        "guarantee.claimed": "CUS INS", "duty.paid": "TRE", "hold.placed": "CUS CIQ BOR TRA MSA TAX MKT ASB POL",
        "hold.lifted": "CUS CIQ BOR TRA MSA TAX MKT ASB POL", "release.granted": "CUS CIQ BOR TRA MSA",
        "release.completed": "SW", "clearance.closed": "CUS", "assistance.requested": "CUS BOR TAX POL POO",
        "assistance.answered": "CUS BOR TAX POL", "assistance.closed": "CUS BOR TAX POL",
        "violation.recorded": "CUS CIQ BOR MSA TAX MKT", "credit.rated": "CUS MKT TAX FOR",
        "disclosure.requested": "CUS TAX COM", "disclosure.checked": "CUS TAX", "disclosure.decided": "CUS TAX COM",
        "disclosure.disputed": "CUS TAX", "disclosure.expired": "SW", "disclosure.revoked": "CUS TAX",
        "record.corrected": "CUS DEC TER CAR COM", "policy.published": "POO CUS MSA PRI TER", "fee.charged": "TER DEC",
        "declaration.reopened": "CUS", "document.requested": "CUS", "document.supplied": "DEC",
        "refund.claimed": "DEC OWN", "refund.decided": "TAX", "exchange.settled": "FX", "person.crossed": "BOR",
        "quarantine.treated": "CIQ CUS", "deliveryorder.issued": "CAR", "conveyance.decided": "MSA BOR",
        "audit.ordered": "CUS", "audit.completed": "CUS", "notice.issued": "SW",
        "notice.acknowledged": "DEC TER CAR OWN CUS BOR", "information.requested": "CUS",
        "incident.declared": "POO CUS",
        "port.status.changed": "POO", "rule.breached": "SW", "erasure.ordered": "POO",
        "legalhold.placed": "CUS BOR TAX ASB", "legalhold.lifted": "CUS BOR TAX ASB", "access.released": "ASB",
    ]

    /// The types that are about no cell: how the port is governed, and how it speaks of what stands in the log.
    private static let governance: Set = [
        "access.released", "assistance.answered", "assistance.closed", "assistance.requested", "disclosure.checked",
        "disclosure.decided", "disclosure.disputed", "disclosure.expired", "disclosure.requested", "disclosure.revoked",
        "erasure.ordered", "incident.declared", "legalhold.lifted", "legalhold.placed", "notice.acknowledged",
        "notice.issued", "policy.published", "port.status.changed", "record.corrected", "rule.breached",
    ]

    /// The agencies that the domain names.
    private static let agencies = """
        CUS CIQ BOR TRA MSA TAX TRE FX COM MKT ENV AGR DRUG ASB RAIL CAA TER CAR DEC OWN LAB INS POO SW POL PRI FIN POST FOR AUD
        """.split(separator: " ").map(String.init)

    private static func charter() throws -> Charter {
        let founders = ["CUS-1", "BOR-1", "MSA-1", "TAX-1", "POO-1"]
        return try CharterLab.charter(String(decoding: CharterLab.file("charter.json"), as: UTF8.self), by: founders)
    }

    private static func name(_ schema: PortSchema) -> String { String(schema.type.dropFirst("sanhu.".count)) }

    @Test("Each type of the catalogue has a schema, and each schema is in the catalogue")
    func types() {
        #expect(Set(PortSchemas.all.map(Self.name)) == Set(Self.producers.keys))
    }

    @Test("Each of its producers may append it, in its time")
    func powers() throws {
        let charter = try Self.charter()
        let (early, late) = (try CharterLab.time("2016-06-01"), try CharterLab.time("2026-03-01"))
        for (name, agencies) in Self.producers {
            for agency in agencies.split(separator: " ").map(String.init) {
                let time = agency == "CIQ" ? early : late
                let power = charter.power(of: agency, type: "sanhu." + name, port: "CNNSA", at: time)
                #expect(power != nil, "\(agency) \(name)")
            }
        }
        #expect(charter.power(of: "CIQ", type: "sanhu.inspection.ordered", port: nil, at: late) == nil)
        #expect(charter.power(of: "LAB", type: "sanhu.release.granted", port: nil, at: late) == nil)
    }

    @Test("Every agency that the domain names is a member, with a key and a source where it has powers")
    func members() throws {
        let charter = try Self.charter()
        var codes: [String: AgencyStanding] = [:]
        for case .agency(let agency) in charter.values(of: .agency) { codes[agency.code] = AgencyStanding() }
        #expect(Set(codes.keys) == Set(Self.agencies))
        for case .power(let power) in charter.values(of: .power) { codes[power.agency]?.hasPowers = true }
        for case .source(let source) in charter.values(of: .source) { codes[source.agency]?.hasSource = true }
        for (code, standing) in codes { #expect(standing.hasSource == standing.hasPowers, "\(code)") }
    }

    private struct AgencyStanding {
        var hasPowers = false
        var hasSource = false
    }

    @Test("Whoever owns a marked field is a member")
    func owners() throws {
        for schema in PortSchemas.all {
            for mark in try schema.marks() { #expect(Self.agencies.contains(mark.owner), "\(schema.uri) \(mark)") }
        }
    }

    @Test("Each schema has one cell of the matrix, but for those of governance")
    func cells() throws {
        for schema in PortSchemas.all {
            let cell = try SharingCell(of: schema.json)
            #expect((cell == nil) == Self.governance.contains(Self.name(schema)), "\(schema.uri)")
        }
    }

    @Test("Each of the twenty cells has a type that somebody may append, and two authorities who may read it")
    func matrix() throws {
        let charter = try Self.charter()
        let now = try CharterLab.time("2026-03-01")
        let authorities = charter.values(of: .agency).compactMap { value -> String? in
            guard case .agency(let agency) = value, agency.kind == .authority, agency.validity.contains(now) else {
                return nil
            }
            return agency.code
        }
        for cell in SharingCell.all {
            let schemas = try PortSchemas.all.filter { try SharingCell(of: $0.json) == cell }
            #expect(!schemas.isEmpty, "\(cell)")
            let readers = try authorities.filter { code in
                try schemas.contains { try Self.mayRead($0, code, charter, now) }
            }
            #expect(readers.count >= 2, "\(cell)")
            #expect(
                schemas.contains { schema in
                    authorities.contains { charter.power(of: $0, type: schema.type, port: nil, at: now) != nil }
                        || ["CAR", "DEC", "TER", "POST", "RAIL"].contains {
                            charter.power(of: $0, type: schema.type, port: nil, at: now) != nil
                        }
                }, "\(cell)")
        }
    }

    /// Whether an authority may read an event of a schema for some purpose: nothing of it is sealed whole, or a rule opens it.
    private static func mayRead(
        _ schema: PortSchema, _ code: String, _ charter: Charter, _ now: Timestamp
    ) throws -> Bool {
        guard try schema.isSealedWhole, let root = try schema.marks().first else { return true }
        let mark = SharingMark(
            try #require(SharingClass(rawValue: root.sharingClass)), compartment: root.compartment, owner: root.owner,
            bytes: root.bytes)
        return root.owner == code
            || charter.sharingRules(at: now).contains {
                $0.effect == .permit && $0.readers.matches(Reader(.authority, agency: code))
                    && $0.fields.matches(Field(pointer: "", mark: mark), ofType: schema.type)
            }
    }

    @Test("Each schema and each property says in English and in Chinese what it is")
    func words() throws {
        func check(_ schema: JSONValue, _ place: String) {
            for (name, property) in schema["properties"]?.members ?? [] where property.kind == .object {
                let here = place + "/" + name
                #expect(property["description"]?.string?.isEmpty == false, "\(here) has no description")
                #expect(property["x-zh"]?.string.map(Self.isChinese) == true, "\(here) has no x-zh")
                check(property, here)
            }
            if let items = schema["items"] { check(items, place + "/*") }
            for (name, part) in schema["$defs"]?.members ?? [] { check(part, place + "#" + name) }
        }
        for schema in PortSchemas.all {
            let root = try schema.json
            for name in ["title", "description"] { #expect(root[name]?.string?.isEmpty == false, "\(schema.uri)") }
            #expect(root["x-zh"]?.string.map(Self.isChinese) == true, "\(schema.uri)")
            check(root, schema.uri)
        }
    }

    private static func isChinese(_ text: String) -> Bool {
        text.unicodeScalars.contains { (0x4E00...0x9FFF).contains($0.value) }
    }

    @Test("Its schemas fit the events that register them")
    func size() throws {
        for schema in PortSchemas.all { #expect(schema.text.count < CharterLimits.schemaBytes, "\(schema.uri)") }
        let drafts = try CharterDraft.amendments(
            id: "a", basis: 0, schemas: PortSchemas.all.map { try $0.json })
        #expect(drafts.count > 1 && drafts.allSatisfy { $0.count < LogLimits.entryBytes })
        let bases = try drafts.map { try JSONDocument(parsing: $0).root["data"]?["basis"]?.integer }
        #expect(bases == drafts.indices.map { Int64($0) })
        let registered = try drafts.flatMap { draft in
            try JSONDocument(parsing: draft).root["data"]?["changes"]?.elements.compactMap {
                $0["value"]?["uri"]?.string
            } ?? []
        }
        #expect(registered == PortSchemas.all.map(\.uri))
    }

    @Test("A schema that no event has room for is refused, and no schemas make one amendment")
    func tooLarge() throws {
        func schema(_ bytes: Int) throws -> JSONValue {
            let text = String(repeating: "x", count: bytes)
            return try CharterLab.json(#"{"$id":"urn:sanhu:schema:a.b:\#(bytes)","description":"\#(text)"}"#)
        }
        let error = try CharterLab.fault {
            _ = try CharterDraft.amendments(id: "a", basis: 4, schemas: [schema(10), schema(60_000)])
        }
        #expect(error?.code == .limitExceeded)
        for (size, count) in [(20_000, 1), (27_000, 1), (29_000, 2), (50_000, 2), (56_000, 3)] {
            let drafts = try CharterDraft.amendments(
                id: "a", basis: 4, schemas: [schema(size), schema(size), schema(10)])
            #expect(drafts.count == count, "\(size): \(drafts.count)")
            let ids = try drafts.map { try JSONDocument(parsing: $0).root["id"]?.string }
            #expect(ids == ["a", "a.2", "a.3"].prefix(drafts.count).map { $0 })
        }
        #expect(try CharterDraft.amendments(id: "a", basis: 4, schemas: []).count == 1)
    }
}
