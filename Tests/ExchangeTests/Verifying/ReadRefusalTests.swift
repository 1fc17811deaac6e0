import EventLog
import JSON
import TestSupport
import Testing
import Transparency

@testable import Exchange

@Suite("What is no answer to a verifiable read is refused", .fewAtOnce)
struct ReadRefusalTests {
    private static func key() throws -> NoteVerifier {
        try NoteSigner(name: CharterLab.origin, seed: Array(1...32)).verifier
    }

    private static let heading = #"{"verifiable":1,"origin":"port.example/ledger","from":0,"to":9}"#

    private static func fault(_ lines: [String]) throws -> ReadVerificationError? {
        do {
            _ = try VerifyingLab.verify(lines, key())
            return nil
        } catch let error as ReadVerificationError {
            return error
        }
    }

    @Test(
        "a first line of another form",
        arguments: [
            "", "[]", "nonsense", "{}", #"{"verifiable":2,"origin":"port.example/ledger","from":0,"to":9}"#,
            #"{"verifiable":1,"origin":"port.example/ledger","from":0}"#,
            #"{"verifiable":1,"origin":"port.example/ledger","from":9,"to":0}"#,
            #"{"verifiable":1,"origin":"port.example/ledger","from":-1,"to":0}"#,
            #"{"verifiable":1,"origin":"port.example/ledger","from":0,"to":1e99}"#,
            #"{"verifiable":1,"origin":"port.example/ledger","from":0,"to":9,"extra":1}"#,
            #"{"verifiable":1,"origin":"port.example/ledger","from":0,"to":9,"checkpoint":"x"}"#,
            #"{"verifiable":1,"origin":"port.example/ledger","from":0,"to":9,"query":[]}"#,
            #"{"verifiable":1,"origin":"port.example/ledger","from":0,"to":9,"query":[{}]}"#,
            #"{"verifiable":1,"origin":"port.example/ledger","from":0,"to":9,"consistency":{"from":1,"hashes":[]}}"#,
            #"{"verifiable":1,"verifiable":1,"origin":"port.example/ledger","from":0,"to":9}"#,
        ])
    func headings(line: String) throws {
        let fault = try Self.fault([line])
        #expect(fault?.code == .malformed && fault?.line == 1, "\(String(describing: fault))")
    }

    @Test(
        "a line of another form",
        arguments: [
            "", "7", "{}", #"{"position":0}"#, #"{"position":0,"stub":"AAAA"}"#, #"{"position":"0","stub":"AAAA"}"#,
            #"{"position":0,"stub":"47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=","entry":{}}"#,
            #"{"position":0,"entry":{},"disclosures":[]}"#, #"{"position":0,"entry":{},"disclosures":[7]}"#,
            #"{"position":0,"entry":{},"withheld":[{"path":"a"}]}"#,
            #"{"position":0,"entry":{},"withheld":[{"path":"/a","class":"x","compartment":"c","owner":"o"}]}"#,
            #"{"position":0,"entry":{},"gone":[{"path":"/a","cause":"x"}]}"#,
            #"{"position":0,"entry":{},"proof":["AAAA"]}"#, #"{"position":0,"entry":{},"mine":1}"#,
            #"{"end":{}}"#, #"{"end":{"from":0,"to":9,"entries":0},"more":1}"#,
            #"{"position":0,"stub":"47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=","proof":[]}"#,
        ])
    func lines(line: String) throws {
        let fault = try Self.fault([Self.heading, line])
        #expect(fault?.code == .malformed && fault?.line == 2, "\(String(describing: fault))")
    }

    @Test(
        "what is said to be an entry and is none",
        arguments: [
            "{}", "[]", "7", "null", #"{"recorded":"2026-03-01T00:15:30.123456Z","agency":"CUS","tags":[]}"#,
            #"{"recorded":"2026-03-01","agency":"CUS","tags":[],"event":{}}"#,
            #"{"recorded":"2026-03-01T00:15:30.123456Z","agency":"CUS","tags":["b:1","a:1"],"event":{}}"#,
        ])
    func entries(entry: String) throws {
        let fault = try Self.fault([Self.heading, #"{"position":0,"entry":\#(entry)}"#])
        #expect(fault?.code == .notAnEntry, "\(String(describing: fault))")
    }

    @Test("what is too large or too deep")
    func tooLarge() throws {
        let deep = String(repeating: "[", count: 100) + String(repeating: "]", count: 100)
        #expect(try Self.fault([Self.heading, deep])?.code == .tooLarge)
        let long = "\"" + String(repeating: "a", count: VerifiableEntry.maximumLineBytes) + "\""
        #expect(try Self.fault([Self.heading, long])?.code == .tooLarge)
        #expect(try Self.fault([String(repeating: "[", count: 1_000_000)])?.code == .tooLarge)
        let many = String(repeating: #""","#, count: 1_025).dropLast()
        #expect(
            try Self.fault([Self.heading, #"{"position":0,"entry":{},"disclosures":[\#(many)]}"#])?.code == .malformed)
        let event = #"{"specversion":"1.0","id":"1","source":"/a","type":"t","data":{"_sd":["x"]}}"#
        let entry = #"{"recorded":"2026-03-01T00:15:30.123456Z","agency":"CUS","tags":[],"event":\#(event)}"#
        #expect(try Self.fault([Self.heading, #"{"position":0,"entry":\#(entry)}"#])?.code == .misplacedDisclosure)
    }

    @Test("digests where no field can be, and lists that no digest bears out, in an entry that is well formed")
    func placesOfDigests() throws {
        let digest = "\"" + String(repeating: "A", count: 43) + "\""
        func fault(_ data: String, _ lists: String = "") throws -> ReadVerificationError.Code? {
            let event = #"{"specversion":"1.0","id":"1","source":"/a","type":"t","data":\#(data)}"#
            let entry = #"{"recorded":"2026-03-01T00:15:30.123456Z","agency":"CUS","tags":[],"event":\#(event)}"#
            return try Self.fault([Self.heading, #"{"position":0,"entry":\#(entry)\#(lists)}"#])?.code
        }
        #expect(try fault(#"{"_sd":[\#(digest)]}"#) == .unaccountedDigest)
        #expect(try fault(#"{"_sd":[\#(digest)]}"#, #","absent":["/a"]"#) == .cutShort)
        #expect(try fault(#"{"_sd":[\#(digest)]}"#, #","absent":["/a","/b"]"#) == .unfoundedPath)
        #expect(try fault(#"{"l":[{"...":\#(digest)}]}"#) == .unaccountedDigest)
        #expect(try fault(#"{"l":[{"...":\#(digest)}]}"#, #","absent":["/l/1"]"#) == .unfoundedPath)
        #expect(try fault(#"{"l":[{"...":\#(digest)}]}"#, #","absent":["/l/0"]"#) == .cutShort)
        #expect(try fault(#"{"_sd":[\#(digest)]}"#, #","whole":true,"absent":[""]"#) == .cutShort)
        #expect(try fault(#"{"_sd":[\#(digest)]}"#, #","whole":true,"absent":["/a"]"#) == .unaccountedDigest)
        #expect(try fault(#"{"_sd":[\#(digest)]}"#, #","whole":true,"absent":["","/a/b"]"#) == .cutShort)
        #expect(try fault(#"{"a":1}"#, #","whole":true"#) != .cutShort)
        #expect(try fault(#"{"a":1,"_sd":[\#(digest)]}"#, #","whole":true,"absent":[""]"#) != .cutShort)
        #expect(try fault("null", #","absent":["/a"]"#) == .unfoundedPath)
        #expect(try fault("null") == .cutShort)
    }
}
