/// Which fields of which events a sharing rule or a grant speaks of. An empty list leaves its aspect open.
public struct FieldSelector: Sendable, Hashable {
    /// Event types.
    public var types: [String]
    /// Codes of the agencies that own the fields.
    public var owners: [String]
    public var compartments: [String]
    public var classes: [SharingClass]
    /// Where the fields stand in the data, as JSON Pointers: themselves and what is in them.
    public var pointers: [String]

    public init(
        types: [String] = [], owners: [String] = [], compartments: [String] = [], classes: [SharingClass] = [],
        pointers: [String] = []
    ) {
        self.types = types
        self.owners = owners
        self.compartments = compartments
        self.classes = classes
        self.pointers = pointers
    }

    /// Whether it speaks of a field of an event of some type.
    public func matches(_ field: Field, ofType type: String) -> Bool {
        (types.isEmpty || types.contains(type)) && (owners.isEmpty || owners.contains(field.mark.owner))
            && (compartments.isEmpty || compartments.contains(field.mark.compartment))
            && (classes.isEmpty || classes.contains(field.mark.sharingClass))
            && (pointers.isEmpty || pointers.contains { Self.covers($0, field.pointer) })
    }

    /// Whether a pointer leads to another's place or above it. By bytes: two ways to write a letter make two names.
    static func covers(_ pointer: String, _ other: String) -> Bool {
        other.utf8.starts(with: pointer.utf8)
            && (other.utf8.count == pointer.utf8.count
                || other.utf8.dropFirst(pointer.utf8.count).first == UInt8(ascii: "/"))
    }
}
