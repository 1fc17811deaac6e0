internal import JSON

/// A payload that is being sealed, and what is asked for at its nodes; both lists are sorted by node.
struct SealWork: ~Copyable {
    let bytes: [UInt8]
    let nodes: [JSONTape.Node]
    let marks: [PayloadSealer.Mark]
    let paddings: [PayloadSealer.Padding]

    /// The index of the first mark at or after a node.
    func mark(from node: Int) -> Int { firstIndex(marks.count) { marks[$0].node >= node } }
    /// The index of the first padding at or after a node.
    func padding(from node: Int) -> Int { firstIndex(paddings.count) { paddings[$0].node >= node } }

    private func firstIndex(_ count: Int, _ isReached: (Int) -> Bool) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if isReached(middle) { high = middle } else { low = middle + 1 }
        }
        return low
    }

    /// Whether something is marked below a node, or padded there.
    func changes(_ node: Int) -> Bool {
        let end = Int(nodes[node].end)
        let (mark, padding) = (mark(from: node + 1), padding(from: node))
        return mark < marks.count && marks[mark].node < end
            || padding < paddings.count && paddings[padding].node < end
    }

    /// The mark of a node, or nil.
    func mark(of node: Int) -> Int? {
        let mark = mark(from: node)
        return mark < marks.count && marks[mark].node == node ? mark : nil
    }

    func padding(of node: Int) -> PayloadSealer.Padding? {
        let padding = padding(from: node)
        return padding < paddings.count && paddings[padding].node == node ? paddings[padding] : nil
    }

    /// A fault at a node.
    func error(_ code: DisclosureError.Code, at node: Int, _ reason: String) -> DisclosureError {
        DisclosureError(code, at: pointer(to: node), reason)
    }

    /// The way to a node in the payload before it is sealed; empty for one that is not there.
    func pointer(to node: Int) -> JSONPointer {
        guard nodes.indices.contains(node), let document = try? JSONDocument(parsing: bytes) else {
            return JSONPointer(tokens: [])
        }
        return JSONPointer(tokens: document.path(from: 0, to: node))
    }
}
