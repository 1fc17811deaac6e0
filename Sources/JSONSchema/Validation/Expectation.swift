/// What was expected of a value, in terms of the program.
enum Expectation {
    case instruction(Instruction)
    case types(UInt8, takesIntegralNumbers: Bool)
    case nothing
    /// A required property, by its key.
    case property(Int)
    case minProperties(Int)
    case maxProperties(Int)
    case minItems(Int)
    case maxItems(Int)
    case contains
    case minContains(Int)
    case maxContains(Int)
    case uniqueItems

    /// The keyword it comes from; `false` for the schema that takes nothing.
    var keyword: String {
        switch self {
        case .instruction(let instruction): instruction.keyword
        case .types: "type"
        case .nothing: "false"
        case .property: "required"
        case .minProperties: "minProperties"
        case .maxProperties: "maxProperties"
        case .minItems: "minItems"
        case .maxItems: "maxItems"
        case .contains: "contains"
        case .minContains: "minContains"
        case .maxContains: "maxContains"
        case .uniqueItems: "uniqueItems"
        }
    }
}
