/// What an event is known by, for ever: its source and its id. Told apart by their bytes.
public struct EventIdentity: Hashable, Sendable, CustomStringConvertible {
    public let source: String
    public let id: String

    public init(source: String, id: String) {
        self.source = source
        self.id = id
    }

    /// Source, a zero byte, id: as the index files it.
    var bytes: [UInt8] { Array(source.utf8) + [0] + Array(id.utf8) }

    public var description: String { "\(id) of \(source)" }

    public static func == (left: EventIdentity, right: EventIdentity) -> Bool {
        left.source.utf8.elementsEqual(right.source.utf8) && left.id.utf8.elementsEqual(right.id.utf8)
    }

    public func hash(into hasher: inout Hasher) {
        // Texts of the same bytes are equal, and hash alike.
        hasher.combine(source)
        hasher.combine(id)
    }
}
