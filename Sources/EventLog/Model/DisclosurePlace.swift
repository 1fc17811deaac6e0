/// Where a sealed disclosure lies: beside the entry at a position, by its ordinal among those of the entry.
public struct DisclosurePlace: Hashable, Sendable {
    public let position: Position
    public let ordinal: Int

    public init(position: Position, ordinal: Int) {
        self.position = position
        self.ordinal = ordinal
    }
}
