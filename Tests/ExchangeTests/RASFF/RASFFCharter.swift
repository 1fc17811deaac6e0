import EventLog
import Exchange
import Interchange
import JSON

/// The sample charter of the network of food safety authorities that alert one another, made from the importer's table of
/// authorities: `Schemas/charter.rasff.json`.
enum RASFFCharter {
    static let file = "charter.rasff.json"

    /// The network's own contact point: it owns the alerts, and sees them all.
    static let owner = "RASFF"
    static let auditor = "AUD"
    static let purpose = "food-safety"
    static let founders = [owner, "DE", "FR", "NL", "PL"]

    /// Those who notify: members of the network. All others only read what is addressed to them.
    static let members = [
        "AT", "BE", "BG", "CH", "CY", "CZ", "DE", "DK", "EE", "ES", "EU", "FI", "FR", "GR", "HR", "HU", "IE", "IS",
        "IT",
        "LI", "LT", "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK",
    ]

    private static let types = ["sanhu.alert.notified", "sanhu.alert.amended", "sanhu.assistance.requested"]
    private static let schemas = [
        ("alert.notified", types[0]), ("alert.amended", types[1]), ("alert.follow-up", types[2]),
    ]

    /// The charter as it stands in the file, to be signed by its founders.
    static func text() throws -> String {
        let authorities = RASFFAuthority.all.map { agency($0.code, $0.name, "authority") }
        let others = [
            agency(owner, "Rapid alert system for food and feed: contact point of the network", "authority"),
            agency(auditor, "Audit of the network", "auditor"),
        ]
        let keys = try founders.map {
            #"{"id": "\#($0)-1", "agency": "\#($0)", "public": "\#(try CharterLab.publicKey($0 + "-1"))"}"#
        }
        let names = quoted(types)
        let parts = [
            part("agencies", authorities + others), part("keys", keys),
            part("powers", members.map { #"{"id": "\#($0)-alert", "agency": "\#($0)", "types": [\#(names)]}"# }),
            part("sources", members.map { #"{"prefix": "/rasff/\#($0)", "agency": "\#($0)"}"# }),
            part("schemas", try schemas.map { name, type in try schema(name, type) }),
            part(
                "rules",
                [
                    #"{"id": "alert-to-addressed", "effect": "permit", "readers": {"kinds": ["authority"], "#
                        + #""addressed": true}, "fields": {"types": [\#(names)], "owners": ["\#(owner)"], "#
                        + #""compartments": ["alert"]}, "purposes": ["\#(purpose)"]}"#
                ]),
            part("purposes", [#"{"code": "\#(purpose)", "version": 1, "title": "Safety of food and feed"}"#]),
        ]
        let amendment = #"  "amendment": {"threshold": 3, "agencies": [\#(quoted(founders))]}"#
        return "{\n" + ([amendment] + parts).joined(separator: ",\n") + "\n}\n"
    }

    /// The founding event, signed.
    static func founding() throws -> [UInt8] {
        try LedgerLab.founding(
            String(decoding: CharterLab.file(file), as: UTF8.self), by: founders.map { $0 + "-1" })
    }

    private static func agency(_ code: String, _ title: String, _ kind: String) -> String {
        #"{"code": "\#(code)", "title": "\#(title)", "kind": "\#(kind)"}"#
    }

    private static func schema(_ name: String, _ type: String) throws -> String {
        let document = try JSONDocument(parsing: CharterLab.file(name + ".schema.json"))
        var compact: [UInt8] = []
        JSONCompaction.append(document.bytes, document.tape, to: &compact)
        return #"{"uri": "urn:sanhu:schema:\#(name):1", "type": "\#(type)", "document": "#
            + String(decoding: compact, as: UTF8.self) + "}"
    }

    private static func part(_ name: String, _ values: [String]) -> String {
        "  \"\(name)\": [\n    " + values.joined(separator: ",\n    ") + "\n  ]"
    }

    private static func quoted(_ texts: [String]) -> String {
        texts.map { "\"\($0)\"" }.joined(separator: ", ")
    }
}
