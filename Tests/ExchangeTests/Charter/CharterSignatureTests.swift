import Crypto
import EventLog
import Exchange
import JSON
import Testing

@Suite("Signatures under charter events")
struct CharterSignatureTests {
    private static let change = CharterLab.put("purpose", #"{"code":"audit","version":1,"title":"审计"}"#)

    @Test("A charter is founded by all its founders and not by fewer")
    func founders() throws {
        _ = try CharterLab.charter()
        for missing in CharterLab.founders.indices {
            var keys = CharterLab.founders
            keys.remove(at: missing)
            let error = try CharterLab.fault { _ = try CharterLab.charter(by: keys) }
            #expect(error?.code == .notEnoughSignatures)
        }
        let unsigned = try CharterLab.fault {
            _ = try Charter(
                founding: CharterFounding(CharterLab.json(CharterLab.data())), origin: CharterLab.origin,
                recorded: CharterLab.time(CharterLab.founded))
        }
        #expect(unsigned?.code == .notEnoughSignatures)
    }

    @Test("An amendment needs k of the n agencies: k−1 are too few, any k are enough")
    func threshold() throws {
        let charter = try CharterLab.charter()
        for keys in [["CUS-1", "TAX-1"], ["BOR-1", "CUS-2"], ["TAX-1", "BOR-1", "CUS-1"]] {
            #expect(
                try charter.amended(Self.change, by: keys).purpose("audit", at: CharterLab.time("2017-01-01")) != nil)
        }
        for keys in [[], ["CUS-1"], ["BOR-1"]] {
            #expect(
                try CharterLab.fault { _ = try charter.amended(Self.change, by: keys) }?.code == .notEnoughSignatures)
        }
    }

    @Test("An agency that signs with two keys counts once, and one that takes no part in amending not at all")
    func distinct() throws {
        let charter = try CharterLab.charter()
        for keys in [["CUS-1", "CUS-2"], ["CUS-1", "CIQ-1"]] {
            let error = try CharterLab.fault { _ = try charter.amended(Self.change, by: keys) }
            #expect(error?.code == .notEnoughSignatures)
            #expect(error?.pointer == "/signatures")
        }
        #expect(
            try CharterLab.fault { _ = try charter.amended(Self.change, by: ["CUS-1", "CUS-1"]) }?.code
                == .malformedCharter)
    }

    @Test("Every changed byte of an amendment is noticed")
    func tampering() throws {
        let charter = try CharterLab.charter()
        let data = try CharterLab.amendment(Self.change, effective: "2016-07-01T00:00:00Z")
        let bytes = Array(data.text)
        let recorded = try CharterLab.time("2016-06-01")
        func accepts(_ bytes: [UInt8]) -> Bool {
            guard let document = try? JSONDocument(parsing: bytes), let amendment = try? CharterAmendment(document.root)
            else { return false }
            return (try? charter.applying(amendment, position: 10, recorded: recorded)) != nil
        }
        #expect(accepts(bytes))
        for at in bytes.indices {
            for change: UInt8 in [1, 0x20, 0x80] {
                var changed = bytes
                changed[at] ^= change
                #expect(!accepts(changed), "byte \(at) changed by \(change)")
            }
        }
    }

    @Test("The order of members and white space do not matter to a signature")
    func canonical() throws {
        let charter = try CharterLab.charter()
        let data = try CharterLab.amendment(Self.change)
        let members = data.members.reversed().map {
            #" "\#($0.key)" : \#(String(decoding: $0.value.text, as: UTF8.self))"#
        }
        let turned = try CharterLab.json("{\n" + members.joined(separator: ",\n") + "\n}")
        _ = try charter.applying(CharterAmendment(turned), position: 3, recorded: CharterLab.time("2016-06-01"))
    }

    @Test("The signed text is what the documentation says, byte for byte")
    func bytes() throws {
        let amendment = try CharterAmendment(
            CharterLab.json(
                #"{ "changes": [{"value": {"id":"a"}, "op":"end", "kind":"key"}], "basis": 7, "signatures": [] }"#))
        let expected =
            "sanhu/charter-amended/v1\nport.example/ledger\n"
            + #"{"basis":7,"changes":[{"kind":"key","op":"end","value":{"id":"a"}}]}"#
        #expect(String(decoding: amendment.signedText(origin: CharterLab.origin), as: UTF8.self) == expected)
        let founding = try CharterFounding(CharterLab.json(#"{"amendment":{"threshold":1,"agencies":["A"]}}"#))
        #expect(
            String(decoding: founding.signedText(origin: "o"), as: UTF8.self)
                == "sanhu/charter-founded/v1\no\n" + #"{"amendment":{"agencies":["A"],"threshold":1}}"#)
    }

    @Test("An amendment of another ledger, with the same charter and the same position, is refused")
    func otherLedger() throws {
        let here = try CharterLab.charter()
        _ = try CharterLab.charter(origin: "other.example/ledger")
        let data = try CharterLab.amendment(Self.change, origin: "other.example/ledger")
        let error = try CharterLab.fault {
            _ = try here.applying(CharterAmendment(data), position: 10, recorded: CharterLab.time("2016-06-01"))
        }
        #expect(error?.code == .wrongSignature)
        #expect(error?.pointer == "/signatures/0")
    }

    @Test("A key that the charter does not know, that is revoked, expired, not yet valid or of no member signs nothing")
    func keys() throws {
        let charter = try CharterLab.charter()
        func code(_ charter: Charter, _ keys: [String], _ recorded: String = "2018-06-01T00:00:00Z") throws
            -> ExchangeError.Code?
        {
            try CharterLab.fault { _ = try charter.amended(Self.change, by: keys, recorded: recorded) }?.code
        }
        #expect(try code(charter, ["CUS-1", "TAX-9"]) == .unknownKey)
        let public1 = try CharterLab.publicKey("TAX-1")
        let revoked = try charter.amended(
            CharterLab.put(
                "key", #"{"id":"TAX-1","agency":"TAX","public":"\#(public1)","revoked":"2017-01-01T00:00:00Z"}"#))
        #expect(try code(revoked, ["CUS-1", "TAX-1"], "2017-01-01T00:00:00Z") == .revokedKey)
        #expect(try code(revoked, ["CUS-1", "TAX-1"], "2016-12-31T00:00:00Z") == nil)
        let public9 = try CharterLab.publicKey("TAX-9")
        let limited = try charter.amended(
            CharterLab.put(
                "key",
                #"""
                {"id":"TAX-9","agency":"TAX","public":"\#(public9)",
                "validity":{"from":"2017-01-01T00:00:00Z","to":"2018-01-01T00:00:00Z"}}
                """#))
        #expect(try code(limited, ["CUS-1", "TAX-9"], "2016-12-31T00:00:00Z") == .revokedKey)
        #expect(try code(limited, ["CUS-1", "TAX-9"], "2017-06-01T00:00:00Z") == nil)
        #expect(try code(limited, ["CUS-1", "TAX-9"], "2018-01-01T00:00:00Z") == .revokedKey)
        let merged = try charter.amended(CharterLab.end("agency", #"{"code":"BOR","into":"CUS"}"#))
        #expect(try code(merged, ["CUS-1", "BOR-1"]) == .revokedKey)
        #expect(try code(merged, ["CUS-1", "TAX-1"]) == nil)
        let ended = try charter.amended(CharterLab.end("key", #"{"id":"TAX-1"}"#))
        #expect(try code(ended, ["CUS-1", "TAX-1"]) == .revokedKey)
    }

    @Test("An agency's signature over its event holds for the event, the agency, the ledger and the time")
    func events() throws {
        let charter = try CharterLab.charter()
        let now = try CharterLab.time("2016-06-01")
        let event = try CharterLab.json(#"{"type":"sanhu.risk.flagged","id":"1","data":{"_sd":["x"]}}"#)
        let text = SignedText.event(event, agency: "CUS", origin: CharterLab.origin)
        #expect(
            String(decoding: text, as: UTF8.self) == "sanhu/event/v1\nport.example/ledger\nCUS\n"
                + #"{"data":{"_sd":["x"]},"id":"1","type":"sanhu.risk.flagged"}"#)
        let bytes = try Array(CharterLab.key("CUS-1").signature(for: text))
        let signature = try AgencySignature(AgencySignature(key: "CUS-1", bytes: bytes).description)
        try charter.verify(signature, over: event, by: "CUS", at: now)
        func code(_ signature: AgencySignature, _ event: JSONValue, _ agency: String, _ charter: Charter) throws
            -> ExchangeError.Code?
        {
            try CharterLab.fault { try charter.verify(signature, over: event, by: agency, at: now) }?.code
        }
        let other = try CharterLab.json(#"{"type":"sanhu.risk.flagged","id":"2","data":{"_sd":["x"]}}"#)
        #expect(try code(signature, other, "CUS", charter) == .wrongSignature)
        #expect(try code(signature, event, "TAX", charter) == .wrongSignature)
        #expect(try code(signature, event, "CUS", CharterLab.charter(origin: "other")) == .wrongSignature)
        #expect(try code(AgencySignature(key: "CUS-2", bytes: bytes), event, "CUS", charter) == .wrongSignature)
        #expect(try code(AgencySignature(key: "nobody", bytes: bytes), event, "CUS", charter) == .unknownKey)
        // A key of another agency, over the right text.
        let foreign = try AgencySignature(key: "TAX-1", bytes: Array(CharterLab.key("TAX-1").signature(for: text)))
        #expect(try code(foreign, event, "CUS", charter) == .wrongSignature)
        for at in bytes.indices {
            var changed = bytes
            changed[at] ^= 1
            #expect(try code(AgencySignature(key: "CUS-1", bytes: changed), event, "CUS", charter) == .wrongSignature)
        }
        for text in [
            "", "CUS-1", "CUS-1:AAAA", ":" + signature.description, "CUS 1" + signature.description.dropFirst(5),
        ] {
            #expect(try CharterLab.fault { _ = try AgencySignature(text) }?.code == .wrongSignature)
        }
    }
}
