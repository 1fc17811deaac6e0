/// What is tested in one pass over an object's members.
struct ObjectPlan: Sendable {
    /// A property named by `properties` or `required`.
    struct Property: Sendable {
        /// Its schema, or -1.
        var schema: Int32 = -1
        /// Its bit in ``ObjectPlan/required``, or 0.
        var required: UInt64 = 0
    }

    /// A pattern of `patternProperties`.
    struct Pattern: Sendable {
        let pattern: Int
        let schema: Int
    }

    /// How many required properties have bits; further ones are tested each by itself.
    static let requiredBits = 64

    /// The names of the properties, in the order of ``properties``.
    var table = KeyTable()
    /// Where the properties begin in the program's list.
    var properties = 0
    /// The bits of all required properties that have one.
    var required: UInt64 = 0
    /// The patterns, as a part of the program's list.
    var patterns = 0..<0
    /// The schema of all other properties, or -1.
    var additional = -1
    /// The schema of names, or -1.
    var names = -1
    var minimum = 0
    var maximum = Int.max
    /// Whether members have to be looked at at all.
    var hasMembers = false
}
