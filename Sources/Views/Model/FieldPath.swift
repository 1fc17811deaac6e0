public import JSON

/// The way to a field in an event's data, prepared for many entries: make it once, beside the view.
public struct FieldPath: Sendable, Hashable {
    /// As a JSON Pointer (RFC 6901).
    public let pointer: String
    /// The names and indices on the way, as UTF-8.
    let tokens: [[UInt8]]
    private let parsed: JSONPointer?

    /// - Parameter pointer: A JSON Pointer into the data: `/importer/name`. What is none leads nowhere.
    public init(_ pointer: String) {
        self.pointer = pointer
        parsed = JSONPointer(pointer)
        tokens = (parsed?.tokens ?? [pointer]).map { Array($0.utf8) }
    }

    /// What stands there in some data.
    public func value(in data: JSONValue) -> JSONValue? {
        parsed.flatMap { data.value(at: $0) }
    }

    /// Whether one of two paths leads to the place of the other or above it.
    func meets(_ other: FieldPath) -> Bool {
        for (mine, others) in zip(tokens, other.tokens) where mine != others { return false }
        return true
    }
}
