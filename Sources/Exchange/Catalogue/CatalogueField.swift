internal import JSON

/// What the catalogue says of one property of an event's data.
struct CatalogueField: Sendable {
    /// Where it stands; `*` for each element of an array.
    let pointer: String
    let english: String
    let chinese: String
    /// What values it has, in a few words.
    let form: String
    let isRequired: Bool
    /// Its mark, or that of what it stands in; nil if nothing marks it.
    let mark: SharingMark?
    /// The rules that open it, if it is classified.
    let openedBy: [SharingRule]
    let tagKind: String?

    /// What values a schema takes, in a few words.
    ///
    /// - Parameter items: Of an array, the schema of its elements.
    static func form(of schema: JSONValue, items: JSONValue?) -> String {
        if let items { return form(of: items, items: nil) + " […]" }
        if let choices = schema["enum"]?.elements {
            return choices.map { $0.string ?? String(decoding: $0.text, as: UTF8.self) }.joined(separator: " · ")
        }
        if let format = schema["format"]?.string { return format }
        if let pattern = schema["pattern"]?.string, pattern == "^[0-9a-f]{64}$" { return "sha-256" }
        let types = schema["type"]?.string.map { [$0] } ?? schema["type"]?.elements.compactMap(\.string) ?? []
        let name = types.isEmpty ? "any" : types.joined(separator: " or ")
        return schema["maxLength"]?.integer.map { "\(name) ≤ \($0)" } ?? name
    }
}
