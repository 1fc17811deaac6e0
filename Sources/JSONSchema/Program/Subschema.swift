import JSON

/// One schema of a program: the kinds of value it takes, and where its tests lie.
struct Subschema: Sendable {
    /// The schema that takes everything; it is the first of every program.
    static let everything = 0

    /// One bit for each kind of value.
    var types: UInt8 = .max
    /// Whether a number with a fraction or an exponent is taken if its value is an integer.
    var takesIntegralNumbers = false
    /// Whether this is the schema `false`.
    var isFalse = false

    /// The instructions for numbers; those for strings, objects and any value follow, each up to the next.
    var numbers: Int32 = 0
    var strings: Int32 = 0
    var objects: Int32 = 0
    var general: Int32 = 0
    var end: Int32 = 0

    /// Indices of plans, or -1.
    var object: Int32 = -1
    var array: Int32 = -1
    /// Schemas of what no other keyword has looked at, or -1.
    var unevaluatedProperties: Int32 = -1
    var unevaluatedItems: Int32 = -1
    /// The resource the schema belongs to.
    var resource: Int32 = 0

    /// The bit of a kind.
    @inline(__always)
    static func bit(_ kind: JSONTape.Kind) -> UInt8 { 1 &<< kind.rawValue }
}
