/// By whom the charter is amended: so many of these agencies. In event 0 they are the founders, all of whom sign it.
public struct AmendmentRule: Sendable, Hashable {
    /// How many of the agencies must sign.
    public let threshold: Int
    /// Codes of the agencies whose signatures count, in the order of the charter.
    public let agencies: [String]
}
