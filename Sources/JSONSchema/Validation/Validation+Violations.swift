import JSON

/// Noting violations.
extension Validation {
    /// Notes that a value is not what a schema expects, if violations are collected and there is room.
    mutating func note(_ expectation: Expectation, _ index: Int, _ at: Int) {
        guard collects else { return }
        let place = program.places[index]
        let keyword = expectation.keyword
        violations.append(
            SchemaViolation(
                instancePath: path(to: at), keyword: keyword,
                schemaPath: keyword == "false"
                    ? place.location : place.location + JSONPointer(tokens: [keyword]).description,
                expected: expectation.text(program, place)))
        // The list is full: what is left to do is only to come to an end.
        if violations.count >= limits.maximumViolations { collects = false }
    }

    /// The path from the root to a node; to a member, also for the node of its key.
    private func path(to target: Int) -> JSONPointer {
        var tokens: [String] = []
        var at = 0
        while at != target {
            let isObject = nodes[at].kind == .object
            let end = Int(nodes[at].end)
            var cursor = at + 1
            var ordinal = 0
            while cursor < end {
                let value = isObject ? cursor + 1 : cursor
                let next = Int(nodes[value].end)
                if target < next {
                    tokens.append(isObject ? tape.decodedString(at: cursor, in: bytes) : String(ordinal))
                    if target == cursor { return JSONPointer(tokens: tokens) }
                    at = value
                    break
                }
                cursor = next
                ordinal += 1
            }
            guard cursor < end else { break }
        }
        return JSONPointer(tokens: tokens)
    }
}
