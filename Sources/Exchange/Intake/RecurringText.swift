internal import JSON

/// A text that most events of a run have in common, such as their type: it is made once and kept until another comes.
struct RecurringText {
    private var text = ""

    /// The text of a string node; nil for any other.
    ///
    /// - Complexity: O(*n*) in its bytes; nothing is allocated if it is the one kept.
    mutating func text(_ node: Int?, _ tape: JSONTape, _ bytes: Span<UInt8>) -> String? {
        guard let node, tape.nodes[node].kind == .string else { return nil }
        if !tape.reads(as: text.utf8Span.span, node, in: bytes) {
            text = tape.decodedString(at: node, in: bytes)
        }
        return text
    }
}
