import EventLog
import Exchange
import Foundation
import JSON
import JSONSchema
import TestSupport
import Testing

@Suite("The schemas of the port", .fewAtOnce)
struct PortSchemaTests {
    @Test("There is one for each kind of event the ledger begins with, named as its file is")
    func names() throws {
        let types = Set(PortSchemas.all.map(\.type))
        let wanted = [
            "declaration.lodged", "declaration.accepted", "declaration.rejected", "declaration.amended",
            "declaration.withdrawn", "declaration.examined", "risk.assessed", "risk.flagged", "risk.cleared",
            "inspection.ordered", "inspection.notified", "inspection.completed", "hold.placed", "hold.lifted",
            "release.granted", "release.completed", "clearance.closed", "intelligence.shared", "intelligence.sourced",
            "assistance.requested", "assistance.answered", "disclosure.requested", "disclosure.decided",
            "duty.assessed", "violation.recorded",
        ]
        for name in wanted { #expect(types.contains("sanhu." + name), "\(name)") }
        for schema in PortSchemas.all {
            #expect(schema.uri.hasPrefix("urn:sanhu:schema:") && schema.uri.hasSuffix(":1"))
        }
    }

    @Test("Each compiles, and its plan has the fields that its marks name, in their order")
    func plans() throws {
        for schema in PortSchemas.all {
            var registry = SchemaRegistry()
            try registry.register(JSONDocument(parsing: schema.text), at: schema.uri)
            _ = try registry.compile(schema.uri)
            let plan = try SealingPlan(schema.uri, in: registry)
            let marks = try schema.marks()
            #expect(plan.fields.map(\.pointer) == marks.map(\.pointer), "\(schema.uri)")
            #expect(plan.fields.map(\.mark.bytes) == marks.map(\.bytes), "\(schema.uri)")
        }
    }

    @Test("Outside of what is marked, only what is named may stand: nothing comes in unmarked by accident")
    func closed() throws {
        func check(_ schema: JSONValue, _ place: String) {
            guard schema["x-sharing"] == nil || place.hasSuffix(":1") else { return }
            if schema["type"]?.string == "object" {
                #expect(schema["additionalProperties"]?.bool == false, "\(place) is open")
            }
            for (name, property) in schema["properties"]?.members ?? [] { check(property, place + "/" + name) }
            for (name, part) in schema["$defs"]?.members ?? [] { check(part, place + "#" + name) }
            if schema["type"]?.string == "array" {
                #expect(schema["items"] != nil, "\(place) takes anything")
            }
            if let items = schema["items"] { check(items, place + "/*") }
        }
        for schema in PortSchemas.all { check(try schema.json, schema.uri) }
    }

    @Test("The charter of the port takes them all, ten agencies and more with powers, purposes and rules")
    func charter() async throws {
        let lab = try await PortLab()
        let charter = try lab.ledger.charter()
        for schema in PortSchemas.all {
            guard
                case .schema(let known)? = charter.values(of: .schema).first(where: { value in
                    if case .schema(let registered) = value { registered.uri == schema.uri } else { false }
                })
            else {
                Issue.record("\(schema.uri) is not registered")
                continue
            }
            #expect(known.type == schema.type)
            #expect(try JSONDocument(parsing: known.document).root.isEquivalent(to: schema.json), "\(schema.uri)")
        }
        #expect(charter.values(of: .agency).count >= 10)
        #expect(charter.values(of: .purpose).count >= 10 && charter.values(of: .rule).count >= 10)
        lab.close()
    }
}

extension JSONValue {
    /// Whether two texts say the same but for white space.
    fileprivate func isEquivalent(to other: JSONValue) -> Bool {
        func compact(_ value: JSONValue) -> [UInt8] {
            var isInString = false
            var isEscaped = false
            return value.text.filter { byte in
                defer {
                    if isEscaped {
                        isEscaped = false
                    } else if byte == UInt8(ascii: "\\") {
                        isEscaped = true
                    } else if byte == UInt8(ascii: "\"") {
                        isInString.toggle()
                    }
                }
                return isInString || byte > 0x20
            }
        }
        return compact(self) == compact(other)
    }
}
