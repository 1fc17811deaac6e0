import Crypto
import EventLog
import Exchange
import Foundation
import JSON
import Testing
import Transparency

/// Charters, amendments and keys to test with.
enum CharterLab {
    static let origin = "port.example/ledger"

    /// The key that the sample charter has under an id. Anyone can make it: it is for samples and tests.
    static func key(_ id: String) throws -> Curve25519.Signing.PrivateKey {
        let seed = SHA256.hash(data: Array("sanhu sample key \(id)".utf8))
        return try Curve25519.Signing.PrivateKey(rawRepresentation: Array(seed))
    }

    static func publicKey(_ id: String) throws -> String {
        try Base64.encode(Array(key(id).publicKey.rawRepresentation))
    }

    static func sign(_ text: [UInt8], _ keys: [String]) throws -> [CharterSignature] {
        try keys.map { CharterSignature(key: $0, bytes: try Array(key($0).signature(for: text))) }
    }

    static func json(_ text: String) throws -> JSONValue {
        try JSONDocument(parsing: Array(text.utf8)).root
    }

    static func time(_ text: String) throws -> Timestamp {
        try #require(Timestamp(text.contains("T") ? text : text + "T00:00:00Z"))
    }

    /// The recorded time of what is founded here.
    static let founded = "2016-01-01T00:00:00Z"
    static let founders = ["CUS-1", "TAX-1", "BOR-1"]

    /// A small charter: three founders of which two amend it.
    static func data() throws -> String {
        let keys = try ["CUS-1", "CUS-2", "TAX-1", "BOR-1", "CIQ-1"].map { id in
            #"{"id":"\#(id)","agency":"\#(id.prefix(3))","public":"\#(try publicKey(id))"}"#
        }
        return #"""
            {"amendment": {"threshold": 2, "agencies": ["CUS", "TAX", "BOR"]},
             "agencies": [{"code": "CUS", "title": "海关", "kind": "authority"},
              {"code": "CIQ", "title": "检验检疫", "kind": "authority", "validity": {"from": "2001-04-10T00:00:00Z"}},
              {"code": "TAX", "title": "税务", "kind": "authority"}, {"code": "BOR", "title": "边检", "kind": "authority"},
              {"code": "AUD", "title": "审计", "kind": "auditor"}],
             "officers": [{"agency": "TAX", "id": "desk",
               "roles": [{"role": "assessor", "validity": {"to": "2017-01-01T00:00:00Z"}}, {"role": "chief"}]}],
             "keys": [\#(keys.joined(separator: ","))],
             "powers": [{"id": "cus", "agency": "CUS", "types": ["sanhu.risk.*", "sanhu.release.granted"]},
              {"id": "ciq", "agency": "CIQ", "types": ["sanhu.lab.reported"], "ports": ["CNSHA", "CNNGB"]}],
             "sources": [{"prefix": "/CUS", "agency": "CUS"}, {"prefix": "/CIQ", "agency": "CIQ"}],
             "schemas": [{"uri": "https://s.example/lab/1", "type": "sanhu.lab.reported", "document": {"type": "object"}}],
             "rules": [{"id": "price", "effect": "permit", "readers": {"agencies": ["TAX"]},
               "fields": {"owners": ["CUS"]}, "purposes": ["duty"]}],
             "purposes": [{"code": "duty", "version": 1, "title": "税费核定"}],
             "personalTags": [{"kind": "person"}]}
            """#
    }

    /// Founds a charter, signed by keys.
    static func charter(
        _ data: String? = nil, by keys: [String] = founders, origin: String = origin, recorded: String = founded
    ) throws -> Charter {
        let draft = try json(data ?? self.data())
        let text = try CharterFounding(draft).signedText(origin: origin)
        let signed = try CharterSignature.adding(sign(text, keys), to: draft)
        return try Charter(
            founding: CharterFounding(JSONDocument(parsing: signed).root), origin: origin, recorded: time(recorded))
    }

    /// The data of an amendment, signed by keys.
    static func amendment(
        _ changes: String, basis: Position = 0, effective: String? = nil, by keys: [String] = ["CUS-1", "TAX-1"],
        origin: String = origin
    ) throws -> JSONValue {
        let effective = effective.map { #""effective":"\#($0)","# } ?? ""
        let draft = try json(#"{"basis":\#(basis),\#(effective)"changes":[\#(changes)]}"#)
        let text = try CharterAmendment(draft).signedText(origin: origin)
        return try JSONDocument(parsing: CharterSignature.adding(sign(text, keys), to: draft)).root
    }

    static func put(_ kind: String, _ value: String) -> String {
        #"{"op":"put","kind":"\#(kind)","value":\#(value)}"#
    }

    static func end(_ kind: String, _ value: String) -> String {
        #"{"op":"end","kind":"\#(kind)","value":\#(value)}"#
    }

    /// What an error says, or nil.
    static func fault(_ body: () throws -> Void) throws -> ExchangeError? {
        do {
            try body()
            return nil
        } catch let error as ExchangeError {
            return error
        }
    }

    /// Where a file of the folder Schemas is.
    static func url(_ name: String) -> URL {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        return root.appendingPathComponent("Schemas/" + name)
    }

    /// A file of the folder Schemas.
    static func file(_ name: String) throws -> [UInt8] {
        try [UInt8](Data(contentsOf: url(name)))
    }
}

extension Charter {
    /// The charter after changes recorded a while later.
    func amended(
        _ changes: String, effective: String? = nil, by keys: [String] = ["CUS-1", "TAX-1"],
        recorded: String = "2016-06-01T00:00:00Z"
    ) throws -> Charter {
        let data = try CharterLab.amendment(changes, basis: position, effective: effective, by: keys, origin: origin)
        return try applying(
            CharterAmendment(data), position: position + 10, recorded: CharterLab.time(recorded))
    }
}
