/// One test of a value. What it needs beside itself lies in the tables of the ``Program``, by index.
enum Instruction: Sendable {
    // Of numbers.
    case minimum(Double)
    case maximum(Double)
    case exclusiveMinimum(Double)
    case exclusiveMaximum(Double)
    case multipleOf(DecimalDivisor)
    // Of strings.
    case minLength(Int)
    case maxLength(Int)
    case pattern(Int)
    case format(Format)
    // Of objects, beside the ``ObjectPlan``.
    case required(key: Int)
    case dependentRequired(trigger: Int, key: Int)
    case dependentSchema(trigger: Int, schema: Int)
    // Of any value.
    case constant(Int)
    case enumeration(first: Int, count: Int)
    /// An enumeration of strings only.
    case strings(KeyTable)
    case reference(Int)
    case dynamicReference(anchor: Int, fallback: Int)
    case allOf(first: Int, count: Int)
    case anyOf(first: Int, count: Int)
    case oneOf(first: Int, count: Int)
    case not(Int)
    /// `if`, `then` and `else`; -1 where one of the latter is absent.
    case condition(test: Int, then: Int, otherwise: Int)

    /// The keyword the test comes from.
    var keyword: String {
        switch self {
        case .minimum: "minimum"
        case .maximum: "maximum"
        case .exclusiveMinimum: "exclusiveMinimum"
        case .exclusiveMaximum: "exclusiveMaximum"
        case .multipleOf: "multipleOf"
        case .minLength: "minLength"
        case .maxLength: "maxLength"
        case .pattern: "pattern"
        case .format: "format"
        case .required: "required"
        case .dependentRequired: "dependentRequired"
        case .dependentSchema: "dependentSchemas"
        case .constant: "const"
        case .enumeration, .strings: "enum"
        case .reference: "$ref"
        case .dynamicReference: "$dynamicRef"
        case .allOf: "allOf"
        case .anyOf: "anyOf"
        case .oneOf: "oneOf"
        case .not: "not"
        case .condition: "if"
        }
    }
}
