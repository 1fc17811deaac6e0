public import JSON

/// A digest in a payload, or in what was disclosed of it.
public struct EmbeddedDigest: Hashable, Sendable {
    public let digest: DisclosureDigest
    /// Where it stands: `…/_sd/0` in an object, `…/0/...` in an array, below the places of the values it was disclosed
    /// in.
    public let pointer: JSONPointer
    /// Which of the given disclosures it is of, from 0; nil if it is withheld, or a decoy.
    public let disclosure: Int?
}
