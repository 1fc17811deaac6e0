/// Whose key: an agency as the owner of data, or what data names as their subject (an enterprise, a person).
///
/// Names are told apart by their bytes: two ways to write a letter make two subjects.
public struct KeySubject: Hashable, Sendable {
    public enum Kind: UInt8, Sendable, Hashable {
        case agency = 1
        case named = 2
    }

    public let kind: Kind
    /// The agency's code, or the name as it stands in the data.
    public let name: String

    private init(_ kind: Kind, _ name: String) {
        self.kind = kind
        self.name = name
    }

    /// The agency that owns data of which nothing else is the subject.
    public static func agency(_ code: String) -> KeySubject { KeySubject(.agency, code) }
    /// What the data name, by that name.
    public static func named(_ name: String) -> KeySubject { KeySubject(.named, name) }

    public static func == (left: KeySubject, right: KeySubject) -> Bool {
        left.kind == right.kind && left.name.utf8.elementsEqual(right.name.utf8)
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(kind)
        // Names of equal bytes are equal strings, so they hash alike.
        hasher.combine(name)
    }
}

/// Which key: there is one for each subject and compartment.
public struct KeyReference: Hashable, Sendable {
    public let subject: KeySubject
    public let compartment: String

    public init(_ subject: KeySubject, compartment: String) {
        self.subject = subject
        self.compartment = compartment
    }
}
