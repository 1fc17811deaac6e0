internal import JSON

/// The names that belong to the format and that data cannot have (RFC 9901, sections 4.1, 4.1.1 and 4.2.1).
enum ReservedName: String {
    /// The digests of an object's members.
    case digests = "_sd"
    /// The digest of an array's element.
    case placeholder = "..."
    /// The hash function, at the top of the payload.
    case algorithm = "_sd_alg"

    init?(_ name: String) {
        self.init(rawValue: name)
    }

    private static let digestsText = Array(digests.rawValue.utf8)
    private static let placeholderText = Array(placeholder.rawValue.utf8)
    private static let algorithmText = Array(algorithm.rawValue.utf8)

    /// The reserved name that a string node is, or nil.
    init?(_ node: Int, _ tape: JSONTape, _ bytes: Span<UInt8>) {
        let string = tape.nodes[node]
        guard string.length == 3 || string.length == 7 || string.isEscaped else { return nil }
        if tape.matches(Self.digestsText, node, in: bytes) {
            self = .digests
        } else if tape.matches(Self.placeholderText, node, in: bytes) {
            self = .placeholder
        } else if tape.matches(Self.algorithmText, node, in: bytes) {
            self = .algorithm
        } else {
            return nil
        }
    }

    /// The first key of a compact text that is a reserved name, or nil.
    ///
    /// - Complexity: O(*n*) in the number of nodes.
    static func firstKey(_ tape: JSONTape, _ bytes: Span<UInt8>) -> Int? {
        for index in tape.nodes.indices where isReservedKey(index, tape, bytes) { return index }
        return nil
    }

    /// Whether a key of a compact text is a reserved name that is written with escapes.
    static func isEscaped(in document: JSONDocument) -> Bool {
        let (tape, bytes) = (document.tape, document.bytes.span)
        for index in tape.nodes.indices where tape.nodes[index].isEscaped {
            if isReservedKey(index, tape, bytes) { return true }
        }
        return false
    }

    /// Whether a node of a compact text is a reserved name that has a colon after its quote.
    private static func isReservedKey(_ index: Int, _ tape: JSONTape, _ bytes: Span<UInt8>) -> Bool {
        let node = tape.nodes[index]
        guard node.kind == .string, ReservedName(index, tape, bytes) != nil else { return false }
        let after = node.range.upperBound
        return after < bytes.count && bytes[after] == UInt8(ascii: ":")
    }

    static func refusal(of name: String, at pointer: JSONPointer) -> DisclosureError {
        DisclosureError(
            .reservedName, at: pointer,
            "“\(name)” cannot be the name of data: \(digests.rawValue), \(placeholder.rawValue) and "
                + "\(algorithm.rawValue) belong to the format.")
    }
}
