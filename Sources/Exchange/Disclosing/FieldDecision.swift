/// What a reader may be told of a field: its value, or why not.
public enum FieldDecision: Sendable, Hashable {
    case disclose(DisclosureBasis)
    case withhold(WithholdingReason)

    /// Why it is disclosed, or nil if it is not.
    public var basis: DisclosureBasis? {
        guard case .disclose(let basis) = self else { return nil }
        return basis
    }
}

/// What a reader is told of a field it may not see. The schema alone fixes it: it is the same whether a value is there,
/// was never there, was erased or is lost.
public struct WithholdingReason: Sendable, Hashable {
    public let sharingClass: SharingClass
    public let compartment: String
    /// The code of the agency that may be asked.
    public let owner: String

    public init(_ mark: SharingMark) {
        self.init(sharingClass: mark.sharingClass, compartment: mark.compartment, owner: mark.owner)
    }

    public init(sharingClass: SharingClass, compartment: String, owner: String) {
        self.sharingClass = sharingClass
        self.compartment = compartment
        self.owner = owner
    }
}
