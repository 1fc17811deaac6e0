/// The parsed form of a JSON text: one flat array of nodes in document order, referring to the text by offsets.
///
/// A container's node is followed by the nodes of what is in it; an object's members are a key (a string node) and a
/// value in turn. ``Node/end`` leads past a whole value in one step. The tape holds no text, so whoever reads it needs
/// the bytes it was parsed from.
public struct JSONTape: Sendable {
    /// What a node is.
    public enum Kind: UInt8, Sendable {
        case null, `false`, `true`, integer, number, string, array, object
    }

    /// One value, or one key, of the text.
    public struct Node: Sendable {
        /// The offset of the value's first byte; for a string, of its first byte after the quote.
        public let offset: UInt32
        /// The length of the value in bytes; for a string, without its quotes.
        public internal(set) var length: UInt32
        /// The index of the node after this value and all that is in it.
        public internal(set) var end: UInt32
        public let kind: Kind
        /// Whether a string holds escapes, so that its text is not its bytes.
        public let isEscaped: Bool
    }

    /// The nodes; the first is the whole value.
    public internal(set) var nodes: [Node] = []

    /// How many bytes of white space stand between the tokens. If 0, the text is compact.
    public internal(set) var whitespaceBytes = 0

    /// How deep objects and arrays stand in one another, at the most.
    package internal(set) var depth = 0

    public init() {}

    /// A tape of the same nodes that takes as much room as they need.
    var compacted: JSONTape {
        var tape = JSONTape()
        tape.nodes.reserveCapacity(nodes.count)
        tape.nodes.append(contentsOf: nodes)
        tape.whitespaceBytes = whitespaceBytes
        tape.depth = depth
        return tape
    }

    /// The tape of one value, as if its text had been parsed by itself.
    ///
    /// - Parameter index: Where the value's node is; the text must be compact. Its depth is taken to be that of the whole.
    /// - Complexity: O(*n*) in its nodes.
    func extracted(_ index: Int) -> JSONTape {
        let (first, end) = (nodes[index], Int(nodes[index].end))
        let start = first.offset - (first.kind == .string ? 1 : 0)
        var tape = JSONTape()
        let source = nodes.span
        tape.nodes.append(addingCapacity: end - index) { output in
            for at in index..<end {
                let node = source[at]
                output.append(
                    Node(
                        offset: node.offset - start, length: node.length, end: node.end - UInt32(index),
                        kind: node.kind,
                        isEscaped: node.isEscaped))
            }
        }
        tape.depth = depth
        return tape
    }

    /// Finds the value of an object's member by its key, given as UTF-8.
    ///
    /// - Returns: The index of the value's node, or nil.
    /// - Complexity: O(*m*) in the number of members of that object.
    package func member(_ key: [UInt8], ofObjectAt object: Int, in bytes: Span<UInt8>) -> Int? {
        member(key.span, ofObjectAt: object, in: bytes)
    }

    /// As the other, with the key in place.
    package func member(_ key: Span<UInt8>, ofObjectAt object: Int, in bytes: Span<UInt8>) -> Int? {
        let nodes = nodes.span
        var at = object + 1
        let end = Int(nodes[object].end)
        while at < end {
            let node = nodes[at]
            if node.isEscaped {
                let name = decodedBytes(at: at, in: bytes)
                if name.count == key.count, key.indices.allSatisfy({ name[$0] == key[$0] }) { return at + 1 }
            } else if reads(as: key, at, in: bytes) {
                return at + 1
            }
            at = Int(nodes[at + 1].end)
        }
        return nil
    }

    /// Whether the string node at an index reads as a given text.
    package func matches(_ text: [UInt8], _ index: Int, in bytes: Span<UInt8>) -> Bool {
        let node = nodes[index]
        guard !node.isEscaped else { return decodedBytes(at: index, in: bytes) == text }
        guard Int(node.length) == text.count else { return false }
        for step in text.indices where text[step] != bytes[Int(node.offset) + step] { return false }
        return true
    }

    /// Whether the string node at an index reads as a given text; one with escapes does not.
    package func reads(as text: Span<UInt8>, _ index: Int, in bytes: Span<UInt8>) -> Bool {
        let node = nodes[index]
        guard !node.isEscaped, Int(node.length) == text.count else { return false }
        let start = Int(node.offset)
        for step in text.indices where text[step] != bytes[start + step] { return false }
        return true
    }

    /// The text of a string node, its escapes resolved.
    package func decodedString(at index: Int, in bytes: Span<UInt8>) -> String {
        let node = nodes[index]
        guard !node.isEscaped else { return String(decoding: node.decodedBytes(in: bytes), as: UTF8.self) }
        let start = Int(node.offset)
        return JSONEscape.string(bytes.extracting(start..<start + Int(node.length)))
    }

    /// The UTF-8 of a string node, its escapes resolved.
    package func decodedBytes(at index: Int, in bytes: Span<UInt8>) -> [UInt8] {
        nodes[index].decodedBytes(in: bytes)
    }
}

extension JSONTape.Node {
    /// The text of a string node, its escapes resolved.
    func decodedBytes(in bytes: Span<UInt8>) -> [UInt8] {
        let start = Int(offset)
        return JSONEscape.decoded(bytes, from: start, to: start + Int(length), isEscaped: isEscaped)
    }
}
