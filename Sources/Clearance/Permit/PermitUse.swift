internal import JSON
internal import Views

/// What a declaration has to do with a permit, for one item or as a whole.
public struct PermitUse: Sendable, Hashable {
    public enum State: String, Sendable, Hashable {
        /// Named by the declaration, and not verified yet.
        case declared
        /// As its issuer has it, and to be written off.
        case matched
        /// Not as its issuer has it.
        case mismatched
        /// As its issuer has it, and not to be written off.
        case exempt
        case writtenOff
    }

    /// Its number.
    public let permit: String
    /// The item of the declaration; nil if none is named.
    public let item: Int64?
    public let state: State
    /// What was written off: the first counts.
    public let quantity: Int64?

    /// Whether nothing is to be done any more.
    public var isSettled: Bool { state == .writtenOff || state == .exempt }

    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("permit", permit)
            if let item { writer.member("item", item) }
            writer.member("state", state.rawValue)
            if let quantity { writer.member("quantity", quantity) }
        }
    }
}
