import EventLog
import Exchange
import Foundation
import Snapshots
import TestSupport
import Testing
import Zstandard

/// Values that can be recognised, planted in every classified field of every schema.
@Suite("Canaries in classified fields", .fewAtOnce, .serialized)
struct CanaryTests {
    private static func json(_ object: SchemaSample.Object) throws -> String {
        String(decoding: try JSONSerialization.data(withJSONObject: object, options: .sortedKeys), as: UTF8.self)
    }

    /// An agency that may append events of a type, by the charter as it is read here.
    static func agency(for type: String) throws -> String {
        // Those that read here without being cleared send nothing that is classified, but for what they own.
        let senders = ["CUS", "DEC", "TER", "SW", "ASB", "BOR", "TRE", "CAR", "POO", "FX", "TAX"]
        let agencies = try agencies(for: type)
        return try #require(senders.first(where: agencies.contains), "\(type)")
    }

    /// The agencies that may append events of a type at any port.
    private static func agencies(for type: String) throws -> Set<String> {
        let charter = try NaivePort.object(CharterLab.file("charter.json"))
        let powers = (charter["powers"] as? [NaivePort.Object] ?? []).filter { $0["ports"] == nil }
        let covering = powers.filter { power in
            (power["types"] as? [String] ?? []).contains {
                $0 == type || $0.hasSuffix(".*") && type.hasPrefix($0.dropLast())
            }
        }
        return Set(covering.compactMap { $0["agency"] as? String })
    }

    /// One event of each schema but those of disclosure, whose data follow from one another.
    static func events() throws -> [PlainEvent] {
        try PortSchemas.all.filter { !$0.governs }.map { schema in
            let sample = try SchemaSample(schema)
            return PlainEvent(
                String(schema.type.dropFirst("sanhu.".count)), agency: try agency(for: schema.type),
                id: "canary-\(schema.uri)", subject: sample.isSealedWhole ? Canary.classified : nil,
                schema: schema.uri, data: try json(sample.data()))
        }
    }

    /// The events of disclosure that have classified fields.
    private static func disclosure(_ lab: PortLab) async throws {
        let scope = #""objects":["declaration:x"],"purpose":"investigation","case":"A-1","to":"2099-01-01T00:00:00Z""#
        let fields = #""owner":"CUS","fields":{"classes":["restricted"]}"#
        try await lab.append([
            PlainEvent(
                "disclosure.requested", agency: "SW", id: "canary-request",
                data: #"{\#(fields),\#(scope),"purposeDetail":"\#(Canary.classified)"}"#)
        ])
        let asked = try await lab.append([
            PlainEvent(
                "assistance.requested", agency: "SW", id: "canary-assistance",
                data:
                    #"{"kind":"smuggling",\#(fields),\#(scope),"deadline":"2098-01-01T00:00:00Z","subject":"\#(Canary.classified)"}"#
            )
        ])
        try await lab.append([
            PlainEvent(
                "assistance.answered", agency: "CUS", id: "canary-answer",
                data:
                    #"{"assistance":\#(asked[0].position),"result":"provided","evidence":["\#(Canary.classified)"]}"#)
        ])
    }

    static func filled() async throws -> PortLab {
        let lab = try await PortLab()
        for event in try events() { #expect(try await lab.append([event]) != [], "\(event.bytes)") }
        try await disclosure(lab)
        return lab
    }

    @Test("The search finds a canary that is there: plain, in hexadecimal, in base64 of something larger, compressed")
    func control() throws {
        let needles = Canary.needles(withShared: true)
        for canary in [Canary.classified, Canary.shared, String(Canary.number), Canary.hash] {
            for before in 0..<4 {
                let text = #"{"a":"\#(String(repeating: "é", count: before))","b":["\#(canary)"],"c":\#(before)}"#
                let encoded = Data(text.utf8).base64EncodedString()
                let url = encoded.replacing("+", with: "-").replacing("/", with: "_")
                for form in [text, encoded, url, Hex.encode(Array(text.utf8))] {
                    #expect(!Canary.found(needles, in: Array(("xyz" + form + "xyz").utf8)).isEmpty, "\(form)")
                }
            }
        }
        #expect(Canary.found(needles, in: Array("KANARIENVOGEL-7Q9 and others".utf8)) == [])
    }

    @Test("Each classified field has one, but for numbers and codes too short for it")
    func planted() async throws {
        let lab = try await Self.filled()
        for entry in try lab.ledger.log.read(.all, ReadRange()) where lab.plain[entry.position] != nil {
            let plain = try #require(lab.plain[entry.position])
            let uri = try #require(try NaivePort.object(plain.bytes)["dataschema"] as? String)
            let schema = try #require(PortSchemas.all.first { $0.uri == uri })
            let data = try #require(try NaivePort.object(plain.bytes)["data"] as? NaivePort.Object)
            guard !schema.governs else { continue }
            for name in try SchemaSample(schema).classified {
                let text = try JSONSerialization.data(withJSONObject: [data[name]])
                let takesText = try SchemaSample(schema).takesText(name)
                #expect(Canary.found(Canary.needles(withShared: true), in: text).isEmpty != takesText, "\(uri) \(name)")
            }
        }
        lab.close()
    }

    @Test("They are in no file of the ledger or its snapshot, as they are, in base64 or decompressed")
    func files() async throws {
        let lab = try await Self.filled()
        // The owners read, so that all that is written about reading is there too.
        for agency in ["CUS", "ASB", "BOR", "MSA", "POO"] {
            let seen = try await lab.ledger.read(.all, ReadRange(), for: Reader(.authority, agency: agency))
            guard agency == "CUS" else { continue }
            let text = seen.flatMap { entry -> [UInt8] in if case .entry(let event) = entry { event.event } else { [] }
            }
            #expect(!Canary.found([Array(Canary.classified.utf8)], in: text).isEmpty, "the owner sees them")
        }
        let signers = try [("log", PortLab.signer), ("access", PortLab.accessSigner)]
        for (name, signer) in signers {
            let log = name == "log" ? lab.ledger.log : lab.ledger.accessLog
            _ = try SnapshotExporter(log: log, signer: signer).export(to: lab.folder.path(name + ".zst"))
        }
        lab.close()
        let needles = Canary.needles(withShared: true)
        var looked = 0
        let files = try #require(FileManager.default.enumerator(atPath: lab.folder.path))
        for case let name as String in files {
            let url = lab.folder.url.appendingPathComponent(name)
            guard try url.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile == true else { continue }
            let data = try Data(contentsOf: url)
            looked += 1
            #expect(Canary.found(needles, in: data) == [], "\(name)")
            #expect(Canary.found(needles, in: Array(name.utf8)) == [], "\(name)")
            guard name.hasSuffix(".zst") else { continue }
            let text = try Self.decompressed(Array(data))
            #expect(text.count > 1_000 && Canary.found(needles, in: text) == [], "\(name), decompressed")
        }
        #expect(looked > 8)
    }

    static func decompressed(_ bytes: [UInt8]) throws -> [UInt8] {
        var decompressor = try ZstandardDecompressor()
        var output: [UInt8] = []
        var start = 0
        while true {
            let step = try decompressor.decompress(bytes.span.extracting(start...), to: &output)
            start += step.taken
            if step.needsInput, start == bytes.count { break }
        }
        return output
    }

    @Test("Readers who are not cleared get none of them: neither in events nor in tags, nor in what is said of fields")
    func readers() async throws {
        let lab = try await Self.filled()
        let named = ["enterprise:x", "declaration:x"].compactMap { try? EventLog.Tag($0) }
        let authorities = ["TRA", "TAX", "COM", "MKT", "TRE"].flatMap { agency in
            [nil, "statistics", "curiosity"].map { Reader(.authority, agency: agency, purpose: $0) }
        }
        let outside = [
            Reader.public, Reader(.auditor, agency: "AUD"), Reader(.authority, agency: "AUD", purpose: "audit"),
            Reader(.authority, agency: "XXX", purpose: "investigation", caseName: "A-1"),
            Reader(.authority, agency: "TAX", role: "investigator", purpose: "investigation", caseName: "A-1"),
            Reader(.authority, agency: "RAIL"), Reader(.authority, agency: "FOR", purpose: "clearance"),
        ]
        // Those that an event names see what is shared with them.
        let party = [Reader(.party, identities: named), Reader(.authority, agency: "LAB", identities: named)]
        for (readers, withShared) in [(authorities, false), (party, false), (outside, true)] {
            for reader in readers {
                let text = Self.text(Self.notOwn(try await lab.ledger.read(.all, ReadRange(), for: reader), reader))
                let found = Canary.found(Canary.needles(withShared: withShared), in: text)
                // A statistician of commerce is given prices by a rule of the charter.
                let isCleared = reader.agency == "COM" && reader.purpose == "statistics"
                #expect(found.isEmpty != isCleared, "\(reader) \(found)")
            }
        }
        lab.close()
    }

    /// Types whose classified fields belong to agencies that are not cleared for any other.
    private static let owned = [
        "TRE": ["sanhu.duty.paid", "sanhu.guarantee.lodged", "sanhu.guarantee.claimed"],
        "TAX": ["sanhu.refund.claimed", "sanhu.refund.decided"], "COM": ["sanhu.permit.issued"],
        "AUD": ["sanhu.rule.breached"],
    ]

    /// What a reader sees but does not own.
    static func notOwn(_ seen: [SeenEntry], _ reader: Reader) -> [SeenEntry] {
        let owned = owned[reader.agency ?? ""] ?? []
        return seen.filter { entry in
            guard case .entry(let event) = entry else { return true }
            let text = String(decoding: event.event, as: UTF8.self)
            return !owned.contains { text.contains("\"\($0)\"") }
        }
    }

    /// All that is said of entries to a reader.
    private static func text(_ entries: [SeenEntry]) -> [UInt8] {
        entries.flatMap { entry in
            guard case .entry(let event) = entry else { return Array("\(entry)".utf8) }
            return Array("\(entry)".utf8) + event.event + Array("\(event.tags)".utf8)
        }
    }

    /// The kinds of all tags that the schemas make of data, and those that name persons.
    private static func tagKinds() throws -> [String] {
        let kinds = try PortSchemas.all.flatMap { Array(try $0.tagKinds().values) }
        return Set(kinds + ["person", "passport", "agency", "owner", "case"]).sorted()
    }

    @Test(
        "By a query nobody who is not cleared gets one or learns that it is there: by tags of each kind, by each type")
    func queries() async throws {
        let lab = try await Self.filled()
        let kinds = try Self.tagKinds()
        #expect(kinds.count >= 9, "\(kinds)")
        let planted = try kinds.flatMap { kind in
            try [Canary.classified, Canary.shared, Canary.hash, String(Canary.number)].map { value in
                Query(tags: [try EventLog.Tag(kind: kind, value: value)])
            }
        }
        let open = try kinds.map { Query(tags: [try EventLog.Tag(kind: $0, value: "x")]) }
        let types = Set(PortSchemas.all.map(\.type)).sorted().map { Query(types: [$0]) }
        let named = ["enterprise:x", "declaration:x"].compactMap { try? EventLog.Tag($0) }
        let readers: [(Reader, withShared: Bool)] = [
            (Reader(.authority, agency: "TRA"), false),
            (Reader(.authority, agency: "TAX", purpose: "curiosity"), false),
            (Reader(.party, identities: named), false), (Reader(.authority, agency: "LAB", identities: named), false),
            (Reader(.auditor, agency: "AUD"), true), (.public, true),
            (Reader(.authority, agency: "XXX", purpose: "investigation", caseName: "A-1"), true),
        ]
        var given: Set<[Int]> = []
        for (reader, withShared) in readers {
            let needles = Canary.needles(withShared: withShared)
            for query in planted {
                #expect(try await lab.ledger.read(query, for: reader).isEmpty, "\(reader) \(query)")
            }
            for query in open + types {
                let seen = try await lab.ledger.read(query, for: reader)
                let stubs = seen.count { if case .stub = $0 { true } else { false } }
                #expect(stubs == 0, "\(reader) \(query)")
                #expect(Canary.found(needles, in: Self.text(Self.notOwn(seen, reader))) == [], "\(reader) \(query)")
                given.insert([query.items.first?.tags.count ?? 0, min(seen.count, 1)])
            }
        }
        // Queries of both kinds gave something, and both gave nothing.
        #expect(given == [[0, 0], [0, 1], [1, 0], [1, 1]])
        // Its owner finds what is sealed as a whole by its type.
        let owned = try await lab.ledger.read(
            Query(types: ["sanhu.risk.flagged"]), for: Reader(.authority, agency: "CUS"))
        #expect(Canary.found([Array(Canary.classified.utf8)], in: Self.text(owned)) != [])
        lab.close()
    }

    @Test("Errors do not tell them: of data that do not fit, of sizes, powers, sources, ids and broken text")
    func errors() async throws {
        let lab = try await Self.filled()
        let needles = Canary.needles(withShared: true)
        var refused = 0
        func expectSilent(_ event: PlainEvent, as agency: String? = nil, _ what: String) async {
            do throws(ExchangeError) {
                _ = try await lab.ledger.append(
                    [AgencyEvent(event.bytes, tags: event.tags)], as: agency ?? event.agency)
                Issue.record("\(what) was taken")
            } catch {
                refused += 1
                let text = "\(error) \(error.reason) \(error.pointer ?? "") \(String(reflecting: error))"
                #expect(Canary.found(needles, in: Array(text.utf8)) == [], "\(what): \(text)")
            }
        }
        for event in try Self.events() {
            let object = try NaivePort.object(event.bytes)
            let type = String((object["type"] as? String ?? "").dropFirst("sanhu.".count))
            let uri = object["dataschema"] as? String ?? ""
            let sample = try SchemaSample(try #require(PortSchemas.all.first { $0.uri == uri }))
            for name in sample.classified {
                for (number, data) in sample.misfits(name).enumerated() {
                    let misfit = PlainEvent(
                        type, agency: event.agency, id: "misfit", schema: uri, data: try Self.json(data))
                    await expectSilent(misfit, "\(uri) \(name) \(number)")
                }
            }
            var other = sample.data()
            guard let name = sample.optional.first else { continue }
            other[name] = nil
            let id = object["id"] as? String ?? ""
            await expectSilent(
                PlainEvent(
                    type, agency: event.agency, id: id, subject: sample.isSealedWhole ? "other" : nil, schema: uri,
                    data: try Self.json(other)), "\(uri) with a known id")
            let foreign = event.agency == "TAX" ? "TRE" : "TAX"
            for (agency, what) in [("AUD", "no power"), ("XXX", "no member"), (foreign, "a foreign source")] {
                await expectSilent(event, as: agency, "\(uri), \(what)")
            }
            let text = String(decoding: event.bytes, as: UTF8.self)
            if try !Self.agencies(for: "sanhu." + type).contains("LAB") {
                await expectSilent(
                    PlainEvent(agency: "LAB", Array(text.replacing("\"/\(event.agency)/1\"", with: "\"/LAB/1\"").utf8)),
                    "\(uri) by an agency without the power")
            }
            if let place = text.range(of: Canary.classified) {
                for end in [place.lowerBound, text.index(place.lowerBound, offsetBy: 9), place.upperBound] {
                    await expectSilent(PlainEvent(agency: event.agency, Array(text[..<end].utf8)), "\(uri), cut")
                    await expectSilent(
                        PlainEvent(agency: event.agency, Array((text[..<end] + "\u{1}" + text[end...]).utf8)),
                        "\(uri), with a control character")
                }
                await expectSilent(
                    PlainEvent(agency: event.agency, Array(text.replacing(Canary.classified, with: "\\ud800").utf8)),
                    "\(uri), with half a character")
            }
        }
        #expect(refused > 300)
        lab.close()
    }
}
