internal import JSON
internal import LMDB

extension JSONTape {
    /// The node that some steps lead to, or nil if there is none.
    func node(at path: [PathStep], from start: Int, in bytes: Span<UInt8>) -> Int? {
        var at = start
        for step in path {
            guard let next = child(of: at, step, in: bytes) else { return nil }
            at = next
        }
        return at
    }

    /// All nodes that some steps lead to.
    func nodes(at path: ArraySlice<PathStep>, from start: Int, in bytes: Span<UInt8>) -> [Int] {
        guard let step = path.first else { return [start] }
        let rest = path.dropFirst()
        guard step == .all else {
            return child(of: start, step, in: bytes).map { nodes(at: rest, from: $0, in: bytes) } ?? []
        }
        var result: [Int] = []
        for element in elements(of: start) { result += nodes(at: rest, from: element, in: bytes) }
        return result
    }

    /// The nodes of an array's elements; none for anything else.
    func elements(of array: Int) -> [Int] {
        guard nodes[array].kind == .array else { return [] }
        var result: [Int] = []
        var at = array + 1
        while at < Int(nodes[array].end) {
            result.append(at)
            at = Int(nodes[at].end)
        }
        return result
    }

    private func child(of node: Int, _ step: PathStep, in bytes: Span<UInt8>) -> Int? {
        switch (step, nodes[node].kind) {
        case (.member(let key), .object): return member(key, ofObjectAt: node, in: bytes)
        case (.member(let key), .array):
            guard let index = Int(String(decoding: key, as: UTF8.self)) else { return nil }
            return element(index, of: node)
        case (.element(let index), .array): return element(index, of: node)
        default: return nil
        }
    }

    private func element(_ index: Int, of array: Int) -> Int? {
        var at = array + 1
        var left = index
        while at < Int(nodes[array].end) {
            if left == 0 { return at }
            left -= 1
            at = Int(nodes[at].end)
        }
        return nil
    }

    /// The text that a value stands for in names and tags: of a string or an integer; nil for anything else.
    func name(at node: Int, in bytes: Span<UInt8>) -> [UInt8]? {
        switch nodes[node].kind {
        case .string: return decodedBytes(at: node, in: bytes)
        case .integer:
            let start = Int(nodes[node].offset)
            return (start..<start + Int(nodes[node].length)).map { bytes[$0] }
        default: return nil
        }
    }

    /// Appends the text that a value stands for in names and tags.
    ///
    /// - Returns: Whether it stands for one.
    func append(nameAt node: Int, in bytes: Span<UInt8>, to text: inout [UInt8]) -> Bool {
        guard !nodes[node].isEscaped, nodes[node].kind == .string || nodes[node].kind == .integer else {
            guard let name = name(at: node, in: bytes) else { return false }
            text.append(contentsOf: name)
            return true
        }
        let start = Int(nodes[node].offset)
        text.append(copying: bytes.extracting(start..<start + Int(nodes[node].length)))
        return true
    }

    /// A value as it stands in the text; a string with its quotes.
    func range(of node: Int) -> Range<Int> {
        let quote = nodes[node].kind == .string ? 1 : 0
        let start = Int(nodes[node].offset)
        return start - quote..<start + Int(nodes[node].length) + quote
    }
}
