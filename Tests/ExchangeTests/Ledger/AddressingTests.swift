import EventLog
import Exchange
import TestSupport
import Testing

/// Addresses in a ledger, where the tags of what is sealed as a whole are blinded.
@Suite("A ledger that shares with those an entry addresses", .fewAtOnce)
struct AddressingTests {
    private static let image = "urn:sanhu:schema:image.reviewed:1"
    private static let alert = "urn:sanhu:schema:alert.notified:1"
    private static let flag = "urn:sanhu:schema:risk.flagged:1"

    private static func mark(_ sharingClass: String, _ compartment: String, subject: String = "") -> String {
        #""x-sharing": {"class": "\#(sharingClass)", "compartment": "\#(compartment)", "owner": "CUS"\#(subject), "bytes": 256}"#
    }

    private static func charter() throws -> [UInt8] {
        let keys = try ["CUS-1"].map {
            #"{"id":"\#($0)","agency":"CUS","public":"\#(try CharterLab.publicKey($0))"}"#
        }
        let agencies = ["CUS", "BOR", "MSA", "TAX"].map { #"{"code":"\#($0)","title":"x","kind":"authority"}"# }
        let disclosure = try ["requested", "decided"].map { name in
            let document = String(decoding: try CharterLab.file("disclosure.\(name).schema.json"), as: UTF8.self)
            return
                #"{"uri":"urn:sanhu:schema:disclosure.\#(name):1","type":"sanhu.disclosure.\#(name)","document":\#(document)}"#
        }
        return try LedgerLab.founding(
            #"""
            {"amendment": {"threshold": 1, "agencies": ["CUS"]},
             "agencies": [\#(agencies.joined(separator: ",")), {"code": "LAB", "title": "x", "kind": "participant"}],
             "keys": [\#(keys.joined(separator: ","))],
             "powers": [{"id": "cus", "agency": "CUS", "types": ["sanhu.image.*", "sanhu.alert.*", "sanhu.risk.*", "sanhu.disclosure.*"]},
              {"id": "tax", "agency": "TAX", "types": ["sanhu.disclosure.*", "sanhu.image.*"]}],
             "sources": [{"prefix": "/CUS", "agency": "CUS"}, {"prefix": "/TAX", "agency": "TAX"}],
             "schemas": [{"uri": "\#(image)", "type": "sanhu.image.reviewed", "document": {"type": "object",
               "properties": {"image": {"type": "string", \#(mark("conditional", "image"))},
               "notes": {"type": "string", \#(mark("conditional", "method"))}}}},
              {"uri": "\#(alert)", "type": "sanhu.alert.notified", "document": {"type": "object", \#(mark("conditional", "alert"))}},
              {"uri": "\#(flag)", "type": "sanhu.risk.flagged", "document": {"type": "object", \#(mark("restricted", "method"))}},
              \#(disclosure.joined(separator: ","))],
             "rules": [{"id": "image-to-joint", "effect": "permit", "readers": {"kinds": ["authority"], "addressed": true},
               "fields": {"types": ["sanhu.image.reviewed"], "compartments": ["image"]}, "purposes": ["joint"]},
              {"id": "alert-to-addressed", "effect": "permit", "readers": {"addressed": true},
               "fields": {"compartments": ["alert"]}, "purposes": ["joint"]}],
             "purposes": [{"code": "joint", "version": 1, "title": "联合查验"}, {"code": "case", "version": 1, "title": "案件"}]}
            """#, by: ["CUS-1"])
    }

    private static func event(
        _ type: String, _ schema: String, _ id: String, by agency: String = "CUS", _ data: String, _ tags: String...
    ) throws -> AgencyEvent {
        let event = LedgerLab.event("sanhu." + type, schema, id: id, source: "/" + agency, data)
        return AgencyEvent(event.event, tags: try tags.map { try EventLog.Tag($0) })
    }

    private static func joint(_ agency: String) -> Reader { Reader(.authority, agency: agency, purpose: "joint") }

    @Test("The agencies of a joint inspection see its image and no notes; to others the image is withheld")
    func images() async throws {
        let lab = try await LedgerLab(charter: Self.charter())
        let data = #"{"image":"sha256:77","notes":"how we look"}"#
        let shared = try Self.event("image.reviewed", Self.image, "1", data, "agency:BOR", "agency:MSA")
        let alone = try Self.event("image.reviewed", Self.image, "2", data)
        // An agency that sends an image opens its own event to whom it likes, and nothing else.
        let sent = try Self.event("image.reviewed", Self.image, "3", by: "TAX", data, "agency:TAX", "agency:MSA")
        _ = try await lab.ledger.append([shared, alone], as: "CUS")
        _ = try await lab.ledger.append([sent], as: "TAX")
        func images(_ agency: String) async throws -> [Bool] {
            try await lab.seen(by: Self.joint(agency)).map {
                #expect($0 != "stub" && (agency == "TAX" || !$0.contains("how we look")))
                return $0.contains("sha256:77")
            }
        }
        #expect(try await images("BOR") == [true, false, false])
        #expect(try await images("MSA") == [true, false, true])
        #expect(try await images("TAX") == [false, false, true])
        // Without the purpose, or by another agency's code, nothing is open.
        let silent = try await lab.seen(by: Reader(.authority, agency: "MSA"))
        #expect(silent.allSatisfy { !$0.contains("sha256:77") })
    }

    @Test("An event sealed as a whole is seen by those it addresses, though its tags are blinded")
    func sealedEvents() async throws {
        let lab = try await LedgerLab(charter: Self.charter())
        let first = try Self.event("alert.notified", Self.alert, "1", #"{"x":"norovirus"}"#, "agency:BOR", "agency:LAB")
        let second = try Self.event("alert.notified", Self.alert, "2", #"{"x":"norovirus"}"#)
        _ = try await lab.ledger.append([first, second], as: "CUS")
        let stored = try lab.ledger.log.read(.all, ReadRange(from: 1)).map { String(decoding: $0.bytes, as: UTF8.self) }
        #expect(stored.allSatisfy { !$0.contains("agency:BOR") && !$0.contains("norovirus") })
        func seen(_ reader: Reader) async throws -> [Bool] {
            try await lab.seen(by: reader).map { $0.contains("norovirus") && $0 != "stub" }
        }
        #expect(try await seen(Self.joint("BOR")) == [true, false])
        #expect(try await seen(Self.joint("MSA")) == [false, false])
        #expect(try await seen(Self.joint("CUS")) == [true, true])
        // A participant is also named by it: the tag that names it is blinded, too.
        let named = try EventLog.Tag("agency:LAB")
        #expect(
            try await seen(Reader(.participant, agency: "LAB", identities: [named], purpose: "joint")) == [true, false])
        #expect(try await seen(Reader(.participant, agency: "LAB", purpose: "joint")) == [false, false])
        #expect(try await lab.seen(by: .public) == ["stub", "stub"])
        // Whoever puts the blinded tag on an event of its own addresses nobody by it.
        let owned = try await lab.ledger.read(.all, ReadRange(from: 1), for: Self.joint("CUS"))
        guard case .entry(let event) = owned[0] else {
            Issue.record("the owner gets a stub")
            return
        }
        let copied = AgencyEvent(
            try Self.event("image.reviewed", Self.image, "4", #"{"image":"sha256:77"}"#).event, tags: event.tags)
        _ = try await lab.ledger.append([copied], as: "CUS")
        #expect(try await lab.seen(by: Self.joint("BOR")).allSatisfy { !$0.contains("sha256:77") })
    }

    @Test("A grant opens the event sealed as a whole that is about its object, and no other")
    func grants() async throws {
        let lab = try await LedgerLab(charter: Self.charter())
        let flags = try (1...2).map {
            try Self.event("risk.flagged", Self.flag, "f\($0)", #"{"why":"hunch"}"#, "container:CSQU305438\($0)")
        }
        _ = try await lab.ledger.append(flags, as: "CUS")
        let scope = #"""
            {"owner":"CUS","fields":{"types":["sanhu.risk.flagged"]},"objects":["container:CSQU3054382"],"purpose":"case",
            "case":"T-7","to":"2099-01-01T00:00:00Z"}
            """#
        let request = try Self.event(
            "disclosure.requested", "urn:sanhu:schema:disclosure.requested:1", "r", by: "TAX", scope)
        let asked = try await lab.ledger.append([request], as: "TAX")[0].position
        let decision = try Self.event(
            "disclosure.decided", "urn:sanhu:schema:disclosure.decided:1", "d",
            #"{"request":\#(asked),"outcome":"granted","reasons":["tax case"]}"#)
        _ = try await lab.ledger.append([decision], as: "CUS")
        let reader = Reader(.authority, agency: "TAX", purpose: "case", caseName: "T-7")
        #expect(try await lab.seen(by: reader).prefix(2).map { $0.contains("hunch") } == [false, true])
    }
}
