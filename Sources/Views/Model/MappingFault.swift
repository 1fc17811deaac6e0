/// Why a map step could make nothing of an entry. The entry is parked with this reason.
public struct MappingFault: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong with the entry, for a person. No value of a field may stand in it: it is kept, and shown to operators.
    public let reason: String

    public init(_ reason: String) {
        self.reason = reason
    }

    public var description: String { reason }
}
