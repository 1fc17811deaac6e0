import Crypto
import EventLog
import Exchange
import Foundation
import Interchange
import Testing

@Suite("The sample charter of the alert network")
struct RASFFCharterTests {
    /// To write the file anew: `SANHU_WRITE_SAMPLES=1 swift test --filter RASFFCharterTests`.
    @Test("The file is what is made from the table of authorities and the schemas")
    func file() throws {
        let made = try RASFFCharter.text()
        if ProcessInfo.processInfo.environment["SANHU_WRITE_SAMPLES"] != nil {
            try Data(made.utf8).write(to: CharterLab.url(RASFFCharter.file))
        }
        let isSame = try Array(made.utf8) == CharterLab.file(RASFFCharter.file)
        #expect(isSame, "write it with SANHU_WRITE_SAMPLES=1")
    }

    @Test("Its founders found a charter by it, and three of the five amend it")
    func founds() throws {
        let text = String(decoding: try CharterLab.file(RASFFCharter.file), as: UTF8.self)
        let keys = RASFFCharter.founders.map { $0 + "-1" }
        let charter = try CharterLab.charter(text, by: keys)
        #expect(charter.values(of: .agency).count == RASFFAuthority.all.count + 2)
        #expect(charter.json().count < LogLimits.entryBytes / 2)
        #expect(
            try CharterLab.charter(String(decoding: charter.json(), as: UTF8.self), by: keys).values()
                == charter.values())
        let change = CharterLab.put("purpose", #"{"code":"drill","version":1,"title":"Drill"}"#)
        _ = try charter.amended(change, by: ["DE-1", "NL-1", "PL-1"])
        #expect(
            try CharterLab.fault { _ = try charter.amended(change, by: ["DE-1", "NL-1"]) }?.code == .notEnoughSignatures
        )
        for case .key(let key) in charter.values(of: .key) {
            #expect(try Array(CharterLab.key(key.id).publicKey.rawRepresentation) == key.publicKey)
        }
    }

    @Test("Members of the network alert, each from its own source; others only read")
    func powers() throws {
        let text = String(decoding: try CharterLab.file(RASFFCharter.file), as: UTF8.self)
        let charter = try CharterLab.charter(text, by: RASFFCharter.founders.map { $0 + "-1" })
        let now = try CharterLab.time("2024-06-01")
        for authority in RASFFAuthority.all {
            let isMember = RASFFCharter.members.contains(authority.code)
            let power = charter.power(of: authority.code, type: "sanhu.alert.notified", port: nil, at: now)
            #expect((power != nil) == isMember, "\(authority.code)")
            #expect(
                charter.owner(ofSource: "/rasff/" + authority.code, at: now) == (isMember ? authority.code : nil))
        }
        let rules = charter.sharingRules(at: now)
        #expect(rules.map(\.readers.addressed) == [true] && rules.map(\.effect) == [.permit])
        #expect(charter.text(at: now).contains("to authority that are addressed for food-safety"))
    }
}
