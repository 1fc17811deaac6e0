import Crypto
import Exchange
import Foundation
import JSON
import Testing
import Transparency

/// A ledger of agencies that ask one another for what they own.
extension Workspace {
    private static let lodged = "urn:sanhu:schema:declaration.lodged:1"

    /// A workspace with a ledger of Customs, Tax and the border, with all schemas of disclosure and assistance.
    static func withAgencies() async throws -> Workspace {
        let workspace = try Workspace()
        try workspace.write(try founding(), to: "founding.json")
        let made = try await workspace.run("init", "--origin", origin, "--charter", "founding.json")
        try #require(made.status == 0, "\(made)")
        return workspace
    }

    /// Appends declarations of Customs, each with a buyer, at the positions from 1 on.
    func declare(_ numbers: ClosedRange<Int>) async throws {
        let lines = numbers.map { number in
            #"{"specversion":"1.0","id":"\#(number)","source":"/CUS/1","type":"sanhu.declaration.lodged","#
                + #""dataschema":"\#(Self.lodged)","data":{"number":"\#(number)","buyer":"Buyer \#(number)"}}"# + "\n"
        }
        let appended = try await append(text: lines.joined(), "--as", "CUS")
        try #require(appended.status == 0, "\(appended)")
    }

    private static func founding() throws -> String {
        let keys = Dictionary(uniqueKeysWithValues: ["CUS", "TAX"].map { ($0, Curve25519.Signing.PrivateKey()) })
        let listed = keys.map { code, key in
            #"{"id":"\#(code)-1","agency":"\#(code)","public":"\#(Base64.encode(Array(key.publicKey.rawRepresentation)))"}"#
        }
        let events = try DisclosureEvent.types.map { type in
            let name = type.dropFirst("sanhu.".count)
            return #"{"uri":"urn:sanhu:schema:\#(name):1","type":"\#(type)","document":\#(try schema(String(name)))}"#
        }
        let agencies = ["CUS", "TAX", "BOR", "SW"]
        func each(_ form: (String) -> String) -> String { agencies.map(form).joined(separator: ",") }
        let data = #"""
            {"amendment":{"threshold":2,"agencies":["CUS","TAX"]},
             "agencies":[\#(each { #"{"code":"\#($0)","title":"\#($0)","kind":"authority"}"# })],
             "keys":[\#(listed.joined(separator: ","))],
             "powers":[{"id":"lodge","agency":"CUS","types":["sanhu.declaration.*"]},
              \#(each { #"{"id":"\#($0)","agency":"\#($0)","types":["sanhu.disclosure.*","sanhu.assistance.*"]}"# })],
             "sources":[\#(each { #"{"prefix":"/\#($0)","agency":"\#($0)"}"# })],
             "schemas":[{"uri":"\#(lodged)","type":"sanhu.declaration.lodged","document":{"type":"object",
              "properties":{"number":{"type":"string","x-tag":{"kind":"declaration"}},"buyer":{"type":"string",
              "x-sharing":{"class":"restricted","compartment":"personal","owner":"CUS","bytes":64}}}}},
              \#(events.joined(separator: ","))],
             "purposes":[{"code":"refund","version":1,"title":"出口退税审核"}]}
            """#
        let draft = try JSONDocument(parsing: Array(data.utf8)).root
        let text = try CharterFounding(draft).signedText(origin: origin)
        let signatures = try keys.map { code, key in
            CharterSignature(key: code + "-1", bytes: Array(try key.signature(for: text)))
        }
        let signed = CharterSignature.adding(signatures, to: draft)
        return #"{"specversion":"1.0","id":"0","source":"/charter","type":"sanhu.charter.founded","data":"#
            + String(decoding: signed, as: UTF8.self) + "}"
    }

    private static func schema(_ name: String) throws -> String {
        var root = URL(fileURLWithPath: #filePath)
        for _ in 0..<5 { root.deleteLastPathComponent() }
        return try String(contentsOf: root.appendingPathComponent("Schemas/\(name).schema.json"), encoding: .utf8)
    }
}
