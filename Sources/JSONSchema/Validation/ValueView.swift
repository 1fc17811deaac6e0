import JSON

/// A parsed text to look at: its nodes and its bytes.
struct ValueView: ~Escapable {
    let nodes: Span<JSONTape.Node>
    let bytes: Span<UInt8>
    let tape: JSONTape

    @_lifetime(copy nodes, copy bytes)
    init(nodes: Span<JSONTape.Node>, bytes: Span<UInt8>, tape: JSONTape) {
        self.nodes = nodes
        self.bytes = bytes
        self.tape = tape
    }

    /// The text of a number, or of a string without escapes.
    @_lifetime(copy self)
    func text(_ at: Int) -> Span<UInt8> {
        let start = Int(nodes[at].offset)
        return bytes.extracting(start..<start + Int(nodes[at].length))
    }

    func decoded(_ at: Int) -> [UInt8] { tape.decodedBytes(at: at, in: bytes) }

    func end(_ at: Int) -> Int { Int(nodes[at].end) }

    /// The nodes of an object's keys, ordered by the bytes they stand for.
    func sortedKeys(ofObjectAt at: Int) -> [(key: [UInt8], node: Int)] {
        var keys: [(key: [UInt8], node: Int)] = []
        var cursor = at + 1
        while cursor < end(at) {
            keys.append((decoded(cursor), cursor))
            cursor = end(cursor + 1)
        }
        return keys.sorted { $0.key.lexicographicallyPrecedes($1.key) }
    }
}
