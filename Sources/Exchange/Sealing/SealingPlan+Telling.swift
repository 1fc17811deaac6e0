internal import JSON
internal import JSONSchema

extension SealingPlan {
    private static let ofNames = ["additionalProperties", "unevaluatedProperties", "propertyNames"]

    /// Where a violation is, for an error to tell. Within what is classified, a name that the schema does not know is part of
    /// the value: the error tells the field then, and not the name.
    func place(of violation: SchemaViolation) -> JSONPointer {
        let path = violation.instancePath
        let isOfName = Self.ofNames.contains { violation.keyword == $0 || violation.schemaPath.contains("/" + $0) }
        guard isOfName else { return path }
        let around = fields.filter { $0.mark.sharingClass > .public }.compactMap { JSONPointer($0.pointer) }
            .filter { $0.tokens.count < path.tokens.count && path.tokens.starts(with: $0.tokens) }
        return around.max { $0.tokens.count < $1.tokens.count } ?? path
    }
}
