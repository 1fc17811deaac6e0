import EventLog
import Exchange
import JSON
import TestSupport
import Testing

/// What the charter of the port opens of the examples in its schemas, and to whom.
@Suite("Who may read the examples, by the charter of the port", .fewAtOnce)
struct PortSharingTests {
    /// Appends the examples of a schema; returns where the first stands.
    private static func append(_ form: String, as agency: String, to lab: PortLab) async throws -> Position {
        let schema = try #require(PortSchemas.all.first { $0.uri == "urn:sanhu:schema:\(form):1" })
        let first = try lab.ledger.log.head
        for (number, example) in (try schema.json["examples"]?.elements ?? []).enumerated() {
            let event = PlainEvent(
                String(schema.type.dropFirst("sanhu.".count)), agency: agency, id: "\(form) \(number)",
                schema: schema.uri, data: String(decoding: example.text, as: UTF8.self))
            try await lab.append([event])
        }
        return first
    }

    /// The text of the event that a reader sees at a position; nil if it is a stub.
    private static func seen(_ position: Position, by reader: Reader, _ lab: PortLab) async throws -> String? {
        let range = ReadRange(from: position, to: position + 1)
        let seen = try #require(try await lab.ledger.read(.all, range, for: reader).first)
        guard case .entry(let event) = seen else { return nil }
        return String(decoding: event.event, as: UTF8.self)
    }

    @Test(
        "An image: where it is kept is told to inspectors of the agencies of the joint inspection, what is made of it to all authorities"
    )
    func images() async throws {
        let lab = try await PortLab()
        let image = try await Self.append("image.reviewed", as: "CUS", to: lab)
        func text(_ agency: String, _ role: String?, _ purpose: String?) async throws -> String {
            let reader = Reader(.authority, agency: agency, role: role, purpose: purpose)
            return try #require(try await Self.seen(image, by: reader, lab), "\(agency)")
        }
        #expect(try await text("BOR", "inspector", "joint-inspection").contains("images/2026/03/IMG-7"))
        for (agency, role, purpose) in [
            ("MSA", "inspector", "joint-inspection"), ("BOR", nil, "joint-inspection"),
            ("BOR", "inspector", "statistics"),
        ] {
            let text = try await text(agency, role, purpose)
            #expect(!text.contains("images/2026") && text.contains(#""verdict":"suspicious""#), "\(agency) \(purpose)")
        }
        #expect(try await !text("BOR", "inspector", "joint-inspection").contains("Density"), "notes are by grant alone")
        lab.close()
    }

    @Test("A crossing is a stub to whoever no rule names, also to one who knows the passport's number")
    func crossings() async throws {
        let lab = try await PortLab()
        let crossing = try await Self.append("person.crossed", as: "BOR", to: lab)
        let passport = Query(tags: [try EventLog.Tag(kind: "person", value: "E12345678")])
        let customs = Reader(.authority, agency: "CUS", purpose: "risk-analysis")
        let seen = try #require(try await Self.seen(crossing, by: customs, lab))
        #expect(seen.contains("E12345678") && seen.contains("Wang Fang"))
        #expect(try await lab.ledger.read(passport, for: customs).count == 1)
        let others = [
            Reader(.authority, agency: "TRA", purpose: "risk-analysis"),
            Reader(.authority, agency: "CUS", purpose: "statistics"),
            Reader(.auditor, agency: "AUD", purpose: "audit"), .public,
        ]
        for reader in others {
            #expect(try await Self.seen(crossing, by: reader, lab) == nil, "\(reader)")
            #expect(try await lab.ledger.read(passport, for: reader).isEmpty, "\(reader)")
        }
        lab.close()
    }

    @Test(
        "A draw: an auditor sees commitment, hashes and seed; nobody but its owner and inspectors what was picked before it is revealed"
    )
    func draws() async throws {
        let lab = try await PortLab()
        let drawn = try await Self.append("selection.drawn", as: "CUS", to: lab) + 1
        let pick = "declaration:220020261000000014"
        let auditor = Reader(.auditor, agency: "AUD", purpose: "audit")
        #expect(try await Self.seen(drawn - 1, by: auditor, lab)?.contains("commitment") == true)
        #expect(try await Self.seen(drawn + 1, by: auditor, lab)?.contains(#""seed":"000102"#) == true)
        #expect(try await Self.seen(drawn + 1, by: auditor, lab)?.contains(pick) == true)
        for reader in [auditor, Reader(.authority, agency: "TAX", purpose: "clearance")] {
            let text = try #require(try await Self.seen(drawn, by: reader, lab))
            #expect(text.contains("poolHash") && !text.contains(pick), "\(reader)")
        }
        let inspector = Reader(.authority, agency: "CUS", role: "inspector", purpose: "joint-inspection")
        #expect(try await Self.seen(drawn, by: inspector, lab)?.contains(pick) == true)
        let declarant = Reader(.authority, agency: "DEC", purpose: "clearance")
        #expect(try await Self.seen(drawn, by: declarant, lab) == nil)
        lab.close()
    }

    @Test("Policies and the state of ports are for everyone; an incident is for authorities, its details by grant")
    func policies() async throws {
        let lab = try await PortLab()
        let policy = try await Self.append("policy.published", as: "POO", to: lab)
        let port = try await Self.append("port.status.changed", as: "POO", to: lab)
        let incident = try await Self.append("incident.declared", as: "POO", to: lab)
        #expect(try await Self.seen(policy, by: .public, lab)?.contains("TER-LIFT") == true)
        #expect(try await Self.seen(port, by: .public, lab)?.contains("CNNSA") == true)
        #expect(try await Self.seen(incident, by: .public, lab) == nil)
        let border = try #require(
            try await Self.seen(incident, by: Reader(.authority, agency: "BOR", purpose: "risk-analysis"), lab))
        #expect(border.contains("unilateral-boarding") && !border.contains("Drill on berth"))
        lab.close()
    }

    @Test("A notice reaches the declarant and the enterprise that it names, and no other")
    func notices() async throws {
        let lab = try await PortLab()
        let notice = try await Self.append("notice.issued", as: "SW", to: lab)
        let enterprise = try EventLog.Tag("enterprise:91350100M000100Y43")
        let (told, others) = (try EventLog.Tag("agency:DEC"), try EventLog.Tag("agency:TER"))
        let declarant = Reader(.participant, agency: "DEC", identities: [told])
        for reader in [declarant, Reader(.party, identities: [enterprise])] {
            #expect(try await Self.seen(notice, by: reader, lab)?.contains("release-1") == true, "\(reader)")
        }
        let stranger = Reader(.party, identities: [try EventLog.Tag("enterprise:91110000600037341L")])
        let terminal = Reader(.participant, agency: "TER", identities: [others])
        // A name of another agency is none.
        let impostor = Reader(.participant, agency: "TER", identities: [told])
        for reader in [terminal, impostor, stranger, .public] {
            #expect(try await Self.seen(notice, by: reader, lab) == nil, "\(reader)")
        }
        lab.close()
    }
}
