public import JSON

/// What brings the data of an event from one version of its schema up to the next: steps, each a pure function of the data.
///
/// Steps name the members that they touch, so that a reader from whom some are withheld is told that a step could not be
/// done, and is not given what would be wrong. Their pointers lead through objects, by member names.
public struct Upcaster: Sendable {
    /// A change of the data.
    public enum Step: Sendable {
        /// Moves a member, if it is there, to another place: a renaming, or in and out of an object.
        case move(JSONPointer, to: JSONPointer)
        /// Leaves a member out.
        case remove(JSONPointer)
        /// Puts a value where a member is missing.
        case supply(JSONPointer, [UInt8])
        /// Computes a member, and replaces it if it is there.
        ///
        /// The function gets the text of each value, nil for what is missing, and returns the text of the member, or nil if
        /// it cannot. It must depend on nothing else.
        case compute(JSONPointer, from: [JSONPointer], @Sendable ([[UInt8]?]) -> [UInt8]?)
    }

    /// The name by which the charter refers to it.
    public let name: String
    let steps: [Step]

    /// - Parameter steps: Done in this order.
    public init(_ name: String, _ steps: [Step] = []) {
        self.name = name
        self.steps = steps
    }
}

/// The upcasters that a program knows, by their names.
public struct Upcasters: Sendable {
    private let known: [String: Upcaster]

    /// - Parameter upcasters: Of several with one name, the last counts. `same`, which changes nothing, is always known.
    public init(_ upcasters: [Upcaster] = []) {
        known = Dictionary((Self.always + upcasters).map { ($0.name, $0) }, uniquingKeysWith: { $1 })
    }

    private static let always = [Upcaster("same")]

    /// Those that come with the software.
    public static let standard = Upcasters()

    public subscript(name: String) -> Upcaster? { known[name] }
}
