internal import JSON
internal import JSONSchema

/// What the catalogue says of one form of a type's data: of one schema.
struct CatalogueForm: Sendable {
    /// How deep properties are followed.
    private static let maximumDepth = 12

    /// `declaration.lodged`, or with its form `declaration.lodged+person`.
    let name: String
    let type: String
    let uri: String
    let title: String
    let chinese: String
    let description: String
    let cell: SharingCell?
    /// The mark of the whole event, if there is one; it may be public.
    let root: SharingMark?
    let powers: [Power]
    /// The rules that open the event itself, if it is sealed as a whole.
    let openedBy: [SharingRule]
    private(set) var fields: [CatalogueField] = []
    /// Data, compact.
    let examples: [[UInt8]]

    init(_ schema: JSONValue, _ powers: [Power], _ rules: [SharingRule]) throws(ExchangeError) {
        let registered = try CharterDraft.Name(schema)
        (uri, type, name) = (registered.uri, registered.type, registered.form)
        title = schema["title"]?.string ?? name
        chinese = schema["x-zh"]?.string ?? ""
        description = schema["description"]?.string ?? ""
        cell = try SharingCell(of: schema)
        let type = type
        self.powers = powers.filter { $0.names(type) }
        examples = (schema["examples"]?.elements ?? []).map { RegisteredSchema.compact($0) }
        let plan = try Self.plan(schema, uri)
        root = plan.wholeEvent
        let rules = rules.filter { $0.effect == .permit }
        openedBy = plan.wholeEvent.map { Self.opening(Field(pointer: "", mark: $0), type, rules) } ?? []
        var marks: [String: SharingMark] = [:]
        for field in plan.fields { marks[field.pointer] = field.mark }
        let walk = Walk(document: schema, type: type, marks: marks, rules: rules)
        walk.properties(of: schema, at: "", plan.wholeEvent, depth: 0, into: &fields)
    }

    private static func plan(_ schema: JSONValue, _ uri: String) throws(ExchangeError) -> SealingPlan {
        var registry = SchemaRegistry()
        do {
            try registry.register(JSONDocument(parsing: Array(schema.text)), at: uri)
            _ = try registry.compile(uri)
        } catch {
            throw ExchangeError(.schemaRefused, "The schema \(uri) is refused: \(error)")
        }
        return try SealingPlan(uri, in: registry)
    }

    /// The rules by which a field is opened to somebody. What is dearer than `conditional` none opens.
    fileprivate static func opening(_ field: Field, _ type: String, _ rules: [SharingRule]) -> [SharingRule] {
        field.mark.sharingClass == .conditional ? rules.filter { $0.fields.matches(field, ofType: type) } : []
    }

    /// Follows a schema's properties.
    private struct Walk {
        let document: JSONValue
        let type: String
        let marks: [String: SharingMark]
        let rules: [SharingRule]

        func properties(
            of schema: JSONValue, at pointer: String, _ mark: SharingMark?, depth: Int,
            into fields: inout [CatalogueField]
        ) {
            guard depth < maximumDepth else { return }
            let required = (schema["required"]?.elements ?? []).compactMap(\.string)
            for (name, property) in schema["properties"]?.members ?? [] {
                let here = pointer + "/" + name
                let form = resolved(property)
                let items = form["items"].map(resolved)
                let own = marks[Self.first(here)] ?? mark
                let opening = own.map { CatalogueForm.opening(Field(pointer: here, mark: $0), type, rules) } ?? []
                fields.append(
                    CatalogueField(
                        pointer: here, english: property["description"]?.string ?? "",
                        chinese: property["x-zh"]?.string ?? "", form: CatalogueField.form(of: form, items: items),
                        isRequired: required.contains { $0.utf8.elementsEqual(name.utf8) }, mark: own,
                        openedBy: opening,
                        tagKind: (form["x-tag"] ?? items?["x-tag"])?["kind"]?.string))
                properties(of: form, at: here, own, depth: depth + 1, into: &fields)
                guard let items else { continue }
                let each = marks[Self.first(here + "/*")] ?? own
                properties(of: items, at: here + "/*", each, depth: depth + 1, into: &fields)
            }
        }

        /// Plans name the elements of an array one by one; their marks are alike.
        private static func first(_ pointer: String) -> String { pointer.replacing("*", with: "0") }

        /// What a schema refers to within its document; itself, if it refers to nothing there.
        private func resolved(_ schema: JSONValue) -> JSONValue {
            guard let reference = schema["$ref"]?.string, reference.hasPrefix("#/$defs/") else { return schema }
            return document["$defs"]?[String(reference.dropFirst("#/$defs/".count))] ?? schema
        }
    }
}

extension Power {
    /// Whether it is of a type.
    fileprivate func names(_ type: String) -> Bool {
        types.contains { $0.hasSuffix(".*") ? type.hasPrefix($0.dropLast()) : type.utf8.elementsEqual($0.utf8) }
    }
}
