import JSON

/// A compiled schema: flat tables that refer to one another by index.
struct Program: Sendable {
    /// The schema that a value is validated against.
    var root = 0
    var subschemas: [Subschema] = []
    var instructions: [Instruction] = []
    var objects: [ObjectPlan] = []
    var arrays: [ArrayPlan] = []
    var properties: [ObjectPlan.Property] = []
    var patternProperties: [ObjectPlan.Pattern] = []
    /// The schemas of `allOf`, `anyOf`, `oneOf` and `prefixItems`, one list after another.
    var lists: [Int] = []
    var keys = KeyStore()
    var patterns: [RegularExpression] = []

    /// The values of `const` and `enum`, all in one array, and the node of each.
    var constants = JSONTape()
    var constantBytes: [UInt8] = []
    var constantNodes: [Int] = []

    /// For each name that is referred to dynamically, its schema in each resource that has one.
    var dynamicAnchors: [[DynamicAnchor]] = []

    /// Where each schema stands.
    var places: [SchemaPlace] = []

    /// The anchor of one resource.
    struct DynamicAnchor: Sendable {
        let resource: Int32
        let schema: Int
    }

    /// A reference to a program, so that a validation can keep it without counting references to all its tables.
    final class Reference: Sendable {
        let program: Program

        init(_ program: Program) {
            self.program = program
        }
    }

    /// Whether it matters through which resources a schema was reached.
    var isDynamic: Bool { !dynamicAnchors.isEmpty }
}
