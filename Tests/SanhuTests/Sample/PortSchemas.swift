import Foundation
import JSON
import JSONSchema

/// The schemas of Schemas/, each compiled once, and the powers of the sample charter as a reader of it would look them up.
struct PortSchemas {
    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Schemas")

    /// By their forms, `inspection.completed+person`.
    let schemas: [String: CompiledSchema]
    /// For each form the names of the members of its data that are marked; `nil` for those sealed as a whole.
    let marked: [String: Set<String>?]
    private let charter: JSONValue

    /// What the ledger or its platform writes by itself, and what is of another exchange.
    private static let foreign = ["charter.", "access.", "alert.", "erasure.", "legalhold."]

    init() throws {
        var schemas: [String: CompiledSchema] = [:]
        var marked: [String: Set<String>?] = [:]
        for name in try FileManager.default.contentsOfDirectory(atPath: Self.folder.path).sorted()
        where name.hasSuffix(".schema.json") && !Self.foreign.contains(where: name.hasPrefix) {
            let form = String(name.dropLast(".schema.json".count))
            let document = try JSONDocument(parsing: Array(Data(contentsOf: Self.folder.appendingPathComponent(name))))
            var registry = SchemaRegistry()
            try registry.register(document, at: "urn:sanhu:schema:\(form):1")
            schemas[form] = try registry.compile("urn:sanhu:schema:\(form):1")
            let root = document.root
            let isWhole = root["x-sharing"].map { $0["class"]?.string != "public" } ?? false
            let names = (root["properties"]?.members ?? []).filter { $0.value["x-sharing"] != nil }.map(\.key)
            marked[form] = isWhole ? .some(nil) : .some(Set(names))
        }
        (self.schemas, self.marked) = (schemas, marked)
        charter = try JSONDocument(
            parsing: Array(Data(contentsOf: Self.folder.appendingPathComponent("charter.json")))
        ).root
    }

    /// Whether an agency may append a type at a port on a day; and whether it is a member then.
    func mayAppend(_ agency: String, _ type: String, at port: String, on day: String) -> Bool {
        func holds(_ value: JSONValue) -> Bool {
            let validity = value["validity"]
            return day >= validity?["from"]?.string?.prefix(10) ?? ""
                && day < validity?["to"]?.string?.prefix(10) ?? "9"
        }
        let members = charter["agencies"]?.elements ?? []
        guard members.contains(where: { $0["code"]?.string == agency && holds($0) }) else { return false }
        return (charter["powers"]?.elements ?? []).contains { power in
            guard power["agency"]?.string == agency, holds(power) else { return false }
            if let ports = power["ports"]?.elements, !ports.contains(where: { $0.string == port }) { return false }
            return (power["types"]?.elements ?? []).compactMap(\.string).contains { pattern in
                pattern.hasSuffix("*") ? type.hasPrefix(pattern.dropLast()) : pattern == type
            }
        }
    }
}
