/// The keywords whose values are schemas, or hold them (Core, sections 8.2.4, 10 and 11; Validation, section 8.5).
enum SchemaKeywords {
    /// The value is a schema.
    static let schemas: Set<String> = [
        "not", "if", "then", "else", "items", "contains", "additionalProperties", "propertyNames", "unevaluatedItems",
        "unevaluatedProperties", "contentSchema",
    ]
    /// The value is an array of schemas.
    static let lists: Set<String> = ["allOf", "anyOf", "oneOf", "prefixItems"]
    /// The value is an object whose members are schemas.
    static let maps: Set<String> = ["$defs", "properties", "patternProperties", "dependentSchemas"]
}
