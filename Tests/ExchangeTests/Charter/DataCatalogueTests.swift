import Exchange
import Foundation
import JSON
import Testing

@Suite("The data catalogue")
struct DataCatalogueTests {
    private static func charter() throws -> JSONValue {
        try CharterLab.json(String(decoding: CharterLab.file("charter.json"), as: UTF8.self))
    }

    private static func page() throws -> String {
        try DataCatalogue(charter: charter(), schemas: PortSchemas.all.map { try $0.json }).markdown()
    }

    @Test("The page in docs is the one that is made of the schemas and the charter")
    func committed() throws {
        let docs = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("docs/data-catalogue.md")
        let committed = try String(contentsOf: docs, encoding: .utf8)
        #expect(
            try committed == Self.page(),
            "make it anew: sanhu charter catalogue --charter charter.json …, as Schemas/README.md says")
    }

    @Test("It has each schema once, with every marked field's class and owner, and no empty cell")
    func complete() throws {
        let page = try Self.page()
        let lines = page.components(separatedBy: "\n")
        for schema in PortSchemas.all {
            #expect(lines.count { $0.hasPrefix("`\(schema.uri)` · by ") } == 1, "\(schema.uri)")
        }
        let sections = page.components(separatedBy: "\n<a id=").dropFirst()
        #expect(sections.count == PortSchemas.all.count)
        for schema in PortSchemas.all {
            let section = try #require(sections.first { $0.contains("`\(schema.uri)`") })
            for mark in try schema.marks() where mark.pointer.split(separator: "/").count == 1 {
                let row = try #require(
                    section.components(separatedBy: "\n").first { $0.hasPrefix("| `\(mark.pointer)`") })
                #expect(row.contains(mark.sharingClass) && row.contains(", \(mark.owner) |"), "\(row)")
            }
        }
        let rows = ["Conveyances", "Goods", "Articles", "Persons"].compactMap { name in
            lines.first { $0.hasPrefix("| \(name) ") }
        }
        #expect(rows.count == 4)
        for row in rows { #expect(row.components(separatedBy: " | ").dropFirst().allSatisfy { $0.hasPrefix("[") }) }
    }

    @Test("Who may read is told by the rules: whom a rule opens a field to, and what is dearer only by grant")
    func readers() throws {
        let lodged = try #require(
            Self.page().components(separatedBy: "\n<a id=").first { $0.contains("declaration.lodged:1`") })
        func row(_ pointer: String) throws -> String {
            try #require(lodged.components(separatedBy: "\n").first { $0.hasPrefix("| `\(pointer)`") })
        }
        #expect(try row("/commercial").contains("TAX as assessor (duty-assessment, refund)"))
        #expect(try row("/commercial").contains("CIQ (clearance) until 2018-04-19T16:00:00Z"))
        #expect(try row("/office").hasSuffix(" | | |"))
        let flagged = try #require(
            Self.page().components(separatedBy: "\n<a id=").first { $0.contains("risk.flagged:1`") })
        #expect(flagged.contains("Sealed as a whole: conditional 有条件, method, owner CUS; opened to CUS; BOR, MSA, ASB"))
        #expect(flagged.contains("restricted 限定, method, CUS | CUS; by grant |"))
    }

    @Test("A schema without a proper name, or with a cell that there is not, is refused")
    func refused() throws {
        for text in [
            #"{"$id":"x","type":"object"}"#,
            #"{"$id":"urn:sanhu:schema:a.b:1","type":"object","x-cell":{"subject":"goods"}}"#,
            #"{"$id":"urn:sanhu:schema:a.b:1","type":7}"#,
        ] {
            let error = try CharterLab.fault {
                _ = try DataCatalogue(charter: Self.charter(), schemas: [CharterLab.json(text)])
            }
            #expect(error?.code == .schemaRefused, "\(text)")
        }
    }
}
