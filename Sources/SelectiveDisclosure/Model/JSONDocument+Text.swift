internal import JSON

extension JSONDocument {
    /// Parses a text and drops the white space between its tokens.
    init(compacting bytes: [UInt8], limits: JSONParser.Limits) throws(JSONError) {
        let document = try JSONDocument(parsing: bytes, limits: limits)
        guard document.tape.whitespaceBytes > 0 else {
            self = document
            return
        }
        var compact: [UInt8] = []
        compact.reserveCapacity(bytes.count - document.tape.whitespaceBytes)
        JSONCompaction.append(bytes, document.tape, to: &compact)
        try self.init(parsing: compact, limits: limits)
    }

    /// The way from one node down to another: keys and indices, as in a pointer. For a key, the way to its value.
    ///
    /// - Complexity: O(*m*) in the members and elements passed by.
    func path(from root: Int, to target: Int) -> [String] {
        var path: [String] = []
        var at = root
        while at < target {
            let isObject = tape.nodes[at].kind == .object
            var child = at + 1
            var index = 0
            while child < Int(tape.nodes[at].end) {
                let value = isObject ? child + 1 : child
                let end = Int(tape.nodes[value].end)
                guard target >= end else {
                    path.append(isObject ? tape.decodedString(at: child, in: bytes.span) : String(index))
                    child = value
                    break
                }
                child = end
                index += 1
            }
            at = child
        }
        return path
    }
}

extension JSONTape.Node {
    /// Where the value stands in the text; a string with its quotes.
    var range: Range<Int> {
        let quote = kind == .string ? 1 : 0
        return Int(offset) - quote..<Int(offset) + Int(length) + quote
    }
}
